import { about, covers, expect, mails, test, testCase } from '../../fixtures/index.ts';
import { BUDGET, BY_NOW, SETTLED } from '../../helpers/budgets.ts';
import { tagOf } from '../../helpers/clients/mail-client.ts';
import { mailOrder } from '../../helpers/factories/mail-order.ts';
import { timetableOf } from '../../helpers/timetable.ts';
import { notionTellsOf, notionTellsOfTheLast, readsAsItsTemplate, sentWithoutLoss } from './sent.ts';

const purpose = 'A lead who finishes the assessment gets the whole sequence, each mail once and in time.';

test.use({ mode: 'testing' });

test.describe(
  'five-day sequence',
  {
    tag: '@sequence',
    annotation: about({ feature: 'Sequences', covers: ['2.4', '3.5', '4.4'], purpose, severity: 'blocker' }),
  },
  () => {
    test(
      'in TESTING_MODE Kestra sends mail 2 a testing minute after mail 1, then 3 to 5, never early, none twice',
      { tag: ['@night', '@blocked:own-dates'], annotation: [testCase('TC-4.11.17'), mails(5)] },
      async ({ lead, website, kestra, mailbox }) => {
        const { executionId, email1SentAt } = await website.completesAssessment(lead);

        await expect(kestra.handle(executionId), 'the handler ends well').toReachState('SUCCESS', {
          within: BUDGET.handlerMs,
        });
        await expect(kestra.mailsOf(executionId), 'mails 2 to 5 and no other').toFollowTimetable(
          timetableOf('5day', 'testing', email1SentAt),
          { within: BUDGET.settleMs },
        );
        await expect(mailbox.of(lead, { sender: 'kestra' }), 'each in its time').toHaveArrivedOnTime(
          kestra.mailsOf(executionId),
          { within: BUDGET.sequenceMs, latenessMs: BUDGET.latenessMs },
        );
        await expect(mailbox.of(lead), 'five mails and no more').toSettleAt(5, {
          within: BUDGET.sequenceMs,
          quietFor: BUDGET.quietMs,
        });
        expect(await mailbox.sendersTo(lead)).toEqual(['website', 'kestra', 'kestra', 'kestra', 'kestra']);
        const delivered = await mailbox.of(lead, { sender: 'kestra' }).read();
        const sent = delivered.map(
          (mail) => `${tagOf(mail, 'sequence_type')} ${tagOf(mail, 'email_number')}`,
        );
        expect(sent.toSorted()).toEqual(['5day 2', '5day 3', '5day 4', '5day 5']);
      },
    );

    test(
      'in TESTING_MODE each mail turns sent with its id and time, and contact and analytics tell the same',
      {
        tag: '@night',
        annotation: [testCase('TC-4.12.12'), covers('2.2'), covers('2.8'), covers('3.6'), mails(5)],
      },
      async ({ lead, website, kestra, mailbox, notion, target }) => {
        const { executionId, email1SentAt } = await website.completesAssessment(lead);
        await expect(mailbox.of(lead), 'five mails').toSettleAt(5, {
          within: BUDGET.sequenceMs,
          quietFor: 0,
        });
        await sentWithoutLoss(kestra, executionId);

        const delivered = await mailbox.of(lead, { sender: 'kestra' }).read();
        for (const mail of delivered) await readsAsItsTemplate(mail, { lead, notion, target });
        await notionTellsOf(delivered, '5day', { lead, notion }, email1SentAt);
        await notionTellsOfTheLast(executionId, '5day', { lead, notion, kestra });
      },
    );

    test(
      'right after the handler, mails 2 to 5 stand in the tracker as scheduled by Kestra',
      { annotation: [testCase('TC-4.12.11'), covers('2.8')] },
      async ({ lead, website, kestra, notion }) => {
        const { executionId, email1SentAt } = await website.completesAssessment(lead, { mode: 'production' });

        await expect(kestra.handle(executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });
        await expect(notion.trackerRows(lead, '5day'), 'one row').toHaveTrackerFacts(
          [
            { email_number: 1, status: 'sent', sent_by: 'website', sent_at: email1SentAt },
            ...[2, 3, 4, 5].map((email_number) => ({
              email_number,
              status: 'scheduled',
              sent_by: 'kestra',
              sent_at: null,
              resend_id: null,
            })),
          ],
          { within: BUDGET.settleMs },
        );
      },
    );

    test(
      'the same assessment again leaves one row and schedules no mail a second time',
      { annotation: testCase('TC-4.12.10') },
      async ({ lead, website, kestra, notion }) => {
        const first = await website.completesAssessment(lead, { mode: 'production' });
        await expect(kestra.handle(first.executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });
        const again = await website.completesAssessment(lead, { mode: 'production' });
        await expect(kestra.handle(again.executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });

        await expect(kestra.mailsOf(first.executionId), 'four mails of the first').toSettleAt(4, BY_NOW);
        await expect(kestra.mailsOf(again.executionId), 'none of the second').toSettleAt(0, SETTLED);
        await expect(notion.trackerRows(lead), 'one tracker row').toSettleAt(1, BY_NOW);
        await expect(notion.analytics(lead), 'one analytics row for mail 1').toSettleAt(1, BY_NOW);
      },
    );

    test('a lead who unsubscribed after scheduling gets nothing more', async ({
      lead,
      website,
      kestra,
      mailbox,
      notion,
    }) => {
      const { executionId } = await website.completesAssessment(lead, { mode: 'production' });
      await expect(kestra.handle(executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });
      await notion.setContactStatus(lead, 'Unsubscribed');

      const mail = await kestra.start('send-email', mailOrder(lead, 2), { mode: 'production' });

      await expect(mail, 'ends well').toReachState('SUCCESS', { within: BUDGET.mailMs });
      await expect(mailbox.of(lead, { sender: 'kestra' }), 'no mail').toSettleAt(0, SETTLED);
      await expect(notion.trackerRows(lead, '5day')).toHaveTrackerFacts(
        [{ email_number: 2, status: 'skipped', sent_at: null, resend_id: null }],
        { within: BUDGET.settleMs },
      );
      await expect(mail, 'says why').toHaveLogged('the contact is unsubscribed: nothing was sent', {
        within: BUDGET.settleMs,
        minLevel: 'WARN',
      });
    });
  },
);
