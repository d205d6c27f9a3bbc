import { about, expect, test } from '../../fixtures/index.ts';
import { BUDGET, BY_NOW, SETTLED } from '../../helpers/budgets.ts';
import { mailOrder } from '../../helpers/factories/mail-order.ts';

const purpose =
  'Mail 1 is the website’s: a lead who got it from there must never get it from Kestra as well.';

const DAY = 86_400_000;

test.use({ mode: 'production' });

test.describe(
  'mail 1',
  {
    tag: '@split',
    annotation: about({ feature: 'E-mail split', covers: ['2.5', '3.5'], purpose, severity: 'blocker' }),
  },
  () => {
    test('asked directly for mail 1, send-email fails with the reason and leaves no trace', async ({
      lead,
      kestra,
      mailbox,
      notion,
    }) => {
      const execution = await kestra.start('send-email', mailOrder(lead, 1));

      await expect(execution, 'refused').toReachState('FAILED', { within: BUDGET.mailMs });
      await expect(execution, 'says why').toHaveLogged("Mail 1 of the 5-day sequence is the website's", {
        within: BUDGET.settleMs,
        minLevel: 'ERROR',
      });
      await expect(mailbox.of(lead), 'nothing sent').toSettleAt(0, SETTLED);
      await expect(notion.trackerRows(lead), 'no row').toSettleAt(0, BY_NOW);
      await expect(notion.analytics(lead), 'no analytics').toSettleAt(0, BY_NOW);
    });

    test('asked for one mail in the words of another, send-email fails with the reason and leaves no trace', async ({
      lead,
      kestra,
      notion,
      mailbox,
    }) => {
      const mail = await kestra.start('send-email', { ...mailOrder(lead, 2), template: '5-Day E3' });

      await expect(mail).toReachState('FAILED', { within: BUDGET.mailMs });
      await expect(mail, 'says why').toHaveLogged('template: expected 5-Day E2 for mail 2 of 5day', {
        within: BUDGET.settleMs,
        minLevel: 'ERROR',
      });
      await expect(mailbox.of(lead), 'no mail').toSettleAt(0, SETTLED);
      await expect(notion.trackerRows(lead), 'no row').toSettleAt(0, BY_NOW);
      await expect(notion.analytics(lead), 'no page').toSettleAt(0, BY_NOW);
    });

    test('a mail 1 that the website could not send is recorded as failed, and Kestra does not send it', async ({
      lead,
      website,
      kestra,
      mailbox,
      notion,
    }) => {
      const { executionId, email1SentAt } = await website.completesAssessment(lead, { mail1: 'fails' });

      const handler = kestra.handle(executionId);
      await expect(handler).toReachState('SUCCESS', { within: BUDGET.handlerMs });
      expect((await handler.read()).outputs['warnings']).toEqual([
        expect.stringContaining('email_1_status is failed'),
      ]);
      await expect(notion.trackerRows(lead, '5day')).toHaveTrackerFacts(
        [
          { email_number: 1, status: 'failed', sent_by: 'website', sent_at: null },
          { email_number: 2, status: 'scheduled', sent_by: 'kestra' },
        ],
        { within: BUDGET.settleMs },
      );
      await expect(kestra.mailsOf(executionId), `mails 2 to 5 from ${email1SentAt}`).toSettleAt(4, BY_NOW);
      await expect(mailbox.of(lead), 'no mail 1 by anybody').toSettleAt(0, SETTLED);
    });

    test(
      'every mail of the sequence came by the key of the one who owes it, and none twice',
      { tag: '@blocked:own-dates' },
      async ({ lead, website, kestra, mailbox }) => {
        // Of six days ago, so that all four are due at once.
        const sentAt = new Date(Date.now() - 6 * DAY);
        const { executionId, mailId } = await website.completesAssessment(lead, { sentAt });

        await expect(kestra.handle(executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });
        await expect(mailbox.of(lead), 'five mails').toSettleAt(5, {
          within: BUDGET.mailMs,
          quietFor: BUDGET.quietMs,
        });
        const byWebsite = await mailbox.of(lead, { sender: 'website' }).read();
        expect(byWebsite.map(({ id }) => id)).toEqual([mailId]);
        const byKestra = await mailbox.of(lead, { sender: 'kestra' }).read();
        expect(new Set(byKestra.map(({ idempotencyKey }) => idempotencyKey)).size, 'one key a mail').toBe(4);
        expect(byKestra.flatMap(({ to }) => to)).toEqual([lead.email, lead.email, lead.email, lead.email]);
      },
    );
  },
);
