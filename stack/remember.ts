/** Adds to a list that must not grow for ever on a stack that runs for days: the oldest tenth goes when it is full. */
export function remember<T>(list: T[], item: T, most: number): void {
  list.push(item);
  if (list.length > most) list.splice(0, Math.ceil(most / 10));
}

/** Of calls that no honest caller makes, so few are enough to say which. */
export const MOST_UNTAUGHT = 1_000;
