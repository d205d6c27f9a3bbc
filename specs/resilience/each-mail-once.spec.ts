import { about, expect, test } from '../../fixtures/index.ts';
import { BUDGET, BY_NOW, SETTLED } from '../../helpers/budgets.ts';
import { tagOf } from '../../helpers/clients/mail-client.ts';
import { mailOrder } from '../../helpers/factories/mail-order.ts';
import { assessmentBody } from '../../helpers/factories/payloads.ts';

const purpose = 'Whatever is repeated, by whomever and however late, a lead never gets the same mail twice.';
const HOUR = 3_600_000;
/** All four mails of Kestra's are due at once. */
const SIX_DAYS_AGO = () => new Date(Date.now() - 6 * 24 * HOUR).toISOString();
const ALL_FOUR = ['2', '3', '4', '5'];

const HALF = "kv('HALF_WAY', namespace=flow.namespace, errorOnMissing=false) is not null";

/** For `change`: while the setting HALF_WAY is there, the flow that has `task` dies before it. */
const diesBefore = (task: string) => (flow: string) =>
  flow.replace(
    `  - id: ${task}\n`,
    `  - id: die\n    type: io.kestra.plugin.core.execution.Fail\n    condition: "{{ ${HALF} }}"\n\n$&`,
  );

/** For `change`: while the setting HALF_WAY is there, the handler dies with two of its four mails scheduled. */
function diesHalfWay(flow: string): string {
  const all = 'outputs.plan.vars.mails';
  return diesBefore('remember')(
    flow.replace(`values: "{{ ${all} }}"`, `values: "{{ ${HALF} ? (${all} | slice(0, 2)) : ${all} }}"`),
  );
}

test.use({ mode: 'production' });

