import { isTerminal, labelOf } from '../clients/execution.ts';
import type { KestraClient } from '../clients/kestra-client.ts';
import type { WebhookClient } from '../clients/webhook-client.ts';
import { BUDGET } from '../budgets.ts';
import type { WebhookName } from '../target.ts';
import { poll } from '../wait.ts';

/** How one webhook call ended. */
export interface End {
  /** Of its execution; `HTTP 500` or the like when none began. */
  state: string;
  /** What its log says at level ERROR, without Kestra's own closing line. */
  reasons: string[];
  /** The tasks that ran: what did not run wrote, started and sent nothing. */
  ran: string[];
}

interface Call {
  executionId?: string;
  end: End;
}

/** An execution with Python costs the engine half a second of its two cores, which all tests share. */
const AT_ONCE = 2;

/** Posts each body to the webhook, a few at once, in their order, and tells by its name how each ended. */
export async function callsOf<Name extends string>(
  { webhooks, kestra }: { webhooks: WebhookClient; kestra: KestraClient },
  webhook: WebhookName,
  bodies: Record<Name, unknown>,
): Promise<Record<Name, Call>> {
  const called: Array<[string, Call]> = [];
  const waiting = Object.entries<unknown>(bodies);
  const one = async ([name, body]: [string, unknown]) => {
    const { executionId, status } = await webhooks.send(webhook, body);
    called.push([
      name,
      executionId
        ? { executionId, end: await endOf(kestra, executionId) }
        : { end: { state: `HTTP ${status}`, reasons: [], ran: [] } },
    ]);
  };
  const inTurn = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await one(next);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, inTurn));
  return Object.fromEntries(called) as Record<Name, Call>;
}

/** As `callsOf`, without the executions' ids. */
export async function endsOf<Name extends string>(
  clients: { webhooks: WebhookClient; kestra: KestraClient },
  webhook: WebhookName,
  bodies: Record<Name, unknown>,
): Promise<Record<Name, End>> {
  const calls = Object.entries<Call>(await callsOf(clients, webhook, bodies));
  return Object.fromEntries(calls.map(([name, { end }]) => [name, end])) as Record<Name, End>;
}

async function endOf(kestra: KestraClient, executionId: string): Promise<End> {
  const handle = kestra.handle(executionId);
  const { value } = await handle.until(({ state }) => isTerminal(state.current), BUDGET.handlerMs);
  // Kestra writes logs behind the execution; a script that failed is closed by a line with its exit code.
  const { value: lines } = await poll(
    () => handle.logs({ minLevel: 'ERROR', taskId: 'validate' }),
    (found) =>
      value.state.current !== 'FAILED' || found.some(({ message }) => message?.includes('exit code')),
    BUDGET.settleMs,
  );
  return {
    state: value.state.current,
    // Lines of one millisecond come in any order.
    reasons: lines
      .flatMap(({ message }) => (message?.startsWith('payload rejected') ? message : []))
      .toSorted(),
    ran: value.taskRunList.filter(({ state }) => state.current !== 'SKIPPED').map(({ taskId }) => taskId),
  };
}

/** What a webhook answered to `body`, with its own key and with another, and which flow's execution, labelled with whom, ended how. */
export async function answerAndEndOf(
  { webhooks, kestra }: { webhooks: WebhookClient; kestra: KestraClient },
  webhook: WebhookName,
  body: unknown,
): Promise<{
  status: number;
  withAnotherKey: number;
  flowId: string;
  lead: string | undefined;
  state: string;
}> {
  const { status: withAnotherKey } = await webhooks.send(webhook, body, { key: 'not-the-key' });
  const { status, text, executionId } = await webhooks.send(webhook, body);
  if (!executionId) throw new Error(`The webhook answered ${status}: ${text}`);
  const { value } = await kestra
    .handle(executionId)
    .until(({ state }) => isTerminal(state.current), BUDGET.handlerMs);
  return {
    status,
    withAnotherKey,
    flowId: value.flowId,
    lead: labelOf(value, 'lead'),
    state: value.state.current,
  };
}
