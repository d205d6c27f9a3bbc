import { z } from 'zod';
import { begunAt } from '../mark.ts';
import type { KestraClient } from './kestra-client.ts';

const PREFIX = 'live-run.';
/** A run says so often that it is there. */
const BEAT_MS = 10_000;
/** Eight beats missed, and a slow one: nobody is there any more. */
const DEAD_AFTER_MS = 90_000;

const Beat = z.object({ at: z.iso.datetime() });

type Store = ReturnType<KestraClient['kv']>;

/** Which runs are under way on a Kestra: each says so in the key-value store of its own namespace, as long as it lives. */
export class LiveRuns {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Says from now on that `mark`'s run is under way. The function returned ends it. */
  async begin(mark: string): Promise<() => Promise<void>> {
    const beat = () => this.#store.set(`${PREFIX}${mark}`, { at: new Date().toISOString() });
    await beat();
    // A beat that fails is made up for by the next one.
    const timer = setInterval(() => void beat().catch(() => undefined), BEAT_MS);
    timer.unref();
    return async () => {
      clearInterval(timer);
      await this.#store.delete(`${PREFIX}${mark}`);
    };
  }

  /** The marks of runs that are under way now; what dead runs left in the store is in `dead`. */
  async read(): Promise<{ alive: Set<string>; dead: Set<string> }> {
    const keys = (await this.#store.keys()).filter((key) => key.startsWith(PREFIX));
    const alive = new Set<string>();
    const dead = new Set<string>();
    for (const key of keys) {
      const beat = Beat.safeParse(await this.#store.get(key));
      const fresh = beat.success && Date.now() - Date.parse(beat.data.at) < DEAD_AFTER_MS;
      (fresh ? alive : dead).add(key.slice(PREFIX.length));
    }
    return { alive, dead };
  }

  /** Forgets a run that ended without saying so. */
  async forget(mark: string): Promise<void> {
    begunAt(mark); // no key but a run's is ever deleted
    await this.#store.delete(`${PREFIX}${mark}`);
  }
}
