import type { NotionClient } from './clients/notion-client.ts';
import type { WebhookCall } from './clients/webhook-client.ts';
import type { Lead } from './factories/lead.ts';

/** What one test did, for its evidence and its clean-up. */
export class Journal {
  readonly leads: Lead[] = [];
  readonly calls: WebhookCall[] = [];
  readonly started: string[] = [];
  /** Calls that the test looks at and others need as well: part of its evidence, not of its clean-up. */
  readonly witnessed: WebhookCall[] = [];
  /** Deployments that write to a Notion of their own, or of somebody else's, by namespace. */
  readonly notions = new Map<string, NotionClient>();

  /** Executions the test began, by webhook or by the API. */
  get roots(): string[] {
    return [...new Set([...this.calls.flatMap(({ answer }) => answer.executionId ?? []), ...this.started])];
  }

  /** Every call that tells something of this test. */
  get evidence(): WebhookCall[] {
    return [...this.calls, ...this.witnessed];
  }

  /** Whether the test spoke to a stack at all: leads can be made without one. */
  get isEmpty(): boolean {
    return this.roots.length === 0 && this.calls.length === 0 && this.witnessed.length === 0;
  }
}
