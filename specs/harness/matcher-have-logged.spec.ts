import { about, expect, test } from '../../fixtures/index.ts';
import type { LogLine } from '../../helpers/clients/execution.ts';
import { BUDGET } from '../../helpers/budgets.ts';
import { failureOf } from './failure-of.ts';

const purpose =
  'Why a payload was rejected is told in the log alone, and that is written behind the execution.';
const line = (message: string): LogLine => ({
  executionId: 'e1',
  taskId: 'validate',
  timestamp: '2025-12-01T10:00:00Z',
  level: 'ERROR',
  message,
});

/** A log that has one line more at each read. */
function growing(...lines: LogLine[]) {
  let reads = 0;
  return { id: 'e1', logs: async () => lines.slice(0, reads++) };
}

test.describe('toHaveLogged', { tag: '@harness', annotation: about({ feature: 'Harness', purpose }) }, () => {
  test('it passes once a line says so', async () => {
    const log = growing(line('begins'), line('payload rejected: email is missing'));

    await expect(log).toHaveLogged('email is missing', { within: BUDGET.settleMs });
    await expect(growing(line('payload rejected'))).toHaveLogged(/^payload/, { within: BUDGET.settleMs });
  });

  test('it times out with the lines it saw', async () => {
    const log = growing(line('begins'));

    const message = await failureOf(() =>
      expect(log, 'the reason is told').toHaveLogged('rejected', { within: 1_000, taskId: 'validate' }),
    );

    expect(message).toContain('the reason is told');
    expect(message).toContain('expected a line with rejected in the log of e1 by task validate');
    expect(message).toContain('ERROR validate: begins');
  });

  test('it has no negation', async () => {
    expect(await failureOf(() => expect(growing()).not.toHaveLogged('x', { within: 150 }))).toContain(
      'no negation',
    );
  });
});
