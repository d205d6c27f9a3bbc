import { randomUUID } from 'node:crypto';
import { CallLog } from './call-log.ts';
import { Clock, resendTime } from './clock.ts';
import { Faults } from './faults.ts';
import { IdempotencyKeys } from './idempotency.ts';
import { Outbox, type KeyName } from './outbox.ts';
import { RateLimit } from './rate-limit.ts';

export interface ApiKey {
  key: string;
  name: KeyName;
  permission: 'full_access' | 'sending_access';
}

/** A domain that mails may come from, as Resend lists it. */
export interface Domain {
  id: string;
  name: string;
  status: 'not_started' | 'pending' | 'verified' | 'failed';
  created_at: string;
  region: string;
  capabilities: { sending: 'enabled' | 'disabled'; receiving: 'enabled' | 'disabled' };
}

/** All that one running stand-in knows. */
export class State {
  readonly testMailbox: string;
  readonly keys: ReadonlyMap<string, ApiKey>;
  readonly domains: readonly Domain[];
  readonly clock = new Clock();
  readonly outbox: Outbox;
  readonly idempotency = new IdempotencyKeys(this.clock);
  readonly faults = new Faults();
  readonly log: CallLog;
  readonly rateLimit: RateLimit;
  readonly latencyMs: number;
  readonly lateMs: number;
  readonly untaught: Array<{ method: string; path: string; at: number }> = [];

  constructor(options: {
    keys: ApiKey[];
    testMailbox: string;
    rateLimitPerSecond: number;
    latencyMs: number;
    lateMs: number;
    domains: Record<string, Domain['status']>;
  }) {
    this.latencyMs = options.latencyMs;
    this.lateMs = options.lateMs;
    this.testMailbox = options.testMailbox;
    this.domains = Object.entries(options.domains).map(([name, status]) => ({
      id: randomUUID(),
      name,
      status,
      created_at: resendTime(this.clock.now()),
      region: 'eu-west-1',
      capabilities: { sending: 'enabled', receiving: 'disabled' },
    }));
    this.keys = new Map(options.keys.map((key) => [key.key, key]));
    this.outbox = new Outbox(this.clock, options.testMailbox);
    this.log = new CallLog(options.testMailbox);
    this.rateLimit = new RateLimit(this.clock, options.rateLimitPerSecond);
  }

  reset(): void {
    this.clock.offsetMs = 0;
    this.outbox.reset();
    this.idempotency.reset();
    this.faults.reset();
    this.log.reset();
    this.untaught.length = 0;
  }
}
