import type { ExpectMatcherState, MatcherReturnType } from '@playwright/test';
import type { LogLine } from '../clients/execution.ts';
import type { LogFilter } from '../clients/kestra-client.ts';
import { poll } from '../wait.ts';
import { refuseNegation } from './no-negation.ts';

interface Logging {
  readonly id: string;
  logs(filter: LogFilter): Promise<LogLine[]>;
}

/** A line of the execution's log says `wanted`. Kestra writes logs behind the execution, so they are waited for. */
export async function toHaveLogged(
  this: ExpectMatcherState,
  execution: Logging,
  wanted: string | RegExp,
  { within, ...filter }: LogFilter & { within: number },
): Promise<MatcherReturnType> {
  refuseNegation(this, 'toHaveLogged');
  const says = ({ message }: LogLine) =>
    typeof wanted === 'string' ? message?.includes(wanted) : wanted.test(message ?? '');
  const { value, elapsedMs, done } = await poll(
    () => execution.logs(filter),
    (lines) => lines.some(says),
    within,
  );
  const where = filter.taskId ? ` by task ${filter.taskId}` : '';
  return {
    name: 'toHaveLogged',
    pass: done,
    message: () =>
      `expected a line with ${String(wanted)} in the log of ${execution.id}${where}, ` +
      `none after ${elapsedMs} ms:\n${shown(value)}`,
  };
}

const shown = (lines: readonly LogLine[]) =>
  lines.map(({ level, taskId, message }) => `  ${level} ${taskId ?? ''}: ${message ?? ''}`).join('\n') ||
  '  (empty)';
