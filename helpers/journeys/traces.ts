import type { Execution, LogLine } from '../clients/execution.ts';
import type { KestraClient } from '../clients/kestra-client.ts';
import { BUDGET } from '../budgets.ts';
import { poll } from '../wait.ts';

/** Where a secret could show: an execution, the `below` ones or more that it led to, and every line of their logs. */
export async function tracesOf(
  kestra: KestraClient,
  rootId: string,
  below = 0,
): Promise<{ executions: Execution[]; logs: LogLine[][] }> {
  const subtree = kestra.subtreeOf(rootId);
  const { value: led } = await poll(
    () => subtree.read(),
    (all) => all.length >= below,
    BUDGET.settleMs,
  );
  const executions = [await kestra.handle(rootId).read(), ...led];
  const begun = executions.filter(({ state }) => state.current !== 'CREATED');
  return { executions, logs: await Promise.all(begun.map(({ id }) => kestra.handle(id).logs())) };
}
