import { about, expect, test } from '../../fixtures/index.ts';
import { BUDGET, BY_NOW, SETTLED } from '../../helpers/budgets.ts';
import type { Fault, FaultsClient } from '../../helpers/clients/faults-client.ts';
import type { Lead } from '../../helpers/factories/lead.ts';
import { mailOrder } from '../../helpers/factories/mail-order.ts';

const purpose = 'A page that Notion made is never made again because its answer got lost on the way.';

const HOUR = 3_600_000;
const CREATION = { method: 'POST', path: '^/v1/pages$' } satisfies Fault;

const answersTo = async (faults: FaultsClient, lead: Lead) =>
  (await faults.callsOf('notion', lead)).map(({ status }) => status);

test.use({ mode: 'production' });

test.describe(
  'Notion makes the page, and the answer gets lost',
  {
    tag: '@resilience',
    annotation: about({
      feature: 'Resilience',
      covers: ['2.2', '2.8', '3.6'],
      purpose,
      severity: 'critical',
    }),
  },
  () => {
    test(
      'contact, row and analytics of an assessment and of its mail are there once',
      { tag: '@blocked:own-dates' },
      async ({ lead, website, kestra, mailbox, notion, faults }) => {
        await faults.at('notion', lead, { ...CREATION, status: 500, acceptThenFail: true });
        const sentAt = new Date(Date.now() - 25 * HOUR); // mail 2 is due at once
        const { executionId } = await website.completesAssessment(lead, { sentAt });

        await expect(kestra.handle(executionId), 'nothing lost').toReachState('SUCCESS', {
          within: BUDGET.handlerMs,
        });
        await expect(mailbox.of(lead, { sender: 'kestra' }), 'mail 2').toSettleAt(1, {
          ...SETTLED,
          within: BUDGET.mailMs,
        });
        const [mail] = await kestra.mailsOf(executionId).read();
        await expect(kestra.handle(String(mail?.id)), 'nothing lost').toReachState('SUCCESS', {
          within: BUDGET.mailMs,
        });
        await expect(notion.contacts(lead), 'one contact').toSettleAt(1, BY_NOW);
        const [sent] = await mailbox.of(lead, { sender: 'kestra' }).read();
        await expect(notion.trackerRows(lead), 'one row').toHaveTrackerFacts(
          [
            { email_number: 1, status: 'sent', sent_by: 'website' },
            { email_number: 2, status: 'sent', sent_by: 'kestra', resend_id: String(sent?.id) },
            { email_number: 3, status: 'scheduled' },
          ],
          { within: BUDGET.settleMs },
        );
        await expect(notion.analytics(lead), 'mail 1, mail 2').toSettleAt(2, BY_NOW);
        expect(await answersTo(faults, lead), 'Notion was asked for nothing malformed').not.toContain(400);
      },
    );

    test('a customer whose creations are answered too late has one project page, and the mails its address', async ({
      lead,
      webhooks,
      kestra,
      deployment,
    }) => {
      const { namespace, notion, faults } = await deployment({
        flows: ['onboarding-handler'],
        settings: { NOTION_TIMEOUT: 'PT5S' },
      });
      await faults.at('notion', lead, { ...CREATION, hang: true, acceptThenFail: true });
      const { executionId } = await webhooks.secondary('onboarding', lead, { namespace });

      await expect(kestra.handle(executionId), 'nothing lost').toReachState('SUCCESS', {
        within: BUDGET.handlerMs,
      });
      await expect(notion.contacts(lead), 'one contact').toSettleAt(1, BY_NOW);
      await expect(notion.trackerRows(lead), 'one row').toSettleAt(1, BY_NOW);
      expect(await answersTo(faults, lead), 'Notion was asked for nothing malformed').not.toContain(400);
      const { url } = await notion.project(lead);
      const row = await notion.trackerRow(lead, 'onboarding');
      const mails = await kestra.mailsOf(executionId).read();
      expect(mails.map(({ inputs }) => inputs)).toEqual(
        [1, 2, 3].map(() =>
          expect.objectContaining({
            lead: expect.objectContaining({ portal_url: url }),
            tracker_page_id: row.id,
          }),
        ),
      );
    });

    test('a mail without a row makes one, be it sent or failed', async ({
      lead,
      newLead,
      kestra,
      notion,
      faults,
    }) => {
      const other = newLead();
      for (const one of [lead, other]) {
        await faults.at('notion', one, { ...CREATION, status: 500, acceptThenFail: true });
      }
      await faults.at('resend', other, { method: 'POST', status: 422 });
      const sent = await kestra.start('send-email', mailOrder(lead, 3));
      const failed = await kestra.start('send-email', mailOrder(other, 3));

      await expect(sent, 'nothing lost').toReachState('SUCCESS', { within: BUDGET.mailMs });
      await expect(failed).toReachState('FAILED', { within: BUDGET.mailMs });
      for (const [one, status] of [
        [lead, 'sent'],
        [other, 'failed'],
      ] as const) {
        await expect(notion.trackerRows(one), 'one row').toHaveTrackerFacts([{ email_number: 3, status }], {
          within: BUDGET.settleMs,
        });
        await expect(notion.analytics(one), 'one page').toSettleAt(1, BY_NOW);
        expect(await answersTo(faults, one), 'Notion was asked for nothing malformed').not.toContain(400);
      }
    });
  },
);
