import { about, expect, test, testCase } from '../../fixtures/index.ts';
import { ANSWER_SETS, type AnswerSet } from '../../helpers/assessment.ts';
import { BUDGET } from '../../helpers/budgets.ts';
import type { CallWatch } from '../../helpers/clients/call-watch.ts';
import type { KestraClient } from '../../helpers/clients/kestra-client.ts';
import type { NotionClient } from '../../helpers/clients/notion-client.ts';
import type { Lead } from '../../helpers/factories/lead.ts';
import type { Visitor } from '../../helpers/journeys/visitor.ts';

const purpose =
  'The answers decide how urgent a lead is; a wrong segment puts him into the wrong place on the team’s list.';

interface Witnesses {
  lead: Lead;
  visitor: Visitor;
  calls: CallWatch;
  kestra: KestraClient;
  notion: NotionClient;
}

/** Answers the questions in the browser; the segment that the contact has then, and the one of the tracker row. */
async function segmentsOf(set: AnswerSet, { lead, visitor, calls, kestra, notion }: Witnesses) {
  await visitor.cameSignedUp(lead);
  await visitor.answersAll(set);

  const { executionId } = await calls.one('assessment', lead);
  await expect(kestra.handle(executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });
  const { values: contact } = await notion.contact(lead);
  const { values: row } = await notion.trackerRow(lead, '5day');
  return [contact['Segment'], row['Segment']];
}

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
        const segments = await segmentsOf(ANSWER_SETS.twoRed, { lead, visitor, calls, kestra, notion });

        expect(segments).toEqual(['CRITICAL', 'CRITICAL']);
      },
    );

    test(
      'one red system, or two orange ones, make an urgent lead',
      { annotation: testCase('TC-4.7.7') },
      async ({ newLead, visitorOn, newPage, calls, kestra, notion }) => {
        for (const set of [ANSWER_SETS.oneRed, ANSWER_SETS.twoOrange]) {
          const lead = newLead();
          const visitor = visitorOn(await newPage());

          expect(
            await segmentsOf(set, { lead, visitor, calls, kestra, notion }),
            `${set.red} red, ${set.orange} orange`,
          ).toEqual(['URGENT', 'URGENT']);
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

          expect(
            await segmentsOf(set, { lead, visitor, calls, kestra, notion }),
            `${set.red} red, ${set.orange} orange`,
          ).toEqual(['OPTIMIZE', 'OPTIMIZE']);
        }
      },
    );
  },
);
