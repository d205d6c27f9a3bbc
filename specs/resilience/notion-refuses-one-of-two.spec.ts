import { about, expect, test } from '../../fixtures/index.ts';
import { BUDGET, BY_NOW } from '../../helpers/budgets.ts';
import { mailOrder } from '../../helpers/factories/mail-order.ts';

const purpose =
  'Of a mail that could not be sent Notion is told all that it takes, although it refuses one part for good.';

const CREATION = { method: 'POST', path: '^/v1/pages$', status: 500 } as const;

test.use({ mode: 'production' });

test.describe(
  'a mail fails, and Notion refuses one of two writes for good',
  { tag: '@resilience', annotation: about({ feature: 'Resilience', covers: ['2.8', '3.6'], purpose }) },
  () => {
    test('without analytics the row is made at the second try', async ({ lead, kestra, notion, faults }) => {
      const { analytics } = (await kestra.kv().get('NOTION_SOURCES')) as Record<string, string>;
      await faults.at('notion', lead, { ...CREATION, count: 2 });
      await faults.at('notion', lead, { method: 'POST', path: `/${analytics}/query$`, status: 500 });
      await faults.at('resend', lead, { method: 'POST', status: 422 });
      const mail = await kestra.start('send-email', mailOrder(lead, 3));

      await expect(mail).toReachState('FAILED', { within: BUDGET.mailMs });
      await expect(notion.trackerRows(lead, '5day')).toHaveTrackerFacts(
        [{ email_number: 3, status: 'failed', sent_by: 'kestra' }],
        { within: BUDGET.settleMs },
      );
      await expect(notion.analytics(lead), 'refused').toSettleAt(0, BY_NOW);
    });

    test('with a row that cannot be changed analytics is made at the second try', async ({
      lead,
      kestra,
      notion,
      faults,
    }) => {
      await notion.addTrackerRow(lead, '5day');
      await faults.at('notion', lead, { method: 'PATCH', status: 500 });
      await faults.at('notion', lead, { ...CREATION, count: 1 });
      await faults.at('resend', lead, { method: 'POST', status: 422 });
      const mail = await kestra.start('send-email', mailOrder(lead, 3));

      await expect(mail).toReachState('FAILED', { within: BUDGET.mailMs });
      await expect(notion.analytics(lead), 'one page').toSettleAt(1, {
        within: BUDGET.settleMs,
        quietFor: 0,
      });
      const [page] = await notion.analytics(lead).read();
      expect(page?.values).toMatchObject({ 'Email Number': 3, Status: 'failed', 'Sent By': 'kestra' });
      expect((await notion.trackerRow(lead, '5day')).values['Email 3 Status'], 'refused').toBeNull();
    });
  },
);
