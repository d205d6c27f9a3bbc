import type { Lead } from '../../helpers/factories/lead.ts';
import type { WebhookName } from '../../helpers/target.ts';
import type { Kind } from './mix.ts';

/** One webhook of one lead, as the caller saw it. */
interface Call {
  webhook: WebhookName;
  /** When it was to be sent, and when it was: a driver that lags behind would flatter the latency. */
  plannedAt: Date;
  sentAt: Date;
  latencyMs: number;
  /** Undefined when there was no answer. */
  status?: number;
  executionId?: string;
  trouble?: string;
}

/** One lead of the run and what was told of it. */
export interface Visit {
  lead: Lead;
  kind: Kind;
  /** The moment of mail 1, as the website told it. */
  email1SentAt?: Date;
  calls: Call[];
  /** Why the story ended early. */
  trouble?: string;
}
