import { about, expect, test, testCase } from '../../fixtures/index.ts';
import { ANSWER_SETS } from '../../helpers/assessment.ts';
import { BUDGET } from '../../helpers/budgets.ts';
import { nameAndSenderOf } from '../../helpers/clients/mail-client.ts';
import { SECONDARY } from '../../helpers/factories/payloads.ts';
import { RESPONSIBILITIES, sendersByMail } from '../../helpers/split.ts';
import { comesByKestraAlone } from './secondary.ts';

const purpose = 'After each event a lead gets its three mails, in order, and from Kestra alone.';

test.use({ mode: 'testing' });

test.describe(
  'mails after an event',
  {
    tag: ['@website', '@blocked:event-webhooks'],
    annotation: about({
      feature: 'E-mail split',
      covers: ['4.9', '4.5'],
      purpose,
      severity: 'critical',
    }),
  },
  () => {
    test(
      'after a missed call Kestra sends three mails in order, and the website none',
      { tag: '@blocked:own-dates', annotation: testCase('TC-4.9.2') },
      async ({ lead, siteClient, calls, kestra, mailbox }) => {
        await comesByKestraAlone('noshow', { lead, siteClient, calls, kestra, mailbox });
      },
    );

    test(
      'after a maybe Kestra sends three mails in order, and the website none',
      { tag: '@blocked:own-dates', annotation: testCase('TC-4.9.4') },
      async ({ lead, siteClient, calls, kestra, mailbox }) => {
        await comesByKestraAlone('postcall', { lead, siteClient, calls, kestra, mailbox });
      },
    );

    test(
      'after a payment Kestra sends three mails in order, and the website none',
      { tag: '@blocked:own-dates', annotation: testCase('TC-4.9.6') },
      async ({ lead, siteClient, calls, kestra, mailbox }) => {
        await comesByKestraAlone('onboarding', { lead, siteClient, calls, kestra, mailbox });
      },
    );

    test(
      'one lead through all five funnels gets fifteen mails: two by the website, thirteen by Kestra',
      { tag: '@blocked:website-webhooks', annotation: testCase('TC-4.9.8') },
      async ({ lead, visitor, calls, kestra, mailbox, notion }) => {
        await visitor.signsUp(lead);
        await visitor.answersAll(ANSWER_SETS.twoRed);
        await visitor.booksCall();
        await visitor.operator.lookUp(lead);
        for (const event of SECONDARY) await visitor.operator.tell(event);

        for (const webhook of ['assessment', ...SECONDARY] as const) {
          const { executionId } = await calls.one(webhook, lead);
          await expect(kestra.handle(executionId), webhook).toReachState('SUCCESS', {
            within: BUDGET.handlerMs,
          });
        }
        await expect(mailbox.of(lead), 'fifteen mails').toSettleAt(15, {
          within: BUDGET.sequenceMs,
          quietFor: BUDGET.quietMs,
        });
        const mails = (await mailbox.of(lead).read()).map(nameAndSenderOf);
        expect(sendersByMail(mails)).toEqual(sendersByMail(RESPONSIBILITIES));
        expect(mails.filter(({ sender }) => sender === 'website')).toHaveLength(2);
        await expect(notion.trackerRows(lead), 'four sequences').toSettleAt(4, {
          within: BUDGET.settleMs,
          quietFor: 0,
        });
      },
    );
  },
);
