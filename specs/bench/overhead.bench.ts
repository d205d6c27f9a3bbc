import { about, expect, test } from '../../fixtures/index.ts';
import { BUDGET } from '../../helpers/budgets.ts';
import { cpuBetweenTests } from '../../scripts/bench/hooks.ts';

const purpose = 'What fixtures cost a test: all that lies before and after its own lines.';

// Not by `repeatEach`, which gives each round a worker of its own; and each kind by itself, so that what lies between two
// tests is of one kind.
const ROUNDS = Array.from({ length: 25 }, (_, index) => index + 1);

const cpu = cpuBetweenTests();

for (const round of ROUNDS) {
  test.describe(`lead ${round}`, { annotation: about({ feature: 'Harness', purpose }) }, () => {
    test('nothing but a lead', async ({ lead }, testInfo) => {
      cpu.firstLine(testInfo);

      expect(lead.email).toContain('@');
      cpu.lastLine(testInfo);
    });
  });
}

for (const round of ROUNDS) {
  test.describe(`clients ${round}`, { annotation: about({ feature: 'Harness', purpose }) }, () => {
    test('every client, and no call', async ({
      lead,
      website,
      webhooks,
      kestra,
      mailbox,
      notion,
      faults,
    }, testInfo) => {
      cpu.firstLine(testInfo);

      expect([lead, website, webhooks, kestra, mailbox, notion, faults]).not.toContain(undefined);
      cpu.lastLine(testInfo);
    });
  });
}

for (const round of ROUNDS) {
  test.describe(`evidence ${round}`, { annotation: about({ feature: 'Harness', purpose }) }, () => {
    test('a sign-up with its evidence', async ({ lead, webhooks, kestra }, testInfo) => {
      cpu.firstLine(testInfo);
      const { executionId } = await webhooks.signup(lead);

      await expect(kestra.handle(executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });
      cpu.lastLine(testInfo);
    });
  });
}
