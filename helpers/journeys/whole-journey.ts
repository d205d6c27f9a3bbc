import type { WebhookClient } from '../clients/webhook-client.ts';
import type { Lead } from '../factories/lead.ts';
import type { WebhookName } from '../target.ts';
import type { Where } from '../where.ts';
import type { Website } from './website.ts';

/** Takes one lead through the webhooks in that order, or all at once; returns the handlers' executions. */
export async function wholeJourney(
  { website, webhooks }: { website: Website; webhooks: WebhookClient },
  lead: Lead,
  order: readonly WebhookName[],
  { atOnce = false, ...where }: { atOnce?: boolean } & Where = {},
): Promise<string[]> {
  const take = async (step: WebhookName): Promise<string> => {
    if (step === 'signup') return (await website.signsUp(lead, where)).executionId;
    if (step === 'assessment') return (await website.completesAssessment(lead, where)).executionId;
    return (await webhooks.secondary(step, lead, where)).executionId;
  };
  if (atOnce) return Promise.all(order.map(take));
  const begun: string[] = [];
  for (const step of order) begun.push(await take(step));
  return begun;
}
