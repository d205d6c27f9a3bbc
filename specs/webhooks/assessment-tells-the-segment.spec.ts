import { about, expect, test, testCase } from '../../fixtures/index.ts';
import { BUDGET } from '../../helpers/budgets.ts';
import { PRIORITY, SEGMENT_CASES } from '../../helpers/segments.ts';

const purpose = 'Each lead is spoken to as urgently as the answers ask for, and Notion says so.';

test.use({ mode: 'production' });

test.describe(
  'segments',
  {
    tag: '@webhook',
    annotation: about({ feature: 'Assessment', covers: ['2.1', '3.5'], purpose, severity: 'critical' }),
  },
  () => {
    test('red and orange systems decide the segment of contact and tracker row, in all nine cases', async ({
      newLead,
      webhooks,
      kestra,
      notion,
    }) => {
      const email1SentAt = new Date().toISOString();
      const seen = await Promise.all(
        SEGMENT_CASES.map(async ({ red, orange }) => {
          const lead = newLead({ systems: { red, orange, yellow: 0, green: 8 - red - orange } });
          const { executionId } = await webhooks.assessment(lead, { email1SentAt });
          const handler = kestra.handle(executionId);
          await expect(handler).toReachState('SUCCESS', { within: BUDGET.handlerMs });
          const { outputs } = await handler.read();
          const { values: contact } = await notion.contact(lead);
          const { values: row } = await notion.trackerRow(lead, '5day');
          return {
            red,
            orange,
            contact: contact['Segment'],
            row: row['Segment'],
            priority: outputs['priority'],
          };
        }),
      );

      expect(seen).toEqual(
        SEGMENT_CASES.map(({ red, orange, segment }) => ({
          red,
          orange,
          contact: segment,
          row: segment,
          priority: PRIORITY[segment],
        })),
      );
    });

    test(
      'the contact gets score and status, the tracker row the counts',
      { annotation: testCase('TC-4.12.2') },
      async ({ lead, website, kestra, notion }) => {
        const { executionId } = await website.completesAssessment(lead);

        await expect(kestra.handle(executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });
        expect((await notion.contact(lead)).values).toMatchObject({
          first_name: lead.firstName,
          'Business Name': lead.businessName,
          'Assessment Score': lead.score,
          Segment: 'CRITICAL',
          'Christmas Campaign Status': 'Nurture Sequence',
        });
        expect((await notion.trackerRow(lead, '5day')).values).toMatchObject({
          Email: lead.email,
          'First Name': lead.firstName,
          'Business Name': lead.businessName,
          Campaign: 'Christmas 2025',
          'Sequence Type': '5day',
          'Assessment Score': lead.score,
          'Red Systems': 2,
          'Orange Systems': 1,
          'Yellow Systems': 2,
          'Green Systems': 3,
        });
      },
    );
  },
);