test.describe(
  'each mail once',
  {
    tag: '@resilience',
    annotation: about({ feature: 'Resilience', covers: ['2.4'], purpose, severity: 'blocker' }),
  },
  () => {
    test(
      'two webhooks of one lead in the same second lead to each mail once',
      { tag: '@blocked:own-dates' },
      async ({ lead, webhooks, kestra, mailbox }) => {
        const body = assessmentBody(lead, { email1SentAt: SIX_DAYS_AGO() });
        const both = await Promise.all([
          webhooks.send('assessment', body),
          webhooks.send('assessment', body),
        ]);
        for (const { executionId } of both) {
          await expect(kestra.handle(String(executionId))).toReachState('SUCCESS', {
            within: BUDGET.handlerMs,
          });
        }

        await expect(mailbox.of(lead), 'four mails').toSettleAt(4, { ...SETTLED, within: BUDGET.mailMs });
        const numbers = (await mailbox.of(lead).read()).map((mail) => tagOf(mail, 'email_number'));
        expect(numbers.toSorted((a, b) => Number(a) - Number(b))).toEqual(ALL_FOUR);
      },
    );

    test('a replayed handler schedules nothing again', async ({ lead, webhooks, kestra }) => {
      const { executionId } = await webhooks.secondary('noshow', lead);
      await expect(kestra.handle(executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });
      const again = await kestra.replay(executionId);

      await expect(again).toReachState('SUCCESS', { within: BUDGET.handlerMs });
      await expect(kestra.mailsOf(executionId), 'three mails of the first').toSettleAt(3, SETTLED);
      await expect(kestra.mailsOf(again.id), 'none of the replay').toSettleAt(0, BY_NOW);
    });

    test('a handler that died before it could note what it scheduled is repeated, and each mail goes once', async ({
      lead,
      webhooks,
      kestra,
      deployment,
    }) => {
      const own = await deployment({ flows: ['assessment-handler'], ownResend: true });
      const { namespace, mailbox } = own;
      await own.stopNotion(); // its rows would tell the second handler what has gone out
      const kv = kestra.kv({ namespace });
      const first = await webhooks.assessment(lead, { email1SentAt: SIX_DAYS_AGO(), namespace });
      await expect(kestra.handle(first.executionId)).toReachState('WARNING', { within: BUDGET.handlerMs });
      const notes = (await kv.keys()).filter((key) => key.startsWith('scheduled.'));
      expect(notes, 'what it would have noted').toHaveLength(1);
      await kv.delete(String(notes[0]));
      const again = await webhooks.assessment(lead, { email1SentAt: SIX_DAYS_AGO(), namespace });
      await expect(kestra.handle(again.executionId)).toReachState('WARNING', { within: BUDGET.handlerMs });

      await expect(kestra.mailsOf(again.executionId), 'all four scheduled again').toSettleAt(4, BY_NOW);
      await expect(mailbox.of(lead), 'four mails').toSettleAt(4, { ...SETTLED, within: BUDGET.mailMs });
      const numbers = (await mailbox.of(lead).read()).map((mail) => tagOf(mail, 'email_number'));
      expect(numbers.toSorted((a, b) => Number(a) - Number(b))).toEqual(ALL_FOUR);
    });

    test('a handler that died with two of four mails scheduled is repeated, and each mail goes once', async ({
      lead,
      webhooks,
      kestra,
      deployment,
    }) => {
      const own = await deployment({
        flows: ['assessment-handler'],
        ownResend: true,
        settings: { HALF_WAY: true },
        change: diesHalfWay,
      });
      const { namespace, mailbox } = own;
      await own.stopNotion(); // its rows would tell the second handler what has gone out
      const kv = kestra.kv({ namespace });
      const first = await webhooks.assessment(lead, { email1SentAt: SIX_DAYS_AGO(), namespace });
      await expect(kestra.handle(first.executionId)).toReachState('FAILED', { within: BUDGET.handlerMs });
      await expect(kestra.mailsOf(first.executionId), 'two scheduled').toSettleAt(2, BY_NOW);
      expect((await kv.keys()).filter((key) => key.startsWith('scheduled.'))).toEqual([]);
      await kv.delete('HALF_WAY');
      const again = await webhooks.assessment(lead, { email1SentAt: SIX_DAYS_AGO(), namespace });
      await expect(kestra.handle(again.executionId)).toReachState('WARNING', { within: BUDGET.handlerMs });

      await expect(kestra.mailsOf(again.executionId), 'all four scheduled again').toSettleAt(4, BY_NOW);
      await expect(mailbox.of(lead), 'four mails').toSettleAt(4, { ...SETTLED, within: BUDGET.mailMs });
      const numbers = (await mailbox.of(lead).read()).map((mail) => tagOf(mail, 'email_number'));
      expect(numbers.toSorted((a, b) => Number(a) - Number(b))).toEqual(ALL_FOUR);
    });

    test('a mail that died when Resend had taken it is not told as failed, and its replay sends none', async ({
      lead,
      kestra,
      mailbox,
      deployment,
    }) => {
      const { namespace, notion } = await deployment({
        flows: ['send-email'],
        settings: { HALF_WAY: true },
        change: diesBefore('keep_claim'),
      });
      const died = await kestra.start('send-email', mailOrder(lead, 3), { namespace });
      await expect(died).toReachState('FAILED', { within: BUDGET.mailMs });
      await expect(mailbox.of(lead), 'it has gone').toSettleAt(1, BY_NOW);
      await expect(notion.trackerRows(lead, '5day'), 'no row says failed').toSettleAt(0, BY_NOW);
      await expect(notion.analytics(lead), 'nor does a page').toSettleAt(0, BY_NOW);
      await kestra.kv({ namespace }).delete('HALF_WAY');
      const again = await kestra.replay(died.id);

      await expect(again).toReachState('SUCCESS', { within: BUDGET.mailMs });
      await expect(notion.trackerRows(lead, '5day')).toHaveTrackerFacts(
        [{ email_number: 3, status: 'sent' }],
        {
          within: BUDGET.settleMs,
        },
      );
      await expect(mailbox.of(lead), 'one mail').toSettleAt(1, SETTLED);
    });

    test('a day later, when Resend has forgotten its key, the ledger stops the second one', async ({
      lead,
      kestra,
      deployment,
    }) => {
      const { namespace, mailbox, notion } = await deployment({ flows: ['send-email'], ownResend: true });
      const kv = kestra.kv({ namespace });
      const order = mailOrder(lead, 3);
      const first = await kestra.start('send-email', order, { namespace });
      await expect(first).toReachState('SUCCESS', { within: BUDGET.mailMs });
      await mailbox.moveClock(25 * HOUR);
      const late = await kestra.start('send-email', order, { namespace });

      await expect(late).toReachState('SUCCESS', { within: BUDGET.mailMs });
      await expect(mailbox.of(lead), 'one mail').toSettleAt(1, SETTLED);
      await expect(late, 'says why').toHaveLogged('this mail went out before', {
        within: BUDGET.settleMs,
        minLevel: 'WARN',
      });
      // The same once more without ledger and row: nothing else would have stopped it.
      const [entry] = (await kv.keys()).filter((key) => key.startsWith('sent.'));
      await kv.delete(String(entry));
      await notion.archive((await notion.trackerRow(lead, '5day')).id);
      const unguarded = await kestra.start('send-email', order, { namespace });
      await expect(unguarded).toReachState('SUCCESS', { within: BUDGET.mailMs });
      await expect(mailbox.of(lead), 'Resend takes it again').toSettleAt(2, BY_NOW);
      const [, second] = await mailbox.of(lead).read();
      await expect(notion.trackerRows(lead, '5day'), 'by Resend’s clock').toHaveTrackerFacts(
        [{ email_number: 3, status: 'sent', sent_at: new Date(Number(second?.receivedAt)) }],
        { within: BUDGET.settleMs },
      );
    });
  },
);
