import { z } from 'zod';
import type { DatabaseName } from '../flows/notion-sources.ts';
import type { Glance } from './clock.ts';
import { Blocked } from './examine.ts';

/** What the health-check's first task tells of the server. */
export const Told = z.object({
  server_testing_mode: z.coerce.string(),
  webhook_keys: z.record(z.enum(['signup', 'assessment', 'noshow', 'postcall', 'onboarding']), z.string()),
});

/** What the health-check found. */
export const Judged = z.object({
  faults: z.array(z.string()),
  losses: z.array(z.string()),
  notes: z.array(z.string()),
  sender: z.string().default(''),
});

/** One execution of the health-check flow. */
export interface HealthCheck {
  executionId: string;
  told: z.infer<typeof Told>;
  judged: z.infer<typeof Judged>;
}

export type Service = 'Notion' | 'Resend';

interface Found {
  version: string;
  /** Ids of the flows that are deployed. */
  deployed: ReadonlySet<string>;
  /** Names of Notion properties that the deployment has otherwise. */
  overrides: unknown;
  /** The health-check's, as soon as it is begun. */
  executionId: string;
  healthCheck: HealthCheck;
  /** The data sources behind the databases of the environment. */
  sources: Record<DatabaseName, string>;
}

/** What checks find for those after them. */
export class Facts {
  readonly glances: Glance[] = [];
  /** Services that do not answer, or not now: what fails because of them is no second fault. */
  readonly down = new Set<Service>();
  readonly #found: Partial<Found> = {};

  set<K extends keyof Found>(name: K, value: Found[K]): void {
    this.#found[name] = value;
  }

  find<K extends keyof Found>(name: K): Found[K] | undefined {
    return this.#found[name];
  }

  /** Throws Blocked when the check that finds it did not. */
  need<K extends keyof Found>(name: K, by: string): Found[K] {
    const value: Found[K] | undefined = this.#found[name];
    if (value === undefined) throw new Blocked(by);
    return value;
  }
}
