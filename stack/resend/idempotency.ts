import { isDeepStrictEqual } from 'node:util';
import type { Clock } from './clock.ts';
import { Refusal } from './refusal.ts';

const REMEMBERED_MS = 24 * 3_600_000;

interface Entry {
  payload: unknown;
  addresses: ReadonlySet<string>;
  at: number;
  /** Absent while the original request is in progress. */
  answer?: unknown;
}

/** The keys of the last 24 hours, one space for all API keys of the team. Only what succeeded is remembered. */
export class IdempotencyKeys {
  readonly #clock: Clock;
  readonly #entries = new Map<string, Entry>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The first answer when this very request succeeded before; otherwise the key is taken until `finish` or `abandon`. */
  begin(
    key: string,
    request: { payload: unknown; addresses: ReadonlySet<string> },
  ): { answer: unknown } | null {
    if (key.length < 1 || key.length > 256) {
      throw new Refusal(400, 'invalid_idempotency_key', 'The key must be between 1-256 chars.');
    }
    const earlier = this.#entries.get(key);
    if (!earlier || this.#clock.now() - earlier.at >= REMEMBERED_MS) {
      this.#entries.set(key, { ...request, at: this.#clock.now() });
      return null;
    }
    if (!isDeepStrictEqual(earlier.payload, request.payload)) {
      throw new Refusal(
        409,
        'invalid_idempotent_request',
        'Same idempotency key used with a different request payload.',
      );
    }
    if (!('answer' in earlier)) {
      throw new Refusal(
        409,
        'concurrent_idempotent_requests',
        'Same idempotency key used while original request is still in progress.',
      );
    }
    return { answer: earlier.answer };
  }

  finish(key: string, answer: unknown): void {
    const entry = this.#entries.get(key);
    if (entry) entry.answer = answer;
  }

  abandon(key: string): void {
    this.#entries.delete(key);
  }

  /** What 24 hours would do, for the keys of one lead. */
  forget(lead: string): number {
    const keys = [...this.#entries]
      .filter(([, entry]) => entry.addresses.has(lead.toLowerCase()))
      .map(([key]) => key);
    for (const key of keys) this.#entries.delete(key);
    return keys.length;
  }

  get size(): number {
    return this.#entries.size;
  }

  reset(): void {
    this.#entries.clear();
  }
}
