import { about, expect, test } from '../../fixtures/index.ts';
import { BUDGET, SETTLED } from '../../helpers/budgets.ts';
import { mailOrder } from '../../helpers/factories/mail-order.ts';

const purpose = 'A mail that Resend puts off again and again is neither forgotten nor taken for sent.';

test.use({ mode: 'production' });

test.describe(
  'Resend asks to wait',
  { tag: '@resilience', annotation: about({ feature: 'Resilience', covers: ['2.3', '2.4'], purpose }) },
  () => {
    test('a mail that is only ever put off fails in the end, and its row says so', async ({
      lead,
      kestra,
      mailbox,
      deployment,
      faults,
    }) => {
      const { namespace, notion } = await deployment({ flows: ['send-email'] });
      await faults.at('resend', lead, { method: 'POST', status: 429, headers: { 'retry-after': '0' } });
      const mail = await kestra.start('send-email', mailOrder(lead, 2), { namespace });

      await expect(mail).toReachState('FAILED', { within: BUDGET.mailMs });
      await expect(notion.trackerRows(lead, '5day')).toHaveTrackerFacts(
        [{ email_number: 2, status: 'failed', sent_at: null, resend_id: null }],
        { within: BUDGET.settleMs },
      );
      expect(await mailbox.of(lead).read()).toEqual([]);
      const sends = await faults.callsOf('resend', lead);
      // The engine's HTTP client asks once more by itself, each time.
      expect(
        sends.map(({ status }) => status),
        'twenty times',
      ).toEqual(Array(2 * 20).fill(429));
    });

    test('a mail whose first try Resend is still at work on waits, however often it is told so, and goes out once', async ({
      lead,
      kestra,
      mailbox,
      faults,
    }) => {
      const busy = { status: 409, code: 'concurrent_idempotent_requests' };
      await faults.at('resend', lead, { method: 'POST', ...busy, count: 4 });
      const mail = await kestra.start('send-email', mailOrder(lead, 2));

      await expect(mail).toReachState('SUCCESS', { within: BUDGET.mailMs });
      await expect(mailbox.of(lead), 'one mail').toSettleAt(1, SETTLED);
      const sends = await faults.callsOf('resend', lead);
      expect(sends.map(({ status }) => status)).toEqual([409, 409, 409, 409, 200]);
    });
  },
);
