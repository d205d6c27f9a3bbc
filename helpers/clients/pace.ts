import { setTimeout as sleep } from 'node:timers/promises';

/** Lets through so many calls at once, and then one every `everyMs`. */
export class Pace {
  readonly #everyMs: number;
  readonly #burst: number;
  readonly #now: () => number;
  /** The moment at which the next call would have its turn if all that went before had been spread evenly. */
  #next = 0;

  constructor({ everyMs, burst, now = Date.now }: { everyMs: number; burst: number; now?: () => number }) {
    this.#everyMs = everyMs;
    this.#burst = burst;
    this.#now = now;
  }

  /** How long the call that asks now has to wait, in milliseconds; counts it as made. */
  take(): number {
    const now = this.#now();
    this.#next = Math.max(this.#next, now - this.#burst * this.#everyMs) + this.#everyMs;
    return Math.max(0, this.#next - now);
  }

  /** Resolves when it is the caller's turn. */
  async turn(): Promise<void> {
    const waitMs = this.take();
    if (waitMs > 0) await sleep(waitMs);
  }
}
