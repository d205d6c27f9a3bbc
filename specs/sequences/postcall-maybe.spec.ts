import { about, expect, mails, test, testCase } from '../../fixtures/index.ts';
import { BUDGET, BY_NOW } from '../../helpers/budgets.ts';
import { tagOf } from '../../helpers/clients/mail-client.ts';
import { sendsItsMails, waitsItsTime } from './secondary.ts';

const purpose = 'A lead who said maybe is followed up three times, at the right moments, and no more.';

test.describe(
  'post-call follow-up',
  {
    tag: '@sequence',
    annotation: about({ feature: 'Sequences', covers: ['3.3', '2.5'], purpose, severity: 'critical' }),
  },
  () => {
    test(
      'in production Kestra schedules mails after one hour, three days and a week, and the tracker says so',
      { tag: ['@night', '@blocked:own-dates'], annotation: [testCase('TC-4.12.6'), mails(0)] },
      async ({ lead, webhooks, kestra, notion }) => {
        const row = await waitsItsTime('postcall', { lead, webhooks, kestra, notion });

        expect(row).toMatchObject({
          'Call Date': '2025-12-11T08:30:00.000Z',
          'Call Outcome': 'maybe',
          'Call Notes': 'Wants to ask a partner first.',
          Objections: 'price; time',
          'Follow-Up Priority': 'High',
        });
        expect((await notion.contact(lead)).values).toMatchObject({ 'Booking Status': 'Completed' });
      },
    );

    test(
      'in TESTING_MODE all three mails arrive on time, by Kestra alone, and Notion tells the same',
      { tag: ['@night', '@blocked:own-dates'], annotation: mails(3) },
      async ({ lead, webhooks, kestra, mailbox, notion, target }) => {
        await sendsItsMails('postcall', { lead, webhooks, kestra, mailbox, notion, target });
      },
    );

    test('another outcome than maybe starts the follow-up all the same, with a warning', async ({
      lead,
      webhooks,
      kestra,
    }) => {
      const { executionId = '' } = await webhooks.send('postcall', {
        email: lead.email,
        call_outcome: 'won',
      });

      const handler = kestra.handle(executionId);
      await expect(handler).toReachState('SUCCESS', { within: BUDGET.handlerMs });
      await expect(handler, 'warns').toHaveLogged('call_outcome is not maybe', {
        within: BUDGET.settleMs,
        minLevel: 'WARN',
      });
      await expect(kestra.mailsOf(executionId), 'three mails').toSettleAt(3, BY_NOW);
    });

    test('without names the mails say "there" and "your business"', async ({
      lead,
      webhooks,
      kestra,
      mailbox,
    }) => {
      const { executionId = '' } = await webhooks.send('postcall', { email: lead.email });
      await expect(kestra.handle(executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });

      await expect(mailbox.of(lead), 'three mails').toSettleAt(3, {
        within: BUDGET.sequenceMs,
        quietFor: 0,
      });
      const mail = (await mailbox.of(lead).read()).find((one) => tagOf(one, 'email_number') === '1');
      expect(mail?.subject).toBe('After our call, there');
      expect(mail?.text).toContain('Hello there,');
      expect(mail?.text).toContain('how your business works');
    });
  },
);
