import { about, expect, test, testCase } from '../../fixtures/index.ts';
import { BUDGET, BY_NOW, SETTLED } from '../../helpers/budgets.ts';
import { pathOf, scheduledAt } from '../../helpers/clients/execution.ts';
import { timetableOf } from '../../helpers/timetable.ts';
import { poll } from '../../helpers/wait.ts';

const purpose =
  'After the assessment the rest of the sequence stands ready in Kestra, where a person can see it and stop it.';
const HOUR = 3_600_000;

test.use({ mode: 'production' });

/** The same kind of moment as the website, a phone or an operator might write it. */
function momentsAround(now: number): string[] {
  const at = (ms: number, offset: string, hours: number) =>
    new Date(now + ms + hours * HOUR).toISOString().replace('Z', offset);
  return [
    at(-2 * HOUR, '+01:00', 1),
    at(-2 * HOUR, '-08:00', -8),
    at(-2 * HOUR, '+05:30', 5.5).replace(/\.\d+/, '.123456789'),
    // Kestra's days are of 24 hours: mails of a summer-time moment do not move when the clocks do.
    at(-3 * HOUR, '+02:00', 2),
    at(20 * HOUR, 'Z', 0).replace(/\.\d+/, ''),
  ];
}

test.describe(
  'what an assessment leaves in Kestra and Notion',
  {
    tag: '@webhook',
    annotation: about({
      feature: 'Sequences',
      covers: ['3.5', '2.5'],
      purpose,
      severity: 'critical',
    }),
  },
  () => {
    test(
      'the scheduled mails of a lead can be listed by address and state',
      { annotation: testCase('TC-4.11.5') },
      async ({ lead, website, kestra, target }) => {
        const { executionId } = await website.completesAssessment(lead);
        await expect(kestra.handle(executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });

        const { value: listed } = await poll(
          () =>
            kestra.search({
              namespace: target.namespaces.production,
              flowId: 'send-email',
              state: ['CREATED'],
              labels: { lead: lead.email },
            }),
          (found) => found.length >= 4,
          BUDGET.settleMs,
        );
        const mails = listed.map(({ inputs, scheduleDate }) => [
          inputs['email_number'],
          Boolean(scheduleDate),
        ]);
        expect(mails.toSorted((a, b) => Number(a[0]) - Number(b[0]))).toEqual([
          [2, true],
          [3, true],
          [4, true],
          [5, true],
        ]);
      },
    );

    test('where nothing is lost, the sequence has nothing to warn of', async ({ lead, website, kestra }) => {
      const { executionId } = await website.completesAssessment(lead);
      await expect(kestra.handle(executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });

      const sequences = (await kestra.subtreeOf(executionId).read()).filter(
        ({ flowId }) => flowId === 'schedule-email-sequence',
      );
      const ends = sequences.map(({ taskRunList }) =>
        taskRunList.filter(({ taskId }) => taskId === 'tell').map(({ state }) => state.current),
      );
      expect(ends).toEqual([['SKIPPED']]);
    });

    test(
      'mails 2 to 5 wait in CREATED for a date ahead, and none has gone out',
      { annotation: testCase('TC-4.11.16') },
      async ({ lead, website, kestra, mailbox }) => {
        const { executionId } = await website.completesAssessment(lead);
        await expect(kestra.handle(executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });

        await expect(kestra.mailsOf(executionId), 'four mails').toSettleAt(4, SETTLED);
        const waiting = await kestra.mailsOf(executionId).read();
        expect(waiting.map(pathOf)).toEqual(['CREATED', 'CREATED', 'CREATED', 'CREATED']);
        const now = Date.now();
        expect(waiting.map((mail) => Number(scheduledAt(mail)?.getTime()) > now)).toEqual([
          true,
          true,
          true,
          true,
        ]);
        await expect(mailbox.of(lead, { sender: 'kestra' }), 'nothing sent yet').toSettleAt(0, BY_NOW);
      },
    );

    test(
      'one tracker row of the campaign begins at the moment of mail 1',
      { annotation: testCase('TC-4.11.6') },
      async ({ lead, website, kestra, notion }) => {
        const sentAt = new Date(Date.now() - 3 * HOUR);
        const { executionId } = await website.completesAssessment(lead, { sentAt });
        await expect(kestra.handle(executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });

        await expect(notion.trackerRows(lead), 'one row').toSettleAt(1, BY_NOW);
        const { values } = await notion.trackerRow(lead, '5day');
        expect(values).toMatchObject({
          Email: lead.email,
          Campaign: 'Christmas 2025',
          'Sequence Type': '5day',
        });
        // Notion keeps no seconds.
        expect(String(values['Started At']).slice(0, 16)).toBe(sentAt.toISOString().slice(0, 16));
      },
    );

    test(
      'the row has mail 1 as sent by the website, at the moment that the website told',
      { annotation: testCase('TC-4.11.7') },
      async ({ lead, website, kestra, notion }) => {
        const sentAt = new Date(Date.now() - 3 * HOUR);
        const { executionId } = await website.completesAssessment(lead, { sentAt });
        await expect(kestra.handle(executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });

        await expect(notion.trackerRows(lead, '5day')).toHaveTrackerFacts(
          [{ email_number: 1, status: 'sent', sent_by: 'website', sent_at: sentAt, resend_id: null }],
          { within: BUDGET.settleMs },
        );
      },
    );

    test(
      'a moment with any offset, with milliseconds, past, ahead or in summer time counts to the second',
      { tag: '@blocked:own-dates', annotation: testCase('TC-4.11.3') },
      async ({ newLead, webhooks, kestra }) => {
        const moments = momentsAround(Date.now());
        const begun = await Promise.all(
          moments.map(async (email1SentAt) => {
            const { executionId } = await webhooks.assessment(newLead(), { email1SentAt });
            return { executionId, email1SentAt };
          }),
        );

        await Promise.all(
          begun.map(async ({ executionId, email1SentAt }) => {
            const handler = kestra.handle(executionId);
            await expect(handler, email1SentAt).toReachState('SUCCESS', { within: BUDGET.handlerMs });
            expect((await handler.read()).outputs['warnings'], email1SentAt).toEqual([]);
            await expect(kestra.mailsOf(executionId), email1SentAt).toFollowTimetable(
              timetableOf('5day', 'production', email1SentAt),
              { within: BUDGET.settleMs },
            );
          }),
        );
      },
    );
  },
);
