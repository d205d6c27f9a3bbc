import { about, expect, test, testCase } from '../../fixtures/index.ts';
import { BUDGET, BY_NOW, SETTLED } from '../../helpers/budgets.ts';
import { tagOf } from '../../helpers/clients/mail-client.ts';
import { timetableOf } from '../../helpers/timetable.ts';

const purpose =
  'A visitor who answers the last question gets mail 1 from the website and the other four from Kestra.';

test.use({ mode: 'production' });

test.describe(
  'assessment on the website',
  {
    tag: ['@website', '@blocked:website-webhooks'],
    annotation: about({
      feature: 'Assessment',
      covers: ['4.7', '3.5', '4.4'],
      purpose,
      severity: 'critical',
    }),
  },
  () => {
    test.describe.configure({ mode: 'default' }); // one worker walks one visitor through, for all of these

    test(
      'the last answer begins one execution of assessment-handler, and it ends well',
      { annotation: testCase('TC-4.7.1') },
      async ({ visit, calls, kestra }) => {
        const { lead, assessment } = await visit();

        const handler = kestra.handle(assessment.executionId);
        await expect(handler, 'the handler ends well').toReachState('SUCCESS', { within: BUDGET.handlerMs });
        expect(assessment.flowId).toBe('assessment-handler');
        await expect(calls.since(assessment.at).of('assessment', lead), 'one call').toSettleAt(1, SETTLED);
      },
    );

    test(
      'the call says what the page showed: address, names, counts, score and weakest systems',
      { annotation: testCase('TC-4.7.2') },
      async ({ visit }) => {
        const { lead, set, assessment } = await visit();

        expect(assessment.payload).toEqual({
          email: lead.email,
          first_name: lead.firstName,
          business_name: lead.businessName,
          red_systems: set.red,
          orange_systems: set.orange,
          yellow_systems: 0,
          green_systems: set.green,
          assessment_score: set.score,
          revenue_leak_total: set.monthlyLoss,
          weakest_system_1: set.weakest[0],
          weakest_system_2: set.weakest[1],
          strongest_system: 'AUTOPILOT',
          email_1_sent_at: expect.any(String),
          email_1_status: 'sent',
        });
      },
    );

    test(
      'mail 1 is out before Kestra is called, and email_1_sent_at is its moment',
      { annotation: testCase('TC-4.7.3') },
      async ({ visit, mailbox }) => {
        const { lead, assessment } = await visit();

        const mails = await mailbox.of(lead, { sender: 'website' }).read();
        const [mail1, ...more] = mails.filter((mail) => tagOf(mail, 'sequence_type') === '5day');
        expect(more, 'one mail 1').toEqual([]);
        const arrived = Number(mail1?.receivedAt);
        const told = Date.parse(String(assessment.payload['email_1_sent_at']));
        expect(told, 'the mail first').toBeGreaterThanOrEqual(arrived);
        expect(told, 'then Kestra').toBeLessThanOrEqual(assessment.at.getTime());
        expect(assessment.payload['email_1_status']).toBe('sent');
      },
    );

    test(
      'the tracker has mail 1 by the website, and mails 2 to 5 by Kestra',
      { annotation: testCase('TC-4.7.4') },
      async ({ visit, kestra, notion }) => {
        const { lead, assessment } = await visit();
        await expect(kestra.handle(assessment.executionId)).toReachState('SUCCESS', {
          within: BUDGET.handlerMs,
        });

        await expect(notion.trackerRows(lead), 'one row, five senders').toHaveTrackerFacts(
          [
            { email_number: 1, status: 'sent', sent_by: 'website' },
            ...[2, 3, 4, 5].map((email_number) => ({ email_number, sent_by: 'kestra' })),
          ],
          { within: BUDGET.settleMs },
        );
      },
    );

    test(
      'in production Kestra lets mails 2 to 5 wait, counted from the visitor’s mail 1',
      { tag: '@blocked:own-dates', annotation: testCase('TC-4.7.5') },
      async ({ visit, kestra, site }) => {
        const { assessment } = await visit();
        await expect(kestra.handle(assessment.executionId)).toReachState('SUCCESS', {
          within: BUDGET.handlerMs,
        });

        const mails = kestra.mailsOf(assessment.executionId);
        await expect(mails, 'each to the second').toFollowTimetable(
          timetableOf('5day', site.mode, String(assessment.payload['email_1_sent_at'])),
          { within: BUDGET.settleMs },
        );
        await expect(mails, 'and no other').toSettleAt(4, BY_NOW);
      },
    );
  },
);
