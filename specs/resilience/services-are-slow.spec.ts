import { about, expect, test } from '../../fixtures/index.ts';
import { accountOf, alone } from '../../helpers/account.ts';
import { BUDGET } from '../../helpers/budgets.ts';
import { mailOrder } from '../../helpers/factories/mail-order.ts';
import { reconcile } from '../../scripts/ops/reconcile.ts';
import { openFunnelOf } from '../ops/funnel.ts';

const purpose = 'A slow Notion or Resend makes a mail late by so much, and never lost, doubled or untold.';

const SECOND = 1_000;
const HOUR = 3_600_000;
const SLOW = { delayMs: 10 * SECOND };

test.use({ mode: 'production' });

test.describe(
  'Notion and Resend are slow',
  {
    tag: '@resilience',
    annotation: about({
      feature: 'Resilience',
      covers: ['2.2', '2.3', '2.4', '2.6', '3.6'],
      purpose,
      severity: 'critical',
    }),
  },
  () => {
    test(
      'Notion takes ten seconds for every answer, and nothing is lost',
      { tag: '@blocked:own-dates' },
      async ({ lead, webhooks, kestra, mailbox, deployment }) => {
        // Far more patient than the local stack: what a busy machine adds is no matter here.
        const settings = { NOTION_TIMEOUT: 'PT60S' };
        const { namespace, notion, faults } = await deployment({ flows: ['assessment-handler'], settings });
        await faults.at('notion', lead, SLOW);
        const email1SentAt = new Date(Date.now() - 25 * HOUR).toISOString(); // mail 2 is due at once
        const { executionId } = await webhooks.assessment(lead, { email1SentAt, namespace });

        await expect(kestra.handle(executionId), 'nothing lost').toReachState('SUCCESS', {
          within: BUDGET.handlerMs,
        });
        const executions = kestra.mailsOf(executionId);
        const latest = { ms: BUDGET.latenessMs + SLOW.delayMs };
        const owed = { lead, sequence: '5day', executions, sent: [2], waiting: [3, 4, 5], latest } as const;
        await expect(accountOf({ mailbox, notion }, owed)).toHaveLostNothing({ within: BUDGET.mailMs });
        const [mail2] = await executions.read();
        expect(mail2?.state.current, 'nothing lost').toBe('SUCCESS');
      },
    );

    test(
      'Notion takes longer than the flows wait: the mail goes out in time, and reconcile tells what Notion missed',
      { tag: '@blocked:own-dates' },
      async ({ lead, target, webhooks, kestra, mailbox, deployment }) => {
        const settings = { NOTION_TIMEOUT: 'PT1S' };
        const own = await deployment({ flows: ['assessment-handler'], settings });
        const { namespace, notion, faults } = own;
        const since = new Date();
        const slow = await faults.at('notion', lead, SLOW);
        const email1SentAt = new Date(Date.now() - 25 * HOUR).toISOString();
        const { executionId } = await webhooks.assessment(lead, { email1SentAt, namespace });

        await expect(kestra.handle(executionId), 'scheduled, with a loss').toReachState('WARNING', {
          within: BUDGET.handlerMs,
        });
        const executions = kestra.mailsOf(executionId);
        const [mail2] = await executions.read();
        await expect(kestra.handle(String(mail2?.id)), 'sent, with a loss').toReachState('WARNING', {
          within: BUDGET.mailMs,
        });
        await faults.remove('notion', slow);
        const funnel = await openFunnelOf(target, { namespace, notion: own.notionAccess });
        await reconcile({ funnel, since, only: lead.email, write: true });
        const latest = { ms: BUDGET.latenessMs };
        const owed = { lead, sequence: '5day', executions, sent: [2], waiting: [3, 4, 5], latest } as const;
        await expect(accountOf({ mailbox, notion }, owed)).toHaveLostNothing({ within: BUDGET.settleMs });
      },
    );

    test('Resend takes the mail later than the flow waits, or answers never: one mail, by its key', async ({
      lead,
      newLead,
      kestra,
      mailbox,
      notion,
      faults,
      deployment,
    }) => {
      const { namespace, ...own } = await deployment({
        flows: ['send-email'],
        settings: { RESEND_TIMEOUT: 'PT5S' },
      });
      const silent = newLead();
      await faults.at('resend', lead, { method: 'POST', delayMs: 15 * SECOND, count: 1 });
      await faults.at('resend', silent, { method: 'POST', hang: true, acceptThenFail: true, count: 1 });
      const late = await kestra.start('send-email', mailOrder(lead, 2), { namespace });
      const never = await kestra.start('send-email', mailOrder(silent, 2), { namespace });

      for (const mail of [late, never]) {
        await expect(mail, 'nothing lost').toReachState('SUCCESS', { within: BUDGET.mailMs });
      }
      for (const one of [lead, silent]) {
        const calls = await faults.callsOf('resend', one);
        expect(calls.length, 'the first try was given up').toBeGreaterThan(1);
      }
      const owed = [
        [lead, late],
        [silent, never],
      ] as const;
      await expect(
        accountOf(
          { mailbox, notion: own.notion },
          ...owed.map(([one, mail]) => ({
            lead: one,
            sequence: '5day' as const,
            executions: alone(mail),
            sent: [2],
            handled: false,
          })),
        ),
      ).toHaveLostNothing({ within: BUDGET.settleMs });
      expect(await notion.trackerRows(lead).read(), 'nothing elsewhere').toEqual([]);
    });
  },
);
