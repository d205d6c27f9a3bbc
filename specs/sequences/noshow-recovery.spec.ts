import { about, expect, mails, test, testCase } from '../../fixtures/index.ts';
import { BUDGET, BY_NOW, SETTLED } from '../../helpers/budgets.ts';
import { sendsItsMails, waitsItsTime } from './secondary.ts';

const purpose = 'A lead who missed the call is asked back three times, at the right moments, and no more.';

test.describe(
  'no-show recovery',
  {
    tag: '@sequence',
    annotation: about({ feature: 'Sequences', covers: ['3.2', '2.5'], purpose, severity: 'critical' }),
  },
  () => {
    test(
      'in production Kestra schedules mails after five minutes, one day and two days, and the tracker says so',
      { tag: ['@night', '@blocked:own-dates'], annotation: [testCase('TC-4.12.5'), mails(0)] },
      async ({ lead, webhooks, kestra, notion }) => {
        const row = await waitsItsTime('noshow', { lead, webhooks, kestra, notion });

        expect(row).toMatchObject({
          'Calendly Event URI': 'evt_123',
          'Scheduled Time': '2025-12-10T14:00:00.000Z',
          'Event Type': 'Diagnostic call',
        });
        expect((await notion.contact(lead)).values).toMatchObject({
          'Booking Status': 'No-Show',
          'Diagnostic Call Date': expect.stringContaining('2025-12-10T14:00'),
        });
      },
    );

    test(
      'in TESTING_MODE all three mails arrive on time, by Kestra alone, and Notion tells the same',
      { tag: ['@night', '@blocked:own-dates'], annotation: mails(3) },
      async ({ lead, webhooks, kestra, mailbox, notion, target }) => {
        await sendsItsMails('noshow', { lead, webhooks, kestra, mailbox, notion, target });
      },
    );

    test('the same missed call again schedules no mail a second time, and leaves one row', async ({
      lead,
      webhooks,
      kestra,
      notion,
    }) => {
      const first = await webhooks.secondary('noshow', lead, { mode: 'production' });
      await expect(kestra.handle(first.executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });
      const again = await webhooks.secondary('noshow', lead, { mode: 'production' });
      await expect(kestra.handle(again.executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });

      await expect(kestra.mailsOf(first.executionId), 'three mails of the first').toSettleAt(3, BY_NOW);
      await expect(kestra.mailsOf(again.executionId), 'none of the second').toSettleAt(0, SETTLED);
      await expect(notion.trackerRows(lead), 'one tracker row').toSettleAt(1, BY_NOW);
    });
  },
);
