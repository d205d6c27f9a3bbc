const WINDOW_MS = 60_000;

/** Notion's rate limit: so many calls of one token in each minute. */
export class Quota {
  readonly #perMinute: number | undefined;
  readonly #windows = new Map<string, { since: number; used: number }>();
  /** Calls that were one too many, of whomever. */
  refused = 0;

  constructor(perMinute: number | undefined) {
    this.#perMinute = perMinute;
  }

  /** Counts one call; the seconds to wait when it is one too many, else undefined. */
  take(who: string, now: number): number | undefined {
    if (this.#perMinute === undefined) return undefined;
    const open = this.#windows.get(who);
    const window = open && now - open.since < WINDOW_MS ? open : { since: now, used: 0 };
    this.#windows.set(who, window);
    window.used += 1;
    if (window.used <= this.#perMinute) return undefined;
    this.refused += 1;
    return Math.ceil((window.since + WINDOW_MS - now) / 1_000);
  }
}
