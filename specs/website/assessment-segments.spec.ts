import { about, expect, test, testCase } from '../../fixtures/index.ts';
import { ANSWER_SETS } from '../../helpers/assessment.ts';
import { BUDGET } from '../../helpers/budgets.ts';

const purpose =
  'The answers decide how urgent a lead is; a wrong segment puts him into the wrong place on the team’s list.';

test.use({ mode: 'production' });

test.describe(
  'segments of visitors',
  {
    tag: ['@website', '@blocked:website-webhooks'],
    annotation: about({ feature: 'Assessment', covers: ['4.7', '2.1'], purpose, severity: 'critical' }),
  },
  () => {
    test(
      'two red systems make a critical lead',
      { annotation: testCase('TC-4.7.6') },
      async ({ lead, visitor, calls, kestra, notion }) => {
        await visitor.cameSignedUp(lead);
        await visitor.answersAll(ANSWER_SETS.twoRed);

        const { executionId } = await calls.one('assessment', lead);
        await expect(kestra.handle(executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });
        expect((await notion.contact(lead)).values['Segment']).toBe('CRITICAL');
        expect((await notion.trackerRow(lead, '5day')).values['Segment']).toBe('CRITICAL');
      },
    );

    test(
      'one red system, or two orange ones, make an urgent lead',
      { annotation: testCase('TC-4.7.7') },
      async ({ newLead, visitorOn, newPage, calls, kestra, notion }) => {
        for (const set of [ANSWER_SETS.oneRed, ANSWER_SETS.twoOrange]) {
          const lead = newLead();
          const visitor = visitorOn(await newPage());
          await visitor.cameSignedUp(lead);
          await visitor.answersAll(set);

          const { executionId } = await calls.one('assessment', lead);
          await expect(kestra.handle(executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });
          const of = `${set.red} red, ${set.orange} orange`;
          expect((await notion.contact(lead)).values['Segment'], of).toBe('URGENT');
          expect((await notion.trackerRow(lead, '5day')).values['Segment'], of).toBe('URGENT');
        }
      },
    );

    test(
      'one orange system, or none, leaves a lead to optimize',
      { annotation: testCase('TC-4.7.8') },
      async ({ newLead, visitorOn, newPage, calls, kestra, notion }) => {
        for (const set of [ANSWER_SETS.oneOrange, ANSWER_SETS.allYes]) {
          const lead = newLead();
          const visitor = visitorOn(await newPage());
          await visitor.cameSignedUp(lead);
          await visitor.answersAll(set);

          const { executionId } = await calls.one('assessment', lead);
          await expect(kestra.handle(executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });
          const of = `${set.red} red, ${set.orange} orange`;
          expect((await notion.contact(lead)).values['Segment'], of).toBe('OPTIMIZE');
          expect((await notion.trackerRow(lead, '5day')).values['Segment'], of).toBe('OPTIMIZE');
        }
      },
    );
  },
);
