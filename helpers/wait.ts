import { setTimeout as sleep } from 'node:timers/promises';
import { noteWait } from './progress.ts';

export interface Observed<T> {
  value: T;
  elapsedMs: number;
  /** False when the deadline passed first; `value` is then the last one seen. */
  done: boolean;
}

/** From quick to calm: most facts come within a second, and every question costs the engine that all tests share. */
const INTERVALS_MS = [100, 150, 250, 500, 800] as const;
const CALM_MS = 1_200;

/**
 * Reads until `done`, or until `withinMs` is over, and hands back the last value either way: the caller says what it
 * saw. The only loop in this repository with a sleep in it. An error while reading ends it at once.
 */
export async function poll<T>(
  read: () => Promise<T>,
  done: (value: T) => boolean,
  withinMs: number,
  /** What is waited for, for a person who waits too. */
  tell?: (value: T) => string,
  /** Between two questions, once it has become calm. */
  calmMs: number = CALM_MS,
): Promise<Observed<T>> {
  const started = performance.now();
  for (let probe = 0; ; probe += 1) {
    const value = await read();
    const elapsedMs = Math.round(performance.now() - started);
    if (done(value)) return { value, elapsedMs, done: true };
    if (elapsedMs >= withinMs) return { value, elapsedMs, done: false };
    if (tell) noteWait(tell(value), { elapsedMs, withinMs });
    await sleep(Math.min(INTERVALS_MS[probe] ?? calmMs, withinMs - elapsedMs));
  }
}

/** Exactly `count`: waits for at least so many, then for one too many as long as `quietFor`; hands back what there was last. */
export async function settle<T>(
  read: () => Promise<readonly T[]>,
  count: number,
  { within, quietFor }: { within: number; quietFor: number },
  what = 'of what comes',
): Promise<Observed<readonly T[]>> {
  const first = await poll(
    read,
    (items) => items.length >= count,
    within,
    (items) => `${items.length} of ${count} ${what}`,
  );
  if (first.value.length !== count) return { ...first, done: false };
  const last = await poll(read, (items) => items.length !== count, quietFor);
  return { value: last.value, elapsedMs: first.elapsedMs + last.elapsedMs, done: !last.done };
}
