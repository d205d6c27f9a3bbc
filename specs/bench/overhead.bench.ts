import { about, expect, test } from '../../fixtures/index.ts';
import { BUDGET } from '../../helpers/budgets.ts';

const purpose = 'What fixtures cost a test: all that lies before and after its own lines.';

test.describe('overhead', { annotation: about({ feature: 'Harness', purpose }) }, () => {
  test('nothing but a lead', async ({ lead }) => {
    expect(lead.email).toContain('@');
  });

  test('every client, and no call', async ({ lead, website, webhooks, kestra, mailbox, notion, faults }) => {
    expect([lead, website, webhooks, kestra, mailbox, notion, faults]).not.toContain(undefined);
  });

  test('a sign-up with its evidence', async ({ lead, webhooks, kestra }) => {
    const { executionId } = await webhooks.signup(lead);

    await expect(kestra.handle(executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });
  });
});
