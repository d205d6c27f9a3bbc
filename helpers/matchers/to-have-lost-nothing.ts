import { type ExpectMatcherState, type MatcherReturnType, test } from '@playwright/test';
import type { Account } from '../account.ts';
import { BUDGET } from '../budgets.ts';
import { poll } from '../wait.ts';
import { refuseNegation } from './no-negation.ts';

/**
 * All that is owed is there, once: each mail, its execution, its row, its page in analytics. Waits for it, and then for a
 * second one of anything; no longer where what is wrong cannot be undone. The report says what was lost, also when it was nothing.
 */
export async function toHaveLostNothing(
  this: ExpectMatcherState,
  account: Account,
  { within, quietFor = BUDGET.quietMs }: { within: number; quietFor?: number },
): Promise<MatcherReturnType> {
  refuseNegation(this, 'toHaveLostNothing');
  const first = await poll(
    () => account.read(),
    ({ losses, forGood }) => losses.length === 0 || forGood,
    within,
    ({ losses }) => `what is still missing: ${losses.length}`,
  );
  const last =
    first.done && first.value.losses.length === 0
      ? await poll(
          () => account.read(),
          ({ losses }) => losses.length > 0,
          quietFor,
        )
      : first;
  const { losses, lines } = last.value;
  const elapsedMs = first.elapsedMs + (last === first ? 0 : last.elapsedMs);
  const told = losses.length === 0 ? 'nothing' : losses.join('\n');
  await test.info().attach('what was lost', {
    body: `${told}\n\n${lines.join('\n')}`,
    contentType: 'text/plain',
  });
  return {
    name: 'toHaveLostNothing',
    pass: losses.length === 0,
    message: () =>
      `expected nothing to be lost or doubled, seen after ${elapsedMs} ms:\n` +
      `${losses.map((loss) => `  ${loss}`).join('\n')}\nof\n${lines.map((line) => `  ${line}`).join('\n')}`,
  };
}
