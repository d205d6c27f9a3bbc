import { about, expect, test, testCase } from '../../fixtures/index.ts';
import { ANSWER_SETS } from '../../helpers/assessment.ts';
import { BUDGET, BY_NOW, SETTLED } from '../../helpers/budgets.ts';
import { completionBody } from '../../helpers/clients/site-client.ts';
import { SITE_API } from '../../helpers/site.ts';

const purpose =
  'What is handed in twice counts once, and what cannot be is refused before anybody hears of it.';

test.use({ mode: 'production' });

test.describe(
  'assessments handed in again, or wrong',
  {
    tag: ['@website', '@blocked:website-webhooks'],
    annotation: about({ feature: 'Assessment', covers: ['4.10'], purpose, severity: 'critical' }),
  },
  () => {
    test(
      'the same assessment handed in again brings no second mail and no second row',
      { annotation: testCase('TC-4.10.18') },
      async ({ lead, siteClient, calls, webhooks, kestra, mailbox, notion, site }) => {
        const leadId = await siteClient.signsUp(lead);
        await siteClient.completesAssessment(lead, ANSWER_SETS.twoRed, leadId);
        const { executionId, payload } = await calls.one('assessment', lead);
        await expect(kestra.handle(executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });

        await siteClient.completesAssessment(lead, ANSWER_SETS.twoRed, leadId);
        const again = await webhooks.send('assessment', payload, { mode: site.mode });

        await expect(kestra.handle(String(again.executionId))).toReachState('SUCCESS', {
          within: BUDGET.handlerMs,
        });
        await expect(kestra.mailsOf(String(again.executionId)), 'none of the second').toSettleAt(0, SETTLED);
        await expect(kestra.mailsOf(executionId), 'four of the first').toSettleAt(4, BY_NOW);
        await expect(mailbox.of(lead), 'confirmation and mail 1').toSettleAt(2, BY_NOW);
        await expect(notion.trackerRows(lead), 'one row').toSettleAt(1, BY_NOW);
      },
    );

    test(
      'answers that cannot be are refused by the site, and Kestra hears nothing',
      { annotation: testCase('TC-4.10.19') },
      async ({ lead, siteClient, calls, mailbox }) => {
        const whole = completionBody(lead, ANSWER_SETS.twoRed);
        const bad: Record<string, object> = {
          answers: { ...whole, answers: whole.answers.slice(1) },
          'answers of words': { ...whole, answers: whole.answers.map(String) },
          email: { ...whole, email: lead.email.replace(/\.com$/, '') },
          'no email': { ...whole, email: undefined },
          firstName: { ...whole, firstName: '' },
          'a list': [whole],
        };
        await siteClient.signsUp(lead);
        await calls.one('signup', lead);

        const statuses = await Promise.all(
          Object.entries(bad).map(async ([name, body]) => [
            name,
            (await siteClient.send(SITE_API.complete, body)).status,
          ]),
        );

        expect(Object.fromEntries(statuses)).toEqual(
          Object.fromEntries(Object.keys(bad).map((name) => [name, 400])),
        );
        await expect(calls.of('assessment', lead), 'no call').toSettleAt(0, SETTLED);
        await expect(mailbox.of(lead), 'the confirmation alone').toSettleAt(1, BY_NOW);
      },
    );
  },
);
