import { about, expect, test, testCase } from '../../fixtures/index.ts';
import { BUDGET, BY_NOW } from '../../helpers/budgets.ts';
import { pathOf } from '../../helpers/clients/execution.ts';
import type { KestraClient } from '../../helpers/clients/kestra-client.ts';
import { tagOf } from '../../helpers/clients/mail-client.ts';

const purpose =
  'What a lead has received is known in Notion, with the proof of it, or nobody can answer a call.';
const HOUR = 3_600_000;
/** Mail 2 is due at once, and no other. */
const YESTERDAY = () => new Date(Date.now() - 25 * HOUR);

/** Handler and mail 2 ended well, and the other three wait. */
async function mail2IsOut(kestra: KestraClient, executionId: string) {
  await expect(kestra.handle(executionId), 'the handler').toReachState('SUCCESS', {
    within: BUDGET.handlerMs,
  });
  await expect(kestra.mailsOf(executionId), 'four mails').toSettleAt(4, BY_NOW);
  const [mail2, ...waiting] = await kestra.mailsOf(executionId).read();
  await expect(kestra.handle(String(mail2?.id)), 'mail 2').toReachState('SUCCESS', { within: BUDGET.mailMs });
  expect(waiting.map(pathOf), 'mails 3 to 5').toEqual(['CREATED', 'CREATED', 'CREATED']);
}

test.use({ mode: 'production' });

test.describe(
  'mail 2, once it is out',
  {
    tag: '@sequence',
    annotation: about({ feature: 'Tracker', covers: ['2.4', '2.8'], purpose, severity: 'critical' }),
  },
  () => {
    test(
      'the contact has the moment of the last mail',
      { tag: '@blocked:own-dates', annotation: testCase('TC-4.11.13') },
      async ({ lead, website, kestra, mailbox, notion }) => {
        const { executionId } = await website.completesAssessment(lead, { sentAt: YESTERDAY() });

        await mail2IsOut(kestra, executionId);
        const [mail] = await mailbox.of(lead, { sender: 'kestra' }).read();
        const written = Date.parse(String((await notion.contact(lead)).values['Last Email Sent']));
        // Notion keeps no seconds, and Resend's answer is dated to the second.
        expect(Math.abs(written - Number(mail?.receivedAt)), 'ms apart').toBeLessThan(61_000);
      },
    );

    test(
      'its row has the id under which Resend delivered it',
      { tag: '@blocked:own-dates', annotation: testCase('TC-4.11.18') },
      async ({ lead, website, kestra, mailbox, notion }) => {
        const { executionId } = await website.completesAssessment(lead, { sentAt: YESTERDAY() });

        await mail2IsOut(kestra, executionId);
        const mails = await mailbox.of(lead, { sender: 'kestra' }).read();
        expect(mails.map((mail) => tagOf(mail, 'email_number'))).toEqual(['2']);
        await expect(notion.trackerRows(lead, '5day')).toHaveTrackerFacts(
          mails.map(({ id, receivedAt }) => ({
            email_number: 2,
            status: 'sent',
            sent_by: 'kestra',
            resend_id: id,
            sent_at: { from: new Date(receivedAt - 1_000), to: new Date(receivedAt + 60_000) },
          })),
          { within: BUDGET.settleMs },
        );
      },
    );

    test(
      'row and analytics say that Kestra sent it, and it came by the key of Kestra',
      { tag: '@blocked:own-dates', annotation: testCase('TC-4.11.19') },
      async ({ lead, website, kestra, mailbox, notion }) => {
        const { executionId } = await website.completesAssessment(lead, { sentAt: YESTERDAY() });

        await mail2IsOut(kestra, executionId);
        await expect(notion.trackerRows(lead, '5day')).toHaveTrackerFacts(
          [
            { email_number: 1, sent_by: 'website' },
            { email_number: 2, status: 'sent', sent_by: 'kestra' },
          ],
          { within: BUDGET.settleMs },
        );
        expect(await mailbox.sendersTo(lead)).toEqual(['website', 'kestra']);
        await expect(notion.analytics(lead), 'mails 1 and 2').toSettleAt(2, BY_NOW);
        const rows = (await notion.analytics(lead).read()).map(
          ({ values }) => `${String(values['Email Number'])} by ${String(values['Sent By'])}`,
        );
        expect(rows.toSorted((a, b) => a.localeCompare(b))).toEqual(['1 by website', '2 by kestra']);
      },
    );
  },
);
