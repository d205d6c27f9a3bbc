import { Resend } from 'resend';
import { about, expect, test } from '../../fixtures/index.ts';
import { BUDGET } from '../../helpers/budgets.ts';
import { emailNumberOf } from '../../helpers/clients/execution.ts';
import { mailOrder } from '../../helpers/factories/mail-order.ts';
import { reportOn } from '../../scripts/ops/lead.ts';
import { mailsWithTheFirstSent, openFunnelOf } from './funnel.ts';

const purpose =
  'An operator sees what one lead got and what is due, and every place where the witnesses disagree.';

const HOUR = 3_600_000;
const mail2IsDue = () => new Date(Date.now() - 25 * HOUR);

test.use({ mode: 'production' });

test.describe(
  'lead',
  { tag: '@ops', annotation: about({ feature: 'Tracker', covers: ['2.4', '2.8'], purpose }) },
  () => {
    test(
      'of a healthy lead nothing is told but what came and what is due',
      { tag: '@blocked:own-dates' },
      async ({ lead, target, website, kestra }) => {
        const { executionId, mailId } = await website.completesAssessment(lead, { sentAt: mail2IsDue() });
        const mails = await mailsWithTheFirstSent(kestra, executionId);

        const funnel = await openFunnelOf(target, lead);
        const report = await reportOn(funnel, lead.email);

        expect(report.disagreements).toEqual([]);
        expect(report.due.map(({ mail, executionId: id }) => `${mail} ${id}`)).toEqual(
          mails.slice(1).map((one) => `5day #${emailNumberOf(one)} ${one.id}`),
        );
        const told = Object.fromEntries(
          report.timeline.map(({ what, kestra: k, notion, resend }) => [what, [k, notion, resend]]),
        );
        expect(Object.keys(told).toSorted()).toEqual([
          '5day #1',
          '5day #2',
          '5day #3',
          '5day #4',
          '5day #5',
          'assessment-handler',
          'schedule-email-sequence',
        ]);
        expect(told['5day #1']).toEqual([
          '',
          expect.stringMatching(/^sent by website/),
          `delivered ${mailId}`,
        ]);
        expect(told['5day #2']).toEqual([
          `${mails[0]?.id} SUCCESS, sent`,
          expect.stringMatching(/^sent by kestra/),
          expect.stringMatching(/^delivered /),
        ]);
        expect(told['5day #3']).toEqual([`${mails[1]?.id} CREATED`, 'scheduled by kestra', '']);
      },
    );

    test(
      'a row that tells another story than Kestra and Resend is named, mail by mail',
      { tag: '@blocked:own-dates' },
      async ({ lead, target, website, kestra, notion }) => {
        const { executionId } = await website.completesAssessment(lead, { sentAt: mail2IsDue() });
        const [sent, third, fourth, fifth] = await mailsWithTheFirstSent(kestra, executionId);
        const row = await notion.trackerRow(lead, '5day');
        const resendId = String(row.values['Email 2 Resend ID']);
        const invented = '6f1f9d3e-0f6c-4a39-8a7e-3f2b6f0c9d11';
        const funnel = await openFunnelOf(target, lead);
        await funnel.notion.update(row.id, {
          'Email 2 Resend ID': { rich_text: [{ text: { content: invented } }] },
          'Email 3 Status': { select: { name: 'sent' } },
          'Email 5 Status': { select: null },
        });
        await kestra.kill(String(fourth?.id));
        await expect(kestra.handle(String(fourth?.id))).toReachState('KILLED', { within: BUDGET.mailMs });

        const { disagreements } = await reportOn(funnel, lead.email);

        expect(disagreements).toEqual([
          `5day #2: the row has Resend's id ${invented}, Kestra was told ${resendId}`,
          `5day #2: the row says sent as ${invented}, and Resend has no such mail to this address`,
          `5day #3: the row says sent, and no execution sent it`,
          `5day #4: the row says scheduled, and no execution waits to send it`,
          `5day #5: ${fifth?.id} waits to send it, and the row says nothing`,
        ]);
        expect([sent?.state.current, third?.state.current]).toEqual(['SUCCESS', 'CREATED']);
      },
    );

    test('a second execution of a mail, a mail that no execution led to, and mails for somebody unsubscribed are named', async ({
      lead,
      target,
      website,
      kestra,
      notion,
    }) => {
      const { executionId } = await website.completesAssessment(lead, { sentAt: new Date() });
      await expect(kestra.handle(executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });
      const [second, third, fourth, fifth] = (await kestra.mailsOf(executionId).read()).map(({ id }) => id);
      const twin = await kestra.start('send-email', mailOrder(lead, 5), {
        labels: { lead: lead.email },
        scheduleDate: new Date(Date.now() + 5 * HOUR),
      });
      const stray = await new Resend(target.mail.keys.kestra, { baseUrl: target.mail.url }).emails.send({
        from: 'The funnel <funnel@funnel.example>',
        to: [lead.email],
        subject: 'Sent by nobody',
        text: 'Sent by nobody',
        tags: [
          { name: 'deployment', value: 'christmas' },
          { name: 'sequence_type', value: '5day' },
          { name: 'email_number', value: '4' },
        ],
      });
      await notion.setContactStatus(lead, 'Unsubscribed');

      const { disagreements } = await reportOn(await openFunnelOf(target, lead), lead.email);

      const unsubscribed = 'although the contact is unsubscribed';
      expect(disagreements).toEqual([
        `5day #2: ${second} waits to send it, ${unsubscribed}`,
        `5day #3: ${third} waits to send it, ${unsubscribed}`,
        `5day #4: ${fourth} waits to send it, ${unsubscribed}`,
        `5day #4: Resend has it as ${stray.data?.id}, and no execution led to that`,
        expect.stringMatching(
          new RegExp(`^5day #5: 2 executions wait to send it: (${fifth}, ${twin.id}|${twin.id}, ${fifth})$`),
        ),
        expect.stringMatching(
          new RegExp(
            `^5day #5: (${fifth}, ${twin.id}|${twin.id}, ${fifth}) waits to send it, ${unsubscribed}$`,
          ),
        ),
      ]);
    });

    test(
      'a mail 1 that Resend knows otherwise than the row, and a contact that missed a mail, are named',
      { tag: '@blocked:own-dates' },
      async ({ lead, newLead, target, website, webhooks, kestra, notion }) => {
        const claimed = newLead();
        const never = await webhooks.assessment(claimed, { email1SentAt: new Date().toISOString() });
        const { executionId, mailId } = await website.completesAssessment(lead, { sentAt: mail2IsDue() });
        const [sent] = await mailsWithTheFirstSent(kestra, executionId);
        await expect(kestra.handle(never.executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });
        const funnel = await openFunnelOf(target, lead);
        await funnel.notion.update((await notion.trackerRow(lead, '5day')).id, {
          'Email 1 Status': { select: { name: 'failed' } },
        });
        await funnel.notion.update((await notion.contact(lead)).id, { 'Last Email Sent': { date: null } });

        const reports = [await reportOn(funnel, lead.email), await reportOn(funnel, claimed.email)];

        expect(reports.map(({ disagreements }) => disagreements)).toEqual([
          [
            expect.stringMatching(
              new RegExp(`^the contact’s Last Email Sent says nothing, and ${sent?.id} sent a mail at `),
            ),
            `5day #1: the row says failed, and Resend has it as ${mailId}`,
          ],
          [expect.stringMatching(/^5day #1: the row says sent, and Resend has no such mail since /)],
        ]);
      },
    );

    test(
      'with a key that may only send, Resend is told as not asked, and the other two are compared',
      { tag: '@blocked:own-dates' },
      async ({ lead, target, website, kestra }) => {
        const { executionId } = await website.completesAssessment(lead, { sentAt: mail2IsDue() });
        const [sent] = await mailsWithTheFirstSent(kestra, executionId);
        const funnel = await openFunnelOf(target, { since: lead.since, resendKey: target.mail.keys.kestra });
        await funnel.notion.update((await funnel.notion.pagesOf('tracker', lead.email))[0]?.id ?? '', {
          'Email 2 Status': { select: { name: 'scheduled' } },
        });

        const report = await reportOn(funnel, lead.email);

        expect(report.unasked).toBe('RESEND_API_KEY may not read: give a key with full access');
        expect(report.disagreements).toEqual([`5day #2: ${sent?.id} sent it, and the row says scheduled`]);
      },
    );
  },
);
