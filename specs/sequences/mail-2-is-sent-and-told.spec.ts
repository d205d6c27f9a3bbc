import { about, expect, test, testCase } from '../../fixtures/index.ts';
import { BUDGET, BY_NOW } from '../../helpers/budgets.ts';
import { tagOf } from '../../helpers/clients/mail-client.ts';

const purpose =
  'What a lead has received is known in Notion, with the proof of it, or nobody can answer a call.';
const HOUR = 3_600_000;
/** Mail 2 is due at once, and no other. */
const YESTERDAY = () => new Date(Date.now() - 25 * HOUR);

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
      { annotation: testCase('TC-4.11.13') },
      async ({ lead, website, kestra, mailbox, notion }) => {
        const { executionId } = await website.completesAssessment(lead, { sentAt: YESTERDAY() });
        await expect(mailbox.of(lead, { sender: 'kestra' }), 'mail 2').toSettleAt(1, {
          within: BUDGET.mailMs,
          quietFor: 0,
        });

        await expect(kestra.mailsOf(executionId), 'four mails').toSettleAt(4, BY_NOW);
        const [sent] = await kestra.mailsOf(executionId).read();
        await expect(kestra.handle(String(sent?.id))).toReachState('SUCCESS', { within: BUDGET.mailMs });
        const [mail] = await mailbox.of(lead, { sender: 'kestra' }).read();
        const written = Date.parse(String((await notion.contact(lead)).values['Last Email Sent']));
        // Notion keeps no seconds, and Resend's answer is dated to the second.
        expect(Math.abs(written - Number(mail?.receivedAt)), 'ms apart').toBeLessThan(61_000);
      },
    );

    test(
      'its row has the id under which Resend delivered it',
      { annotation: testCase('TC-4.11.18') },
      async ({ lead, website, mailbox, notion }) => {
        await website.completesAssessment(lead, { sentAt: YESTERDAY() });
        await expect(mailbox.of(lead, { sender: 'kestra' }), 'mail 2').toSettleAt(1, {
          within: BUDGET.mailMs,
          quietFor: 0,
        });

        const [mail] = await mailbox.of(lead, { sender: 'kestra' }).read();
        expect(tagOf(mail!, 'email_number')).toBe('2');
        await expect(notion.trackerRows(lead, '5day')).toHaveTrackerFacts(
          [{ email_number: 2, status: 'sent', resend_id: String(mail?.id) }],
          { within: BUDGET.settleMs },
        );
      },
    );

    test(
      'row and analytics say that Kestra sent it, and it came by the key of Kestra',
      { annotation: testCase('TC-4.11.19') },
      async ({ lead, website, mailbox, notion }) => {
        await website.completesAssessment(lead, { sentAt: YESTERDAY() });
        await expect(mailbox.of(lead, { sender: 'kestra' }), 'mail 2').toSettleAt(1, {
          within: BUDGET.mailMs,
          quietFor: 0,
        });

        await expect(notion.trackerRows(lead, '5day')).toHaveTrackerFacts(
          [
            { email_number: 1, sent_by: 'website' },
            { email_number: 2, status: 'sent', sent_by: 'kestra' },
          ],
          { within: BUDGET.settleMs },
        );
        await expect(notion.analytics(lead), 'mails 1 and 2').toSettleAt(2, {
          ...BY_NOW,
          within: BUDGET.mailMs,
        });
        const rows = (await notion.analytics(lead).read()).map(
          ({ values }) => `${String(values['Email Number'])} by ${String(values['Sent By'])}`,
        );
        expect(rows.toSorted((a, b) => a.localeCompare(b))).toEqual(['1 by website', '2 by kestra']);
      },
    );
  },
);
