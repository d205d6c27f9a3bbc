import { about, expect, test, testCase } from '../../fixtures/index.ts';
import { BUDGET, BY_NOW } from '../../helpers/budgets.ts';
import { SECONDARY } from '../../helpers/factories/payloads.ts';
import { SITE_API } from '../../helpers/site.ts';
import { timetableOf } from '../../helpers/timetable.ts';

const purpose =
  'What happens after the website, a missed call, a maybe, a payment, starts the sequence that belongs to it.';

test.use({ mode: 'production' });

test.describe(
  'events of a lead',
  {
    tag: ['@website', '@blocked:event-webhooks'],
    annotation: about({ feature: 'Sequences', covers: ['4.9', '4.5'], purpose, severity: 'critical' }),
  },
  () => {
    test(
      'a missed call begins noshow-recovery-handler, with the time of the booking',
      { annotation: testCase('TC-4.9.1') },
      async ({ lead, siteClient, visitor, calls, kestra, notion }) => {
        await siteClient.signsUp(lead);
        await siteClient.send(SITE_API.book, { email: lead.email, date: '2026-12-10', time: '10:30' });
        await visitor.operator.lookUp(lead);
        await visitor.operator.tell('noshow');

        const { executionId, flowId, payload } = await calls.one('noshow', lead);
        expect(flowId).toBe('noshow-recovery-handler');
        await expect(visitor.operator.told).toContainText(executionId);
        await expect(kestra.handle(executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });
        expect(payload).toEqual({
          email: lead.email,
          first_name: lead.firstName,
          business_name: lead.businessName,
          calendly_event_id: expect.stringMatching(/^evt_/),
          scheduled_time: '2026-12-10T10:30:00Z',
        });
        expect((await notion.contact(lead)).values['Booking Status']).toBe('No-Show');
        expect((await notion.trackerRow(lead, 'noshow')).values['Scheduled Time']).toContain(
          '2026-12-10T10:30',
        );
      },
    );

    test(
      'a maybe begins postcall-maybe-handler, and the tracker has outcome, objections and priority',
      { annotation: testCase('TC-4.9.3') },
      async ({ lead, siteClient, visitor, calls, kestra, notion }) => {
        await siteClient.signsUp(lead);
        await visitor.operator.lookUp(lead);
        await visitor.operator.tell('postcall');

        const { executionId, flowId, payload } = await calls.one('postcall', lead);
        expect(flowId).toBe('postcall-maybe-handler');
        await expect(kestra.handle(executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });
        expect(payload).toMatchObject({ email: lead.email, call_outcome: 'maybe', objections: ['time'] });
        expect((await notion.trackerRow(lead, 'postcall')).values).toMatchObject({
          'Call Outcome': 'maybe',
          Objections: 'time',
          'Follow-Up Priority': 'Medium',
        });
      },
    );

    test(
      'a payment begins onboarding-handler, and the customer has a project page',
      { annotation: testCase('TC-4.9.5') },
      async ({ lead, siteClient, visitor, calls, kestra, notion }) => {
        await siteClient.signsUp(lead);
        await visitor.operator.lookUp(lead);
        await visitor.operator.tell('onboarding');

        const { executionId, flowId, payload } = await calls.one('onboarding', lead);
        expect(flowId).toBe('onboarding-handler');
        await expect(kestra.handle(executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });
        expect(payload).toMatchObject({ payment_status: 'paid', package_type: 'foundation' });
        await expect(notion.projects(lead), 'one page').toSettleAt(1, BY_NOW);
        expect((await notion.contact(lead)).values['Phase']).toBe('Phase 1');
      },
    );

    test(
      'in production the nine mails of the three events wait by their timetables',
      { tag: '@blocked:own-dates', annotation: testCase('TC-4.9.7') },
      async ({ lead, siteClient, calls, kestra, site }) => {
        await siteClient.signsUp(lead);
        for (const event of SECONDARY) await siteClient.tells(event, lead);

        for (const event of SECONDARY) {
          const { executionId } = await calls.one(event, lead);
          const handler = kestra.handle(executionId);
          await expect(handler, event).toReachState('SUCCESS', { within: BUDGET.handlerMs });
          await expect(kestra.mailsOf(executionId), event).toFollowTimetable(
            timetableOf(event, site.mode, String((await handler.read()).state.startDate)),
            { within: BUDGET.settleMs },
          );
          await expect(kestra.mailsOf(executionId), 'and no other').toSettleAt(3, BY_NOW);
        }
      },
    );
  },
);
