import { about, expect, test } from '../../fixtures/index.ts';
import { BUDGET } from '../../helpers/budgets.ts';
import { assessmentBody } from '../../helpers/factories/payloads.ts';

const purpose = 'A test that passes, with an execution that has something to warn of.';

test.describe('rehearsal: warnings', { annotation: about({ feature: 'Harness', purpose }) }, () => {
  test('an assessment that is too high is refused', async ({ lead, webhooks, kestra }) => {
    const body = assessmentBody(lead, { email1SentAt: new Date().toISOString() });

    const { executionId } = await webhooks.send('assessment', { ...body, red_systems: 9 });

    const handler = kestra.handle(String(executionId));
    await expect(handler).toReachState('FAILED', { within: BUDGET.handlerMs });
    await expect(handler, 'what the evidence shows').toHaveLogged('red_systems', {
      within: BUDGET.settleMs,
      minLevel: 'WARN',
    });
  });
});
