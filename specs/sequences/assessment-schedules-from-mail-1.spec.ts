import { about, expect, mails, test, testCase } from '../../fixtures/index.ts';
import { BUDGET } from '../../helpers/budgets.ts';
import { tagOf } from '../../helpers/clients/mail-client.ts';
import { assessmentBody } from '../../helpers/factories/payloads.ts';
import { timetableOf } from '../../helpers/timetable.ts';

const purpose =
  'Each mail of the five days comes at its time after mail 1, whatever time the webhook arrives.';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const ago = (ms: number) => new Date(Date.now() - ms);

test.describe(
  'timetable of the five-day sequence',
  {
    tag: ['@sequence', '@delays'],
    annotation: about({ feature: 'Delays', covers: ['2.5', '3.5'], purpose, severity: 'critical' }),
  },
  () => {
    test(
      'in production mails 2 to 5, and no other, wait one, three, four and five days from mail 1',
      { tag: ['@night', '@blocked:own-dates'], annotation: [testCase('TC-4.11.4'), mails(1)] },
      async ({ lead, website, kestra }) => {
        const { executionId, email1SentAt } = await website.completesAssessment(lead, {
          mode: 'production',
          sentAt: ago(7 * MINUTE),
        });

        await expect(kestra.handle(executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });
        await expect(kestra.mailsOf(executionId), 'mails 2 to 5 and no other').toFollowTimetable(
          timetableOf('5day', 'production', email1SentAt),
          { within: BUDGET.settleMs },
        );
      },
    );

    test(
      'in TESTING_MODE they wait one, two, three and four testing minutes',
      { tag: '@blocked:own-dates' },
      async ({ lead, website, kestra }) => {
        const sentAt = new Date(Date.now() + HOUR); // ahead, so that none is due before its handler is done
        const { executionId, email1SentAt } = await website.completesAssessment(lead, {
          mode: 'testing',
          sentAt,
        });

        await expect(kestra.handle(executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });
        await expect(kestra.mailsOf(executionId), 'mails 2 to 5 and no other').toFollowTimetable(
          timetableOf('5day', 'testing', email1SentAt),
          { within: BUDGET.settleMs },
        );
      },
    );

    test(
      'a payload that asks for testing minutes gets the days of production',
      { tag: '@blocked:own-dates' },
      async ({ lead, webhooks, kestra }) => {
        const email1SentAt = ago(7 * MINUTE).toISOString();
        const asks = { testing_mode: true, TESTING_MODE: 'true' };
        const body = { ...assessmentBody(lead, { email1SentAt }), ...asks };
        const { executionId = '' } = await webhooks.send('assessment', body, { mode: 'production' });

        await expect(kestra.handle(executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });
        await expect(kestra.mailsOf(executionId), 'mails 2 to 5 and no other').toFollowTimetable(
          timetableOf('5day', 'production', email1SentAt),
          { within: BUDGET.settleMs },
        );
      },
    );

    test(
      'two leads with different moments get two timetables',
      { tag: '@blocked:own-dates' },
      async ({ newLead, website, kestra }) => {
        const moments = [ago(3 * HOUR), ago(11 * MINUTE)];
        const begun = await Promise.all(
          moments.map((sentAt) => website.completesAssessment(newLead(), { mode: 'production', sentAt })),
        );

        for (const { executionId, email1SentAt } of begun) {
          await expect(kestra.handle(executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });
          await expect(kestra.mailsOf(executionId), 'the timetable of this lead').toFollowTimetable(
            timetableOf('5day', 'production', email1SentAt),
            { within: BUDGET.settleMs },
          );
        }
      },
    );

    test(
      'without a moment the delays count from the arrival of the webhook, with a warning',
      { tag: '@blocked:own-dates' },
      async ({ lead, webhooks, kestra }) => {
        const { executionId } = await webhooks.assessment(lead, { mode: 'production' });

        const handler = kestra.handle(executionId);
        await expect(handler).toReachState('SUCCESS', { within: BUDGET.handlerMs });
        const { outputs, state, taskRunList } = await handler.read();
        expect(outputs['warnings']).toEqual([expect.stringContaining('email_1_sent_at is missing')]);
        await expect(handler, 'warns').toHaveLogged('email_1_sent_at is missing', {
          within: BUDGET.settleMs,
          minLevel: 'WARN',
        });
        // To the second from the moment the payload was read, which the execution itself tells.
        const validated = taskRunList.find(({ taskId }) => taskId === 'validate');
        const startsAt = String((validated?.outputs['vars'] as EmailOne | undefined)?.email_1.sent_at);
        const read = Date.parse(String(validated?.state.endDate));
        expect(Date.parse(startsAt), 'once it had arrived').toBeGreaterThanOrEqual(
          Date.parse(String(state.startDate)),
        );
        expect(Date.parse(startsAt), 'no later than it was read').toBeLessThanOrEqual(read);
        await expect(kestra.mailsOf(executionId)).toFollowTimetable(
          timetableOf('5day', 'production', startsAt),
          { within: BUDGET.settleMs },
        );
      },
    );

    test(
      'mails already due go out at once, one second apart, and the rest in time',
      { tag: '@blocked:own-dates' },
      async ({ lead, website, kestra, mailbox }) => {
        const { executionId, email1SentAt } = await website.completesAssessment(lead, {
          mode: 'production',
          sentAt: ago(80 * HOUR),
        });

        await expect(kestra.handle(executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });
        await expect(kestra.mailsOf(executionId), '2 and 3 now, 4 and 5 later').toFollowTimetable(
          timetableOf('5day', 'production', email1SentAt),
          { within: BUDGET.settleMs },
        );
        await expect(mailbox.of(lead, { sender: 'kestra' }), 'mails 2 and 3').toSettleAt(2, {
          within: BUDGET.mailMs,
          quietFor: BUDGET.quietMs,
        });
        const sent = await mailbox.of(lead, { sender: 'kestra' }).read();
        expect(new Set(sent.map((mail) => tagOf(mail, 'email_number')))).toEqual(new Set(['2', '3']));
      },
    );
  },
);

interface EmailOne {
  email_1: { sent_at: string };
}
