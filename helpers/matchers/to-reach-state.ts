import type { ExpectMatcherState, MatcherReturnType } from '@playwright/test';
import { type Execution, isTerminal, pathOf, type State } from '../clients/execution.ts';
import type { Observed } from '../wait.ts';
import { refuseNegation } from './no-negation.ts';

interface Awaitable {
  readonly id: string;
  until(done: (execution: Execution) => boolean, withinMs: number): Promise<Observed<Execution>>;
}

/** Waits for one execution until it is in `wanted`, or has ended somewhere else. */
export async function toReachState(
  this: ExpectMatcherState,
  execution: Awaitable,
  wanted: State,
  { within }: { within: number },
): Promise<MatcherReturnType> {
  refuseNegation(this, 'toReachState');
  // Ended elsewhere: fail now, not at the deadline.
  const done = ({ state }: Execution) => state.current === wanted || isTerminal(state.current);
  const { value, elapsedMs } = await execution.until(done, within);
  return {
    name: 'toReachState',
    pass: value.state.current === wanted,
    expected: wanted,
    actual: value.state.current,
    message: () =>
      `expected ${wanted} within ${within} ms, was ${value.state.current} after ${elapsedMs} ms\n` +
      `path: ${pathOf(value)}\n` +
      `execution: ${execution.id} of ${value.namespace}.${value.flowId}${tasksOf(value)}`,
  };
}

/** The tasks that ended badly, or the one that still runs: where to look first. */
function tasksOf({ taskRunList }: Execution): string {
  const telling = taskRunList.filter(
    ({ state }) => !['SUCCESS', 'SKIPPED', 'CREATED'].includes(state.current),
  );
  if (telling.length === 0) return '';
  return `\ntasks: ${telling.map(({ taskId, state }) => `${taskId} ${state.current}`).join(', ')}`;
}
