import { about, expect, mails, test } from '../../fixtures/index.ts';
import { ANSWER_SETS } from '../../helpers/assessment.ts';
import { BUDGET, BY_NOW } from '../../helpers/budgets.ts';
import { isFarOff } from '../../helpers/clients/kestra-client.ts';
import { timetableOf } from '../../helpers/timetable.ts';

const purpose =
  'The real site and the deployment behind it start the sequence of a visitor; one a night is enough to know.';

test.use({ mode: 'production' });

test.describe(
  'one visitor of a night',
  {
    tag: ['@website', '@blocked:website-webhooks', '@blocked:own-dates', '@night'],
    annotation: about({
      feature: 'Assessment',
      covers: ['4.7', '4.8', '4.10'],
      purpose,
      severity: 'critical',
    }),
  },
  () => {
    test(
      'signs up and answers all: the deployment behind the site schedules mails 2 to 5 to their dates, and none is left',
      { annotation: mails(2) },
      async ({ lead, visitor, calls, kestra, site, siteNotion, target }) => {
        await visitor.signsUp(lead);
        await visitor.answersAll(ANSWER_SETS.twoRed);

        const { executionId, namespace, payload } = await calls.one('assessment', lead);
        await expect(kestra.handle(executionId), 'the handler ends well').toReachState('SUCCESS', {
          within: BUDGET.handlerMs,
        });
        const email1SentAt = String(payload['email_1_sent_at']);
        await expect(kestra.mailsOf(executionId), 'mails 2 to 5 and no other').toFollowTimetable(
          timetableOf('5day', site.mode, email1SentAt),
          { within: BUDGET.settleMs, quietFor: 0 },
        );
        // At once: where the site stands before a deployment in TESTING_MODE, mail 2 is due in a minute.
        await kestra.killWaiting(executionId);
        const waiting = async () => (await kestra.mailsOf(executionId).read()).filter(isFarOff);
        await expect
          .poll(async () => (await waiting()).map(({ id }) => id), {
            message: 'no mail is left',
            timeout: BUDGET.settleMs,
          })
          .toEqual([]);

        expect(namespace).toBe(target.siteNamespaces[site.mode]);
        await expect(
          siteNotion.trackerRows(lead, '5day'),
          'one row, mail 1 the website’s',
        ).toHaveTrackerFacts(
          [{ email_number: 1, status: 'sent', sent_by: 'website', sent_at: email1SentAt, resend_id: null }],
          { within: BUDGET.settleMs },
        );
        await expect(siteNotion.contacts(lead), 'one contact').toSettleAt(1, BY_NOW);
      },
    );
  },
);
