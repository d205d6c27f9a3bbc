import { about, expect, test, testCase } from '../../fixtures/index.ts';
import { BUDGET, BY_NOW } from '../../helpers/budgets.ts';
import { mailOrder } from '../../helpers/factories/mail-order.ts';
import { reportOn } from '../../scripts/ops/lead.ts';
import { reconcile } from '../../scripts/ops/reconcile.ts';
import { mailsWithTheFirstSent, openFunnelOf } from './funnel.ts';

const purpose = 'What Notion missed while it was away is told to it afterwards, and nothing else is changed.';

const HOUR = 3_600_000;
/** Far enough for the handler to end, and for Notion to fail, before mail 2 is due. */
const mail2IsDue = () => new Date(Date.now() - 25 * HOUR);

test.use({ mode: 'production' });

test.describe(
  'reconcile',
  {
    tag: '@ops',
    annotation: about({
      feature: 'Resilience',
      covers: ['2.2', '2.8', '3.6'],
      purpose,
      severity: 'critical',
    }),
  },
  () => {
    test(
      'a Notion outage during a send is repaired later, and a second run finds nothing to repair',
      { annotation: testCase('TC-4.12.15') },
      async ({ lead, target, website, kestra, mailbox, notion, faults }) => {
        const { executionId, email1SentAt } = await website.completesAssessment(lead);
        await expect(kestra.handle(executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });
        const [waiting] = await kestra.mailsOf(executionId).read();
        const outage = await faults.at('notion', lead, { status: 500 });
        const labels = Object.fromEntries(
          (waiting?.labels ?? []).flatMap(({ key, value }) =>
            key.startsWith('system.') ? [] : [[key, value]],
          ),
        );
        // Its turn comes now instead of tomorrow.
        await kestra.kill(String(waiting?.id));
        await expect(kestra.handle(String(waiting?.id))).toReachState('KILLED', { within: BUDGET.mailMs });
        const mail = await kestra.start('send-email', { ...waiting?.inputs }, { labels });
        await expect(mail, 'delivered, with a loss').toReachState('WARNING', { within: BUDGET.mailMs });
        await faults.remove('notion', outage);
        const command = {
          funnel: await openFunnelOf(target, lead),
          since: new Date(email1SentAt),
          only: lead.email,
        };
        const missed = [{ email_number: 2, status: 'scheduled', resend_id: null }];

        await reconcile({ ...command, write: false });
        await expect(notion.trackerRows(lead, '5day'), 'showing writes nothing').toHaveTrackerFacts(missed, {
          within: BUDGET.settleMs,
        });
        const first = await reconcile({ ...command, write: true });
        const second = await reconcile({ ...command, write: true });

        expect(first.flatMap(({ differences }) => differences.map(({ book }) => book)).toSorted()).toEqual([
          'analytics',
          'contacts',
          'tracker',
        ]);
        expect(second).toEqual([]);
        const [sent] = await mailbox.of(lead, { sender: 'kestra' }).read();
        const at = Number(sent?.receivedAt);
        await expect(notion.trackerRows(lead, '5day')).toHaveTrackerFacts(
          [
            {
              email_number: 2,
              status: 'sent',
              sent_by: 'kestra',
              resend_id: String(sent?.id),
              sent_at: { from: new Date(at - 2_000), to: new Date(at + 20_000) },
            },
            { email_number: 3, status: 'scheduled' },
          ],
          { within: BUDGET.settleMs },
        );
        const row = await notion.trackerRow(lead, '5day');
        expect(row.values).toMatchObject({
          'Last Email Sent': 2,
          'Last Email Sent At': row.values['Email 2 Sent'],
        });
        expect((await notion.contact(lead)).values['Last Email Sent']).toBe(row.values['Email 2 Sent']);
        const pages = (await notion.analytics(lead).read()).filter(
          ({ values }) => values['Email Number'] === 2,
        );
        expect(
          pages.map(({ values }) => [values['Status'], values['Sent By'], values['Resend Email ID']]),
        ).toEqual([['sent', 'kestra', sent?.id]]);
        expect((await reportOn(command.funnel, lead.email)).disagreements).toEqual([]);
      },
    );

    test(
      'after an outage from the webhook on, contact, row and analytics are made once, and a repeated webhook uses them',
      { tag: '@blocked:own-dates' },
      async ({ lead, target, website, kestra, notion, faults }) => {
        const outage = await faults.at('notion', lead, { status: 500 });
        const { executionId, email1SentAt } = await website.completesAssessment(lead, {
          sentAt: mail2IsDue(),
        });
        await expect(kestra.handle(executionId)).toReachState('WARNING', { within: BUDGET.handlerMs });
        const [mail] = await kestra.mailsOf(executionId).read();
        await expect(kestra.handle(String(mail?.id))).toReachState('WARNING', { within: BUDGET.mailMs });
        await faults.remove('notion', outage);
        const command = {
          funnel: await openFunnelOf(target, lead),
          since: new Date(email1SentAt),
          only: lead.email,
        };

        await reconcile({ ...command, write: true });
        const second = await reconcile({ ...command, write: true });
        const repeated = await website.completesAssessment(lead, { sentAt: email1SentAt, mail1: 'fails' });
        await expect(kestra.handle(repeated.executionId)).toReachState('SUCCESS', {
          within: BUDGET.handlerMs,
        });

        expect(second).toEqual([]);
        await expect(notion.contacts(lead), 'one contact').toSettleAt(1, BY_NOW);
        await expect(notion.trackerRows(lead), 'one row').toHaveTrackerFacts(
          [
            { email_number: 1, status: 'sent', sent_by: 'website', sent_at: email1SentAt },
            { email_number: 2, status: 'sent', sent_by: 'kestra' },
            ...[3, 4, 5].map((email_number) => ({ email_number, status: 'scheduled', sent_by: 'kestra' })),
          ],
          { within: BUDGET.settleMs },
        );
        expect((await notion.trackerRow(lead, '5day')).values).toMatchObject({
          Email: lead.email,
          'First Name': lead.firstName,
          'Business Name': lead.businessName,
          'Assessment Score': lead.score,
          Segment: 'CRITICAL',
        });
        expect((await notion.contact(lead)).values).toMatchObject({
          first_name: lead.firstName,
          'Christmas Campaign Status': 'Nurture Sequence',
          'Last Email Sent': expect.any(String),
        });
        const numbers = (await notion.analytics(lead).read()).map(({ values }) =>
          Number(values['Email Number']),
        );
        expect(numbers.toSorted((a, b) => a - b)).toEqual([1, 2]);
        expect((await reportOn(command.funnel, lead.email)).disagreements).toEqual([]);
      },
    );

    test(
      'what a person wrote, raised or took away stays as it is',
      { tag: '@blocked:own-dates' },
      async ({ lead, target, website, kestra, notion }) => {
        const { executionId } = await website.completesAssessment(lead, { sentAt: mail2IsDue() });
        await mailsWithTheFirstSent(kestra, executionId);
        const funnel = await openFunnelOf(target, lead);
        await funnel.notion.update((await notion.trackerRow(lead, '5day')).id, {
          'First Name': { rich_text: [] },
          'Email 2 Resend ID': { rich_text: [{ text: { content: 'noted by hand' } }] },
          'Email 3 Status': { select: { name: 'sent' } },
          'Email 4 Status': { select: { name: 'paused' } },
        });
        await notion.setContactStatus(lead, 'Unsubscribed');
        const [page] = await notion.analytics(lead).read();
        await notion.archive(String(page?.id));

        const since = mail2IsDue();
        const found = await reconcile({ funnel, since, only: lead.email, write: true });

        expect(found).toEqual([]);
        expect((await notion.trackerRow(lead, '5day')).values).toMatchObject({
          'First Name': '',
          'Email 2 Resend ID': 'noted by hand',
          'Email 3 Status': 'sent',
          'Email 4 Status': 'paused',
        });
      },
    );

    test(
      'a mail that failed while Notion was away too is told as failed, a row that waits as scheduled',
      { tag: '@blocked:own-dates' },
      async ({ lead, target, website, kestra, notion, faults }) => {
        const sentAt = mail2IsDue();
        const outages = {
          notion: await faults.at('notion', lead, { status: 500 }),
          resend: await faults.at('resend', lead, { method: 'POST', status: 500 }),
        };
        const { executionId } = await website.completesAssessment(lead, { sentAt, mail1: 'fails' });
        await expect(kestra.handle(executionId)).toReachState('WARNING', { within: BUDGET.handlerMs });
        const [mail] = await kestra.mailsOf(executionId).read();
        await expect(kestra.handle(String(mail?.id))).toReachState('FAILED', { within: BUDGET.mailMs });
        await faults.remove('notion', outages.notion);

        await reconcile({
          funnel: await openFunnelOf(target, lead),
          since: sentAt,
          only: lead.email,
          write: true,
        });

        await expect(notion.trackerRows(lead, '5day')).toHaveTrackerFacts(
          [
            { email_number: 1, status: 'failed', sent_by: 'website' },
            { email_number: 2, status: 'failed', sent_by: 'kestra', sent_at: null, resend_id: null },
            { email_number: 3, status: 'scheduled' },
          ],
          { within: BUDGET.settleMs },
        );
        const failed = (await notion.analytics(lead).read()).filter(
          ({ values }) => values['Email Number'] === 2,
        );
        expect(failed.map(({ values }) => values['Status'])).toEqual(['failed']);
      },
    );

    test('only leads of the namespace for whom something ran since then are looked at', async ({
      newLead,
      target,
      deployment,
      webhooks,
      kestra,
    }) => {
      const { namespace } = await deployment({ flows: ['signup-handler', 'send-email'] });
      const [early, late, elsewhere] = [newLead(), newLead(), newLead()];
      const getsAMailThatTheContactForgets = async (lead: typeof early, where: { namespace: string }) => {
        const signup = await webhooks.signup(lead, where);
        await expect(kestra.handle(signup.executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });
        const labels = { lead: lead.email };
        const mail = await kestra.start('send-email', mailOrder(lead, 2), { ...where, labels });
        await expect(mail).toReachState('SUCCESS', { within: BUDGET.mailMs });
        const { notion } = await openFunnelOf(target, where);
        const [contact] = await notion.pagesOf('contacts', lead.email);
        await notion.update(String(contact?.id), { 'Last Email Sent': { date: null } });
      };
      await getsAMailThatTheContactForgets(early, { namespace });
      const since = new Date();
      await getsAMailThatTheContactForgets(late, { namespace });
      await getsAMailThatTheContactForgets(elsewhere, { namespace: target.namespaces.production });

      const funnel = await openFunnelOf(target, { namespace });
      const found = await reconcile({ funnel, since, write: false });

      const changes = found.flatMap(({ email, differences }) =>
        differences.flatMap((one) => one.changes.map(({ property }) => [email, one.book, property])),
      );
      expect(changes).toEqual([[late.email, 'contacts', 'Last Email Sent']]);
    });
  },
);
