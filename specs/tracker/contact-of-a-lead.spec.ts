import { about, expect, test, testCase } from '../../fixtures/index.ts';
import { BUDGET } from '../../helpers/budgets.ts';

const purpose = 'A person who skipped the sign-up form must not be invisible to the team.';

test.use({ mode: 'production' });

test.describe(
  'contact of a lead',
  {
    tag: '@tracker',
    annotation: about({ feature: 'Tracker', covers: ['2.2', '4.14'], purpose, severity: 'critical' }),
  },
  () => {
    test(
      'a missed call of somebody unknown makes the contact, under the property Email',
      { annotation: testCase('TC-4.12.8') },
      async ({ lead, webhooks, kestra, notion }) => {
        const { executionId } = await webhooks.secondary('noshow', lead);

        await expect(kestra.handle(executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });
        expect((await notion.contact(lead)).values).toMatchObject({
          Email: lead.email,
          first_name: lead.firstName,
          'Business Name': lead.businessName,
          'Booking Status': 'No-Show',
        });
      },
    );

    test('a missed call changes the booking of a known contact and nothing else of what is known', async ({
      lead,
      website,
      webhooks,
      kestra,
      notion,
    }) => {
      const assessed = await website.completesAssessment(lead);
      await expect(kestra.handle(assessed.executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });
      const before = await notion.contact(lead);
      const missed = await webhooks.send('noshow', { email: lead.email });
      await expect(kestra.handle(String(missed.executionId))).toReachState('SUCCESS', {
        within: BUDGET.handlerMs,
      });

      const { values } = await notion.contact(lead);
      expect(values).toEqual({ ...before.values, 'Booking Status': 'No-Show' });
      expect(values['Segment'], 'the segment of the assessment stays').toBe('CRITICAL');
    });
  },
);
