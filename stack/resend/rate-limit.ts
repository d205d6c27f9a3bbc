import type { Clock } from './clock.ts';

/** Resend's documented default for a whole team; stated in the headers even while nothing is enforced. */
const DOCUMENTED_PER_SECOND = 5;

/** Counts the calls of all keys together in windows of one second. */
export class RateLimit {
  readonly #clock: Clock;
  readonly #enforced: boolean;
  readonly #perSecond: number;
  #window = 0;
  #used = 0;
  /** Calls that were one too many, of whomever. */
  refused = 0;

  constructor(clock: Clock, perSecond: number) {
    this.#clock = clock;
    this.#enforced = perSecond > 0;
    this.#perSecond = perSecond > 0 ? perSecond : DOCUMENTED_PER_SECOND;
  }

  /** Counts one call; false when it is one too many. */
  take(): boolean {
    this.#open();
    this.#used += 1;
    if (!this.#enforced || this.#used <= this.#perSecond) return true;
    this.refused += 1;
    return false;
  }

  get headers(): Record<string, string> {
    this.#open();
    return {
      'ratelimit-limit': String(this.#perSecond),
      'ratelimit-remaining': String(Math.max(0, this.#perSecond - this.#used)),
      'ratelimit-reset': '1',
      'ratelimit-policy': `${this.#perSecond};w=1`,
    };
  }

  #open(): void {
    const window = Math.floor(this.#clock.now() / 1000);
    if (window === this.#window) return;
    this.#window = window;
    this.#used = 0;
  }
}
