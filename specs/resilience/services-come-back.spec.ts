import { triesAtResend } from '../../fixtures/deployment.ts';
import { about, expect, test } from '../../fixtures/index.ts';
import { accountOf, alone } from '../../helpers/account.ts';
import { BUDGET } from '../../helpers/budgets.ts';
import { emailNumberOf } from '../../helpers/clients/execution.ts';
import { those } from '../../helpers/collection.ts';
import { mailOrder } from '../../helpers/factories/mail-order.ts';
import { reconcile } from '../../scripts/ops/reconcile.ts';
import { openFunnelOf } from '../ops/funnel.ts';

const purpose =
  'A Notion or Resend that goes down in the middle of a sequence and comes back costs no mail, and no fact that cannot be told later.';

/** For `change`: how soon a test has Resend back is a matter of the machine, and no matter here. */
const triesOn = triesAtResend('type: constant, interval: PT2S, maxAttempts: 30');

test.use({ mode: 'production' });

test.describe(
  'Notion and Resend die and come back',
  {
    tag: '@resilience',
    annotation: about({
      feature: 'Resilience',
      covers: ['2.2', '2.3', '2.4', '2.8', '3.6'],
      purpose,
      severity: 'critical',
    }),
  },
  () => {
    test('Notion dies while it is told of a mail: the mail is out, and reconcile tells the rest when it is back', async ({
      lead,
      webhooks,
      kestra,
      mailbox,
      target,
      deployment,
    }) => {
      const own = await deployment({ flows: ['assessment-handler'] });
      const { namespace, notion, faults } = own;
      const since = new Date();
      const email1SentAt = since.toISOString();
      const { executionId } = await webhooks.assessment(lead, { email1SentAt, namespace });
      await expect(kestra.handle(executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });
      const silence = await faults.at('notion', lead, { method: 'PATCH', hang: true });
      const labels = { lead: lead.email };
      const mail = await kestra.start('send-email', mailOrder(lead, 2), { namespace, labels });
      const asked = async () => (await faults.callsOf('notion', lead)).map(({ method }) => method);
      await expect.poll(asked, { timeout: BUDGET.mailMs }).toContain('PATCH');
      await own.stopNotion();

      await expect(mail, 'sent, with a loss').toReachState('WARNING', { within: BUDGET.mailMs });
      await own.restartNotion();
      await faults.remove('notion', silence);
      const funnel = await openFunnelOf(target, { namespace, notion: own.notionAccess });
      await reconcile({ funnel, since, only: lead.email, write: true });
      const later = those('mails 3 to 5', kestra.mailsOf(executionId), (one) => emailNumberOf(one) > 2);
      const executions = { ...later, read: async () => [await mail.read(), ...(await later.read())] };
      const owed = { lead, sequence: '5day', executions, sent: [2], waiting: [3, 4, 5] } as const;
      await expect(accountOf({ mailbox, notion }, owed)).toHaveLostNothing({ within: BUDGET.settleMs });
    });

    test('Resend dies with a mail taken and not answered: back again it knows the key, and the mail is out once', async ({
      lead,
      kestra,
      deployment,
    }) => {
      const own = await deployment({ flows: ['send-email'], ownResend: true, change: triesOn });
      const { namespace, notion, mailbox, faults } = own;
      const silence = { method: 'POST', hang: true, acceptThenFail: true, count: 1 } as const;
      await faults.at('resend', lead, silence);
      const mail = await kestra.start('send-email', mailOrder(lead, 2), { namespace });
      await expect(mailbox.of(lead), 'taken').toSettleAt(1, { within: BUDGET.mailMs, quietFor: 0 });
      await own.stopResend();
      const tries = async () =>
        (await mail.read()).taskRunList.filter(
          ({ taskId, state }) =>
            taskId === 'send' && state.histories.some(({ state: was }) => was === 'RETRYING'),
        );
      await expect.poll(tries, { timeout: BUDGET.mailMs, message: 'the try has failed' }).toHaveLength(1);
      await own.restartResend();

      await expect(mail, 'nothing lost').toReachState('SUCCESS', { within: BUDGET.mailMs });
      const owed = { lead, sequence: '5day', executions: alone(mail), sent: [2], handled: false } as const;
      await expect(accountOf({ mailbox, notion }, owed)).toHaveLostNothing({ within: BUDGET.settleMs });
    });
  },
);
