import { about, covers, expect, test, testCase } from '../../fixtures/index.ts';
import { BUDGET, SETTLED } from '../../helpers/budgets.ts';
import { mailOrder } from '../../helpers/factories/mail-order.ts';

const purpose = 'Whatever Resend answers, a lead gets each mail once, and a mail that could not go is seen.';

test.use({ mode: 'production' });

test.describe(
  'Resend in trouble',
  {
    tag: '@resilience',
    annotation: about({ feature: 'Resilience', covers: ['2.3', '2.4'], purpose, severity: 'critical' }),
  },
  () => {
    test('after a 429 the mail waits as long as it is told, and goes out once', async ({
      lead,
      kestra,
      mailbox,
      faults,
    }) => {
      // Twice: the engine's HTTP client sits out the first one by itself, the flow the second.
      // Longer than the flow's own pause after a failed try, which must not stand in for it.
      const headers = { 'retry-after': '4' };
      await faults.at('resend', lead, { method: 'POST', status: 429, headers, count: 2 });
      const mail = await kestra.start('send-email', mailOrder(lead, 2));

      await expect(mail).toReachState('SUCCESS', { within: BUDGET.mailMs });
      await expect(mailbox.of(lead), 'one mail').toSettleAt(1, SETTLED);
      const sends = await faults.callsOf('resend', lead);
      expect(sends.map(({ status }) => status)).toEqual([429, 429, 200]);
      const gaps = sends.slice(1).map(({ at }, index) => at - (sends[index]?.at ?? 0));
      expect(Math.min(...gaps), 'ms between two tries').toBeGreaterThanOrEqual(3_990);
    });

    test('after a 500 the mail is tried again and goes out once', async ({
      lead,
      kestra,
      mailbox,
      faults,
    }) => {
      await faults.at('resend', lead, { method: 'POST', status: 500, count: 1 });
      const mail = await kestra.start('send-email', mailOrder(lead, 2));

      await expect(mail).toReachState('SUCCESS', { within: BUDGET.mailMs });
      await expect(mailbox.of(lead), 'one mail').toSettleAt(1, SETTLED);
      expect((await faults.callsOf('resend', lead)).map(({ status }) => status)).toEqual([500, 200]);
    });

    test('a mail that was taken although the answer got lost is not sent again', async ({
      lead,
      kestra,
      mailbox,
      notion,
      faults,
    }) => {
      await faults.at('resend', lead, { method: 'POST', status: 500, acceptThenFail: true, count: 1 });
      const mail = await kestra.start('send-email', mailOrder(lead, 2));

      await expect(mail).toReachState('SUCCESS', { within: BUDGET.mailMs });
      await expect(mailbox.of(lead), 'one mail').toSettleAt(1, SETTLED);
      const [delivered] = await mailbox.of(lead).read();
      expect((await faults.callsOf('resend', lead)).map(({ status }) => status)).toEqual([500, 200]);
      await expect(notion.trackerRows(lead, '5day'), 'the row knows the mail').toHaveTrackerFacts(
        [{ email_number: 2, status: 'sent', resend_id: String(delivered?.id) }],
        { within: BUDGET.settleMs },
      );
    });

    test(
      'when Resend stays down, the execution fails and the row has the mail as failed',
      { annotation: [testCase('TC-4.12.13'), covers('2.8'), covers('3.6')] },
      async ({ lead, website, kestra, mailbox, notion, faults }) => {
        const { executionId } = await website.completesAssessment(lead);
        await expect(kestra.handle(executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });
        await faults.at('resend', lead, { method: 'POST', status: 500 });
        const mail = await kestra.start('send-email', mailOrder(lead, 2));

        await expect(mail, 'ends FAILED').toReachState('FAILED', { within: BUDGET.mailMs });
        expect((await faults.callsOf('resend', lead)).filter(({ status }) => status === 500)).toHaveLength(3);
        expect(await mailbox.sendersTo(lead), 'only the website’s mail 1').toEqual(['website']);
        await expect(notion.trackerRows(lead, '5day')).toHaveTrackerFacts(
          [{ email_number: 2, status: 'failed', sent_by: 'kestra', sent_at: null, resend_id: null }],
          { within: BUDGET.settleMs },
        );
        const failed = (await notion.analytics(lead).read()).filter(
          ({ values }) => values['Status'] === 'failed',
        );
        expect(failed.map(({ values }) => values)).toEqual([
          expect.objectContaining({
            'Email Number': 2,
            'Template ID': '5-Day E2',
            'Sent By': 'kestra',
            'Error Message': expect.stringContaining('500'),
          }),
        ]);
      },
    );

    test('the same mail asked for twice at once, and again after Resend forgot its key, goes out once', async ({
      lead,
      kestra,
      mailbox,
    }) => {
      const order = mailOrder(lead, 3);
      const both = await Promise.all([kestra.start('send-email', order), kestra.start('send-email', order)]);
      for (const mail of both) await expect(mail).toReachState('SUCCESS', { within: BUDGET.mailMs });
      await mailbox.forgetIdempotency(lead);
      const late = await kestra.start('send-email', order);

      await expect(late).toReachState('SUCCESS', { within: BUDGET.mailMs });
      await expect(mailbox.of(lead), 'one mail').toSettleAt(1, SETTLED);
      await expect(late, 'says why').toHaveLogged('this mail went out before', {
        within: BUDGET.settleMs,
        minLevel: 'WARN',
      });
    });
  },
);
