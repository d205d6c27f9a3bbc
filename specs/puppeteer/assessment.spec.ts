import { about, expect, test } from '../../fixtures/index.ts';
import { ANSWER_SETS } from '../../helpers/assessment.ts';
import { BUDGET, SETTLED } from '../../helpers/budgets.ts';
import { nameAndSenderOf } from '../../helpers/clients/mail-client.ts';
import { PAGES, SITE_API } from '../../helpers/site.ts';
import { RESPONSIBILITIES, sendersByMail } from '../../helpers/split.ts';
import { consistsOf } from './network.ts';

const purpose =
  'Sixteen clicks bring five mails by two senders, while the browser hears of neither Kestra nor Resend.';

test.describe(
  'assessment, by the browser’s own record',
  {
    tag: ['@puppeteer', '@website', '@blocked:website-webhooks'],
    annotation: about({ feature: 'Assessment', covers: ['4.7', '4.10'], purpose, severity: 'critical' }),
  },
  () => {
    test('sixteen clicks become a tracker row and five mails, and the browser made six requests', async ({
      lead,
      recordedVisitor: visitor,
      calls,
      kestra,
      notion,
      mailbox,
      target,
      site,
    }) => {
      const set = ANSWER_SETS.oneRed;
      await visitor.cameSignedUp(lead);
      await visitor.beginsAssessment();
      await visitor.answersAll(set);

      const { executionId, payload } = await calls.one('assessment', lead);
      expect(payload).toMatchObject({
        email: lead.email,
        red_systems: set.red,
        assessment_score: set.score, // the only one of the answer sets in a browser that has to be rounded
        email_1_status: 'sent',
      });
      await expect(kestra.handle(executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });
      await expect(mailbox.of(lead), 'confirmation and five mails').toSettleAt(6, {
        within: BUDGET.sequenceMs,
        quietFor: BUDGET.quietMs,
      });
      expect(
        sendersByMail((await mailbox.of(lead).read()).map(nameAndSenderOf)),
        'each once, by its sender',
      ).toEqual(sendersByMail(RESPONSIBILITIES.filter(({ mail }) => /^(signup|5day) /.test(mail))));
      await expect(notion.trackerRows(lead), 'one row').toHaveTrackerFacts(
        [
          { email_number: 1, status: 'sent', sent_by: 'website' },
          ...[2, 3, 4, 5].map((email_number) => ({ email_number, status: 'sent', sent_by: 'kestra' })),
        ],
        { within: BUDGET.settleMs },
      );
      await expect(calls.of('assessment', lead), 'one call').toSettleAt(1, SETTLED);

      await consistsOf(await visitor.recording(), { target, site }, [
        `GET ${PAGES.thankYou}`,
        'GET /assets/site.css',
        `GET ${PAGES.assessment}`,
        'GET /assets/site.css',
        'GET /assets/assessment.js',
        `POST ${SITE_API.complete}`,
      ]);
    });
  },
);
