import { about, expect, test } from '../../fixtures/index.ts';
import { BUDGET, BY_NOW } from '../../helpers/budgets.ts';
import { mailOrder } from '../../helpers/factories/mail-order.ts';
import { notionTellsOf, readsAsItsTemplate } from './sent.ts';

const purpose = 'What the team writes in Notion is what a lead reads; what cannot be sent never reaches one.';
/** Long enough to edit a template first. */
const SOON_MS = 40_000;
const STATIC_SUBJECT = 'Ada, a first look at your roadmap';

test.describe(
  'templates',
  {
    tag: '@sequence',
    annotation: about({ feature: 'Sequences', covers: ['2.6'], purpose, severity: 'critical' }),
  },
  () => {
    test('a template edited after scheduling is sent as it is when the mail is due', async ({
      lead,
      kestra,
      mailbox,
      deployment,
    }) => {
      const { namespace, notion } = await deployment({ flows: ['send-email'] });
      const scheduleDate = new Date(Date.now() + SOON_MS);
      const mail = await kestra.start('send-email', mailOrder(lead, 5), { namespace, scheduleDate });
      await notion.updateTemplate('5-Day E5', {
        subject: 'Edited for {{first_name}}',
        html: '<p>Dear {{first_name}} of {{business_name}}, you scored {{assessment_score}}.</p>',
        text: 'Dear {{first_name}}.',
      });

      await expect(mail).toReachState('SUCCESS', { within: SOON_MS + BUDGET.mailMs });
      const sent = await mailbox.of(lead).read();
      expect(sent.map(({ subject, html, text }) => ({ subject, html, text }))).toEqual([
        {
          subject: `Edited for ${lead.firstName}`,
          html: `<p>Dear ${lead.firstName} of Ada&#x27;s Bakery, you scored ${lead.score}.</p>`,
          text: `Dear ${lead.firstName}.`,
        },
      ]);
    });

    test('a template with every placeholder reads as the lead, the settings and the day make it', async ({
      lead,
      kestra,
      mailbox,
      deployment,
    }) => {
      const deadline = new Date(Date.now() + 10 * 86_400_000);
      const settings = {
        DEADLINE_DATE: deadline.toISOString().slice(0, 10),
        CALENDLY_LINK: 'https://calendly.example/ada',
        PDF_DOWNLOAD_LINK: 'https://pdf.example/plan',
        SPOTS_REMAINING: '7',
        BOOKINGS_COUNT: '12',
      };
      const { namespace, notion } = await deployment({ flows: ['send-email'], settings });
      const expected = {
        first_name: lead.firstName,
        business_name: lead.businessName,
        assessment_score: '52',
        overall_score: '52',
        segment: 'CRITICAL',
        readiness_zone: 'Crisis',
        weakest_system: 'ENGINE',
        weakest_system_1: 'ENGINE',
        WeakestSystem1: 'ENGINE',
        weakest_system_2: 'RADAR',
        WeakestSystem2: 'RADAR',
        strongest_system: 'CREW',
        StrongestSystem: 'CREW',
        red_systems: '3',
        orange_systems: '1',
        yellow_systems: '2',
        green_systems: '4',
        revenue_leak_total: '12400',
        TotalRevenueLeak_K: '12',
        personalized_tip_1: 'List the steps from a first enquiry to a paid job, and time the slowest one.',
        personalized_tip_2: 'Write down the one task that goes wrong most often, as five steps on a page.',
        personalized_tip_3: "Prepare tomorrow's first hour this evening, for two weeks, and compare.",
        deadline_date: deadline.toLocaleDateString('en-US', { dateStyle: 'long', timeZone: 'UTC' }),
        days_to_deadline: '10',
        calendly_link: settings.CALENDLY_LINK,
        pdf_download_link: settings.PDF_DOWNLOAD_LINK,
        spots_remaining: '7',
        bookings_count: '12',
        diagnostic_call_date: 'December 10, 2025',
        portal_url: 'https://portal.example/ada',
      };
      await notion.updateTemplate('5-Day E5', {
        subject: 'All of it',
        html: '<p>All of it</p>',
        text: Object.keys(expected)
          .map((name) => `${name}: {{${name}}}`)
          .join('\n'),
      });
      const order = mailOrder(lead, 5);
      const more = {
        assessment_score: 52,
        segment: 'CRITICAL',
        red_systems: 3,
        orange_systems: 1,
        yellow_systems: 2,
        green_systems: 4,
        weakest_system_1: 'ENGINE',
        weakest_system_2: 'RADAR',
        strongest_system: 'CREW',
        revenue_leak_total: 12_400,
        diagnostic_call_date: '2025-12-10T14:00:00.000Z',
        portal_url: 'https://portal.example/ada',
      };
      const mail = await kestra.start(
        'send-email',
        { ...order, lead: { ...order.lead, ...more } },
        { namespace },
      );

      await expect(mail).toReachState('SUCCESS', { within: BUDGET.mailMs });
      const [sent] = await mailbox.of(lead).read();
      expect(sent?.text?.split('\n')).toEqual(
        Object.entries(expected).map(([name, value]) => `${name}: ${value}`),
      );
    });

    test('a template that cannot be sent gives way to the static one, with a warning', async ({
      newLead,
      kestra,
      mailbox,
      deployment,
    }) => {
      const { namespace, notion } = await deployment({ flows: ['send-email'] });
      const sendOne = async (warning: string) => {
        const lead = newLead();
        const mail = await kestra.start('send-email', mailOrder(lead, 2), { namespace });
        await expect(mail, warning).toReachState('SUCCESS', { within: BUDGET.mailMs });
        await expect(mailbox.of(lead), warning).toSettleAt(1, BY_NOW);
        const [sent] = await mailbox.of(lead).read();
        await expect(mail, warning).toHaveLogged(warning, { within: BUDGET.settleMs, minLevel: 'WARN' });
        return sent?.subject;
      };
      const { id } = await notion.template('5-Day E2');

      await notion.updateTemplate('5-Day E2', { html: '<p>{{nobody_knows}}</p>' });
      const unknown = await sendOne('nobody_knows');
      await notion.updateTemplate('5-Day E2', { html: '' });
      const empty = await sendOne('html is empty');
      await notion.updateTemplate('5-Day E2', { html: '<p>Fine</p>', status: 'Inactive' });
      const inactive = await sendOne('Inactive');
      await notion.archive(id);
      const absent = await sendOne('none of that name');

      expect({ unknown, empty, inactive, absent }).toEqual({
        unknown: STATIC_SUBJECT,
        empty: STATIC_SUBJECT,
        inactive: STATIC_SUBJECT,
        absent: STATIC_SUBJECT,
      });
    });

    test('a deadline that is no date stops no mail, and one that names it gives way to the static text', async ({
      newLead,
      kestra,
      mailbox,
      deployment,
    }) => {
      const settings = { DEADLINE_DATE: 'soon' };
      const { namespace, notion } = await deployment({ flows: ['send-email'], settings });
      await notion.updateTemplate('5-Day E5', { html: '<p>Until {{deadline_date}}</p>' });
      const [one, other] = [newLead(), newLead()];
      const plain = await kestra.start('send-email', mailOrder(one, 4), { namespace });
      const naming = await kestra.start('send-email', mailOrder(other, 5), { namespace });

      for (const mail of [plain, naming]) {
        await expect(mail, 'the mail goes').toReachState('SUCCESS', { within: BUDGET.mailMs });
        await expect(mail, 'says so').toHaveLogged("DEADLINE_DATE is 'soon'", {
          within: BUDGET.settleMs,
          minLevel: 'WARN',
        });
      }
      const [fromNotion] = await mailbox.of(one).read();
      expect(fromNotion?.html).toContain('notion-template');
      const [fallBack] = await mailbox.of(other).read();
      expect(fallBack?.subject).toBe(`${other.firstName}, a last reminder`);
    });

    test(
      'each mail comes from its own template in Notion, filled with the data of its lead',
      { tag: '@blocked:own-dates' },
      async ({ newLead, website, kestra, mailbox, notion, target }) => {
        const lead = newLead({ weakest: ['ENGINE', 'BRAKES'] }); // no defaults of the flows
        const { executionId, email1SentAt } = await website.completesAssessment(lead, {
          mode: 'production',
          sentAt: new Date(Date.now() - 6 * 86_400_000),
        });

        await expect(kestra.handle(executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });
        await expect(mailbox.of(lead, { sender: 'kestra' }), 'mails 2 to 5').toSettleAt(4, {
          within: BUDGET.mailMs,
          quietFor: 0,
        });
        const mails = await mailbox.of(lead, { sender: 'kestra' }).read();
        for (const mail of mails) await readsAsItsTemplate(mail, { lead, notion, target });
        expect(new Set(mails.map(({ html }) => html)).size, 'four different texts').toBe(4);
        await notionTellsOf(mails, '5day', { lead, notion }, email1SentAt);
      },
    );
  },
);
