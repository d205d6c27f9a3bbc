import { expect } from '../../fixtures/index.ts';
import { BUDGET } from '../../helpers/budgets.ts';
import type { Execution } from '../../helpers/clients/execution.ts';
import type { KestraClient } from '../../helpers/clients/kestra-client.ts';
import { KestraTransport } from '../../helpers/clients/kestra-transport.ts';
import type { Target } from '../../helpers/target.ts';
import { type Funnel, openFunnel } from '../../scripts/ops/dossier.ts';
import { ResendReader } from '../../scripts/ops/resend-reader.ts';

export interface Opening {
  namespace?: string;
  /** The deployment's own Notion, where it has one. */
  notion?: Target['notion'];
  /** A shared address has a past: nothing from before is looked at. */
  since?: Date | undefined;
  /** Another key than the one that may read everything. */
  resendKey?: string;
}

/** A deployment as the operator's commands see it. */
export async function openFunnelOf(
  target: Target,
  {
    namespace = target.namespaces.production,
    notion = target.notion,
    since,
    resendKey = target.mail.keys.harness,
  }: Opening = {},
): Promise<Funnel> {
  const funnel = await openFunnel({
    transport: new KestraTransport(target.kestra),
    namespace,
    notion,
    resend: new ResendReader({ url: target.mail.url, key: resendKey }),
    ...(since ? { since } : {}),
  });
  if (!funnel) throw new Error(`Nothing is deployed in ${namespace}`);
  return funnel;
}

/** The mails of a handler, once the one that is due has gone out. */
export async function mailsWithTheFirstSent(
  kestra: KestraClient,
  executionId: string,
): Promise<readonly Execution[]> {
  await expect(kestra.handle(executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });
  const [first] = await kestra.mailsOf(executionId).read();
  await expect(kestra.handle(String(first?.id))).toReachState('SUCCESS', { within: BUDGET.mailMs });
  return kestra.mailsOf(executionId).read();
}
