import { setTimeout as sleep } from 'node:timers/promises';
import { assessmentBody, secondaryBody, signupBody } from '../../helpers/factories/payloads.ts';
import type { WebhookName } from '../../helpers/target.ts';
import { WAY } from './mix.ts';
import type { Visit } from './visit.ts';

/** `open`: leads arrive at their rate, whatever becomes of those before. `closed`: so many at once, and each makes room for the next. */
export type Model = { kind: 'open'; perMinute: number } | { kind: 'closed'; atOnce: number };

export interface Driver {
  /** Posts to a webhook; throws when there is no answer. */
  send: (webhook: WebhookName, body: unknown) => Promise<{ status: number; executionId?: string }>;
  /** Waits until a handler has ended; why it has not, or undefined. */
  ended: (executionId: string) => Promise<string | undefined>;
  /** The moment of mail 1 that is told for a lead; the moment of the call unless said. */
  email1At?: Date;
}

/** Sends every lead through its webhooks. Never throws for one lead: what went wrong stands in its visit. */
export async function drive(visits: readonly Visit[], model: Model, driver: Driver): Promise<void> {
  if (model.kind === 'closed') {
    const waiting = [...visits];
    const one = async (): Promise<void> => {
      for (let visit = waiting.shift(); visit; visit = waiting.shift()) {
        await tell(visit, new Date(), driver, { wait: 'all' });
      }
    };
    await Promise.all(Array.from({ length: model.atOnce }, one));
    return;
  }
  const everyMs = 60_000 / model.perMinute;
  const begun = Date.now();
  await Promise.all(
    visits.map(async (visit, index) => {
      const planned = new Date(begun + index * everyMs);
      await sleep(Math.max(0, planned.getTime() - Date.now()));
      await tell(visit, planned, driver, { wait: 'between' });
    }),
  );
}

/**
 * A visitor needs minutes from form to result, and a call is booked days later: the handler of one webhook has ended when
 * the next is sent.
 */
async function tell(
  visit: Visit,
  planned: Date,
  driver: Driver,
  { wait }: { wait: 'between' | 'all' },
): Promise<void> {
  const way = WAY[visit.kind];
  let plannedAt = planned;
  for (const [index, webhook] of way.entries()) {
    const executionId = await call(visit, webhook, plannedAt, driver);
    if (executionId === undefined) {
      visit.trouble = `${webhook} was not taken`;
      return;
    }
    if (wait === 'between' && index === way.length - 1) return;
    const why = await driver.ended(executionId).catch(told);
    if (why !== undefined) {
      visit.trouble = `the handler of ${webhook}: ${why}`;
      return;
    }
    plannedAt = new Date();
  }
}

async function call(
  visit: Visit,
  webhook: WebhookName,
  plannedAt: Date,
  { send, email1At }: Driver,
): Promise<string | undefined> {
  const sentAt = new Date();
  if (webhook === 'assessment') visit.email1SentAt = email1At ?? sentAt;
  const body = bodyOf(visit, webhook);
  const begun = performance.now();
  try {
    const { status, executionId } = await send(webhook, body);
    const latencyMs = performance.now() - begun;
    visit.calls.push({
      webhook,
      plannedAt,
      sentAt,
      latencyMs,
      status,
      ...(executionId === undefined ? {} : { executionId }),
    });
    return executionId;
  } catch (error) {
    const trouble = told(error);
    visit.calls.push({ webhook, plannedAt, sentAt, latencyMs: performance.now() - begun, trouble });
    return undefined;
  }
}

const told = (error: unknown) => (error instanceof Error ? error.message : String(error));

function bodyOf({ lead, email1SentAt }: Visit, webhook: WebhookName): unknown {
  if (webhook === 'signup') return signupBody(lead);
  if (webhook !== 'assessment') return secondaryBody(webhook, lead);
  return assessmentBody(lead, {
    ...(email1SentAt ? { email1SentAt: email1SentAt.toISOString() } : {}),
    email1Status: 'sent',
  });
}
