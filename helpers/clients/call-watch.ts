import { BUDGET } from '../budgets.ts';
import type { Collection } from '../collection.ts';
import type { Lead } from '../factories/lead.ts';
import type { WebhookName } from '../target.ts';
import { poll } from '../wait.ts';
import { createdAt, type Execution, isTerminal, pathOf } from './execution.ts';
import type { KestraClient } from './kestra-client.ts';
import { WEBHOOK_FLOWS, type WebhookCall } from './webhook-client.ts';

const NAMES: Record<WebhookName, string> = {
  signup: 'christmas-signup',
  assessment: 'christmas-assessment',
  noshow: 'calendly-noshow',
  postcall: 'postcall-maybe',
  onboarding: 'onboarding-start',
};

/** A call that somebody else made: a website, not this harness. */
export interface SeenCall extends WebhookCall {
  executionId: string;
  payload: Record<string, unknown>;
}

/**
 * What others told Kestra's webhooks of a lead. Kestra itself keeps each payload with the execution it began, so this
 * works with any website and needs nothing in between.
 */
export class CallWatch {
  readonly #kestra: KestraClient;
  readonly #namespace: string;
  readonly #onCall: (call: SeenCall) => void;
  readonly #since: Date;

  constructor(
    kestra: KestraClient,
    namespace: string,
    onCall: (call: SeenCall) => void,
    since: Date = new Date(),
  ) {
    this.#kestra = kestra;
    this.#namespace = namespace;
    this.#onCall = onCall;
    this.#since = since;
  }

  /** The same, looking further back, or less far. */
  since(moment: Date): CallWatch {
    return new CallWatch(this.#kestra, this.#namespace, this.#onCall, moment);
  }

  /** The executions that calls about this lead began, those with a rejected payload too. */
  of(webhook: WebhookName, lead: Pick<Lead, 'email'>): Collection<Execution> {
    return {
      what: `calls of ${NAMES[webhook]} about ${lead.email}`,
      read: async () => {
        const all = await this.#kestra.search({
          namespace: this.#namespace,
          flowId: WEBHOOK_FLOWS[webhook],
          startedSince: this.#since,
        });
        return all.filter((one) => payloadOf(one)['email'] === lead.email);
      },
      describe: (one) => `${one.id}: ${pathOf(one)}`,
    };
  }

  /** The first call about this lead whose payload was taken; throws when nobody made it in time. */
  async one(webhook: WebhookName, lead: Pick<Lead, 'email'>): Promise<SeenCall> {
    // By the label that a handler gives itself: one execution is read at each look, and not all since the test began.
    const read = () =>
      this.#kestra.search({
        namespace: this.#namespace,
        flowId: WEBHOOK_FLOWS[webhook],
        startedSince: this.#since,
        labels: { lead: lead.email },
      });
    const { value, elapsedMs } = await poll(read, (found) => found.length > 0, BUDGET.siteCallMs);
    const [execution] = value;
    if (!execution) throw new Error(`Nobody called ${NAMES[webhook]} for ${lead.email} in ${elapsedMs} ms`);
    const payload = payloadOf(execution);
    const call = {
      name: webhook,
      namespace: execution.namespace,
      flowId: execution.flowId,
      at: createdAt(execution),
      body: JSON.stringify(payload),
      answer: { status: 200, headers: {}, text: '', executionId: execution.id },
      executionId: execution.id,
      payload,
    };
    this.#onCall(call);
    return call;
  }
}

/** Waits until the execution that a call began is over, however it ended. */
export async function untilOver(kestra: KestraClient, { executionId }: SeenCall): Promise<void> {
  await kestra.handle(executionId).until(({ state }) => isTerminal(state.current), BUDGET.handlerMs);
}

function payloadOf({ trigger }: Execution): Record<string, unknown> {
  const body = trigger?.variables['body'];
  return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
}
