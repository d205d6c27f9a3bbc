import { about, expect, test } from '../../fixtures/index.ts';
import { BUDGET, SETTLED } from '../../helpers/budgets.ts';
import { mailOrder } from '../../helpers/factories/mail-order.ts';
import { reportOn } from '../../scripts/ops/lead.ts';
import { stopLead } from '../../scripts/ops/stop-lead.ts';
import { openFunnelOf } from './funnel.ts';

const purpose = 'An operator can stop what is due for one lead, and nothing brings it back.';

const DAY = 24 * 3_600_000;

test.use({ mode: 'production' });

test.describe(
  'lead --stop',
  {
    tag: '@ops',
    annotation: about({ feature: 'Safety', covers: ['2.4', '2.5'], purpose, severity: 'critical' }),
  },
  () => {
    test('kills what waits, marks the rows skipped, and nothing is sent when a mail is asked for all the same, nor by a repeated webhook', async ({
      lead,
      target,
      website,
      kestra,
      mailbox,
      notion,
    }) => {
      const sentAt = new Date();
      const { executionId } = await website.completesAssessment(lead, { sentAt });
      await expect(kestra.handle(executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });
      const mails = await kestra.mailsOf(executionId).read();
      const funnel = await openFunnelOf(target, lead);

      const shown = await stopLead(funnel, lead.email, { yes: false });
      const untouched = (await kestra.mailsOf(executionId).read()).map(({ state }) => state.current);
      const done = await stopLead(funnel, lead.email, { yes: true });
      const again = await stopLead(funnel, lead.email, { yes: true });

      expect(shown).toMatch(/^To be stopped with --yes:\n/);
      expect(mails.map(({ id }) => shown.includes(id) && done.includes(id))).toEqual([
        true,
        true,
        true,
        true,
      ]);
      expect(untouched, 'showing kills nothing').toEqual(['CREATED', 'CREATED', 'CREATED', 'CREATED']);
      expect(done).toMatch(/^Stopped 4 of 4:\n/);
      expect(again).toBe('No mail waits for its date: nothing to stop.');
      expect((await kestra.mailsOf(executionId).read()).map(({ state }) => state.current)).toEqual(
        mails.map(() => 'KILLED'),
      );
      await expect(notion.trackerRows(lead, '5day')).toHaveTrackerFacts(
        [
          { email_number: 1, status: 'sent' },
          ...[2, 3, 4, 5].map((email_number) => ({ email_number, status: 'skipped', sent_at: null })),
        ],
        { within: BUDGET.settleMs },
      );

      const repeated = await website.completesAssessment(lead, { sentAt, mail1: 'fails' });
      const byHand = await kestra.start('send-email', mailOrder(lead, 2));
      await expect(kestra.handle(repeated.executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });
      await expect(byHand, 'had its turn').toReachState('SUCCESS', { within: BUDGET.mailMs });
      await expect(byHand, 'says why').toHaveLogged('this mail was stopped by hand', {
        within: BUDGET.settleMs,
        minLevel: 'WARN',
      });
      await expect(kestra.mailsOf(repeated.executionId), 'none scheduled again').toSettleAt(0, SETTLED);
      expect(await mailbox.sendersTo(lead), 'only the website’s mail 1').toEqual(['website']);
      expect((await reportOn(funnel, lead.email)).disagreements).toEqual([]);
    });

    test(
      'a mail that failed before the stop is not sent by a later replay',
      { tag: '@blocked:own-dates' },
      async ({ lead, target, website, kestra, mailbox, faults }) => {
        const outage = await faults.at('resend', lead, { method: 'POST', status: 500, path: '^/emails$' });
        const { executionId } = await website.completesAssessment(lead, {
          mail1: 'fails',
          sentAt: new Date(Date.now() - DAY - 3_600_000),
        });
        await expect(kestra.handle(executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });
        const [failed] = await kestra.mailsOf(executionId).read();
        await expect(kestra.handle(String(failed?.id))).toReachState('FAILED', { within: BUDGET.mailMs });
        await faults.remove('resend', outage);

        await stopLead(await openFunnelOf(target, lead), lead.email, { yes: true });
        const replay = await kestra.replay(String(failed?.id));

        await expect(replay, 'had its turn').toReachState('SUCCESS', { within: BUDGET.mailMs });
        expect(await mailbox.of(lead).read()).toEqual([]);
      },
    );
  },
);
