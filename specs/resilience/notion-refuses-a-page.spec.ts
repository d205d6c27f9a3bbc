import { about, expect, test } from '../../fixtures/index.ts';
import { BUDGET, BY_NOW } from '../../helpers/budgets.ts';
import type { Fault, FaultsClient } from '../../helpers/clients/faults-client.ts';
import type { Lead } from '../../helpers/factories/lead.ts';
import { mailOrder } from '../../helpers/factories/mail-order.ts';
import { reconcile } from '../../scripts/ops/reconcile.ts';
import { openFunnelOf } from '../ops/funnel.ts';

const purpose =
  'A page that Notion refused once is made by a second try, and one it refused for good is told.';

const REFUSED = { method: 'POST', path: '^/v1/pages$', status: 500 } satisfies Fault;

const creationsOf = async (faults: FaultsClient, lead: Lead) =>
  (await faults.callsOf('notion', lead)).filter(({ path }) => path === '/v1/pages').length;

test.use({ mode: 'production' });

test.describe(
  'Notion refuses to make a page',
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
    test('once: contact, row, project page and analytics are made all the same', async ({
      lead,
      newLead,
      website,
      webhooks,
      kestra,
      notion,
      faults,
    }) => {
      const [visitor, customer] = [newLead(), newLead()];
      const refusals = [
        [visitor, 1], // the contact of a sign-up
        [customer, 1], // the project page
        [lead, 2], // contact and row, at the same time
      ] as const;
      for (const [one, count] of refusals) await faults.at('notion', one, { ...REFUSED, count });
      const begun = [
        await website.signsUp(visitor),
        await webhooks.secondary('onboarding', customer),
        await website.completesAssessment(lead),
      ];

      for (const { executionId } of begun) {
        await expect(kestra.handle(executionId), 'nothing lost').toReachState('SUCCESS', {
          within: BUDGET.handlerMs,
        });
      }
      for (const one of [visitor, customer, lead]) {
        await expect(notion.contacts(one), 'one contact').toSettleAt(1, BY_NOW);
        const answers = (await faults.callsOf('notion', one)).map(({ status }) => status);
        expect(answers, 'Notion was asked for nothing malformed').not.toContain(400);
      }
      const { url } = await notion.project(customer);
      const [mail] = await kestra.mailsOf(String(begun[1]?.executionId)).read();
      expect(mail?.inputs).toMatchObject({ lead: { portal_url: url } });
      const row = await notion.trackerRow(lead, '5day');
      const mails = await kestra.mailsOf(String(begun[2]?.executionId)).read();
      expect(mails.map(({ inputs }) => inputs?.['tracker_page_id'])).toEqual(mails.map(() => row.id));
    });

    test('once, of a mail without a row: row and analytics are made, be it sent or failed', async ({
      lead,
      newLead,
      kestra,
      notion,
      faults,
    }) => {
      const other = newLead();
      const answersOf = async (one: typeof lead) =>
        (await faults.callsOf('notion', one)).map(({ status }) => status);
      for (const one of [lead, other]) await faults.at('notion', one, { ...REFUSED, count: 2 });
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
        const row = await notion.trackerRow(one, '5day');
        expect(row.values, 'of this lead').toMatchObject({ Email: one.email, 'First Name': one.firstName });
        await expect(notion.analytics(one), 'one page').toSettleAt(1, BY_NOW);
        expect(await answersOf(one), 'Notion was asked for nothing malformed').not.toContain(400);
      }
    });

    test('while another execution makes it: the mail is told on that row, be it sent or failed', async ({
      lead,
      newLead,
      kestra,
      notion,
      faults,
    }) => {
      const other = newLead();
      for (const one of [lead, other]) {
        await faults.at('notion', one, { ...REFUSED, delayMs: 8_000, count: 2 });
      }
      await faults.at('resend', other, { method: 'POST', status: 422 });
      const sent = await kestra.start('send-email', mailOrder(lead, 3));
      const failed = await kestra.start('send-email', mailOrder(other, 3));
      for (const one of [lead, other]) {
        const asked = async () => (await faults.callsOf('notion', one)).map(({ path }) => path);
        await expect.poll(asked, { timeout: BUDGET.mailMs }).toContain('/v1/pages');
        await notion.addTrackerRow(one, '5day');
      }

      await expect(sent, 'nothing lost').toReachState('SUCCESS', { within: BUDGET.mailMs });
      await expect(failed).toReachState('FAILED', { within: BUDGET.mailMs });
      for (const [one, status] of [
        [lead, 'sent'],
        [other, 'failed'],
      ] as const) {
        await expect(notion.trackerRows(one), 'one row').toHaveTrackerFacts(
          [{ email_number: 3, status, sent_by: 'kestra' }],
          { within: BUDGET.settleMs },
        );
        expect((await notion.trackerRow(one, '5day')).values, 'its other facts stay').toMatchObject({
          'First Name': '',
          'Started At': null,
        });
      }
    });

    test('and answers nothing from then on: the customer gets the mails, without the page', async ({
      lead,
      webhooks,
      kestra,
      faults,
    }) => {
      // Refused only once Notion is down for the lead, so that it is not asked whether the page was made after all.
      await faults.at('notion', lead, { ...REFUSED, delayMs: 8_000, count: 1 });
      const { executionId } = await webhooks.secondary('onboarding', lead);
      const asked = async () => (await faults.callsOf('notion', lead)).map(({ path }) => path);
      await expect.poll(asked, { timeout: BUDGET.handlerMs }).toContain('/v1/pages');
      await faults.at('notion', lead, { status: 500 });

      const handler = kestra.handle(executionId);
      await expect(handler).toReachState('WARNING', { within: BUDGET.handlerMs });
      await expect(handler, 'says what').toHaveLogged(/^Failed http request with response code '500'/, {
        within: BUDGET.settleMs,
        minLevel: 'WARN',
        taskId: 'create_project',
      });
      await expect(kestra.mailsOf(executionId), 'three mails').toSettleAt(3, BY_NOW);
    });

    test('for good: the execution ends with a warning that names it, and reconcile makes it later', async ({
      lead,
      target,
      website,
      kestra,
      notion,
      faults,
    }) => {
      const outage = await faults.at('notion', lead, REFUSED);
      const since = new Date();
      const { executionId } = await website.completesAssessment(lead);

      const handler = kestra.handle(executionId);
      await expect(handler, 'scheduled, with a loss').toReachState('WARNING', { within: BUDGET.handlerMs });
      const [engine] = await kestra.subtreeOf(executionId).read();
      await expect(kestra.handle(String(engine?.id)), 'says what').toHaveLogged(
        'Notion missed: record_email_1_again, write_contact_again, write_row_again',
        { within: BUDGET.settleMs, minLevel: 'WARN', taskId: 'tell' },
      );
      expect(await creationsOf(faults, lead), 'contact, row and analytics, twice each').toBe(6);
      await faults.remove('notion', outage);
      await reconcile({ funnel: await openFunnelOf(target), since, only: lead.email, write: true });
      await expect(notion.contacts(lead), 'one contact').toSettleAt(1, BY_NOW);
      await expect(notion.trackerRows(lead), 'one row').toSettleAt(1, BY_NOW);
      await expect(notion.analytics(lead), 'mail 1').toSettleAt(1, BY_NOW);
    });

    test('for good, of a mail without a row: it goes with a warning, or fails, and what was lost is named', async ({
      lead,
      newLead,
      kestra,
      mailbox,
      faults,
    }) => {
      const other = newLead();
      for (const one of [lead, other]) await faults.at('notion', one, REFUSED);
      await faults.at('resend', other, { method: 'POST', status: 422 });
      const sent = await kestra.start('send-email', mailOrder(lead, 3));
      const failed = await kestra.start('send-email', mailOrder(other, 3));

      await expect(sent, 'sent, with a loss').toReachState('WARNING', { within: BUDGET.mailMs });
      await expect(sent, 'says what').toHaveLogged('Notion missed: write_analytics_again, write_row_again', {
        within: BUDGET.settleMs,
        minLevel: 'WARN',
        taskId: 'tell',
      });
      await expect(mailbox.of(lead), 'one mail').toSettleAt(1, BY_NOW);
      await expect(failed).toReachState('FAILED', { within: BUDGET.mailMs });
      for (const one of [lead, other]) {
        expect(await creationsOf(faults, one), 'row and analytics, twice each').toBe(4);
      }
    });

    test('for good, of a visitor and of a customer: the handler names what was lost, and the customer gets the mails', async ({
      lead,
      newLead,
      website,
      webhooks,
      kestra,
      faults,
    }) => {
      const customer = newLead();
      for (const one of [lead, customer]) await faults.at('notion', one, REFUSED);
      const signup = await website.signsUp(lead);
      const onboarding = await webhooks.secondary('onboarding', customer);

      const told = [
        [signup, 'tell', 'Notion missed: write_contact_again'],
        [onboarding, 'create_project_again', /^Failed http request with response code '500'/],
      ] as const;
      for (const [{ executionId }, taskId, what] of told) {
        const handler = kestra.handle(executionId);
        await expect(handler).toReachState('WARNING', { within: BUDGET.handlerMs });
        await expect(handler).toHaveLogged(what, { within: BUDGET.settleMs, minLevel: 'WARN', taskId });
      }
      await expect(kestra.mailsOf(onboarding.executionId), 'three mails').toSettleAt(3, BY_NOW);
      expect(await creationsOf(faults, lead), 'the contact, twice').toBe(2);
      expect(await creationsOf(faults, customer), 'project, contact and row, twice each').toBe(6);
    });
  },
);
