import { isTerminal } from '../clients/execution.ts';
import type { KestraClient } from '../clients/kestra-client.ts';
import type { WebhookClient } from '../clients/webhook-client.ts';
import { BUDGET } from '../budgets.ts';
import type { WebhookName } from '../target.ts';
import { poll } from '../wait.ts';
import type { Where } from '../where.ts';

/** How the execution of one webhook call ended. */
export interface End {
  state: string;
  /** What its log says at level ERROR, without Kestra's own closing line. */
  reasons: string[];
  /** The flows it started. */
  began: string[];
}

/** Posts each body to the webhook, all at once, and tells by its name how each ended. */
export async function endsOf<Name extends string>(
  { webhooks, kestra }: { webhooks: WebhookClient; kestra: KestraClient },
  webhook: WebhookName,
  bodies: Record<Name, unknown>,
  where: Where = {},
): Promise<Record<Name, End>> {
  const entries = Object.entries<unknown>(bodies).map(async ([name, body]) => {
    const { executionId, status, text } = await webhooks.send(webhook, body, where);
    if (!executionId) throw new Error(`"${name}": the webhook answered ${status}: ${text}`);
    const handle = kestra.handle(executionId);
    const { value } = await handle.until(({ state }) => isTerminal(state.current), BUDGET.handlerMs);
    // Kestra writes logs behind the execution; a script that failed is closed by a line with its exit code.
    const { value: lines } = await poll(
      () => handle.logs({ minLevel: 'ERROR', taskId: 'validate' }),
      (found) =>
        value.state.current !== 'FAILED' || found.some(({ message }) => message?.includes('exit code')),
      BUDGET.settleMs,
    );
    const below = await kestra.subtreeOf(executionId).read();
    return [
      name,
      {
        state: value.state.current,
        // Lines of one millisecond come in any order.
        reasons: lines
          .flatMap(({ message }) => (message?.startsWith('payload rejected') ? message : []))
          .toSorted(),
        began: below.map(({ flowId }) => flowId),
      },
    ] as const;
  });
  return Object.fromEntries(await Promise.all(entries)) as Record<Name, End>;
}

/** What a webhook answered to `body`, with its own key and with another, and which flow's execution ended how. */
export async function answerAndEndOf(
  { webhooks, kestra }: { webhooks: WebhookClient; kestra: KestraClient },
  webhook: WebhookName,
  body: unknown,
): Promise<{ status: number; withAnotherKey: number; flowId: string; state: string }> {
  const { status: withAnotherKey } = await webhooks.send(webhook, body, { key: 'not-the-key' });
  const { status, text, executionId } = await webhooks.send(webhook, body);
  if (!executionId) throw new Error(`The webhook answered ${status}: ${text}`);
  const { value } = await kestra
    .handle(executionId)
    .until(({ state }) => isTerminal(state.current), BUDGET.handlerMs);
  return { status, withAnotherKey, flowId: value.flowId, state: value.state.current };
}
