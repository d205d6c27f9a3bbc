import { about, expect, mails, test, testCase } from '../../fixtures/index.ts';
import { BUDGET, BY_NOW, SETTLED } from '../../helpers/budgets.ts';

const purpose =
  'The tracker is where the team looks: one row for each sequence of a person, and the right one.';
const HOUR = 3_600_000;

test.use({ mode: 'production' });

test.describe(
  'tracker rows of a lead',
  {
    tag: '@tracker',
    annotation: about({ feature: 'Tracker', covers: ['2.2', '2.8'], purpose, severity: 'critical' }),
  },
  () => {
    test(
      'a query by e-mail finds the rows of this lead and of nobody else',
      { tag: '@night', annotation: [testCase('TC-4.12.1'), mails(0)] },
      async ({ newLead, webhooks, kestra, notion }) => {
        const [one, other, stranger] = [newLead(), newLead(), newLead()];
        const begun = await Promise.all([one, other].map((lead) => webhooks.secondary('noshow', lead)));
        for (const { executionId } of begun) {
          await expect(kestra.handle(executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });
        }

        const found = await Promise.all(
          [one, other, stranger].map(async (lead) => notion.trackerRows(lead).read()),
        );
        expect(found.map((rows) => rows.map(({ values }) => values['Email']))).toEqual([
          [one.email],
          [other.email],
          [],
        ]);
      },
    );

    test(
      'a second assessment with another moment leaves mail 1 as it was',
      { annotation: testCase('TC-4.12.3') },
      async ({ lead, website, webhooks, kestra, notion }) => {
        const sentAt = new Date(Date.now() - 5 * HOUR);
        const first = await website.completesAssessment(lead, { sentAt });
        await expect(kestra.handle(first.executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });
        const again = await webhooks.assessment(lead, { email1SentAt: new Date().toISOString() });
        await expect(kestra.handle(again.executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });

        await expect(notion.trackerRows(lead, '5day')).toHaveTrackerFacts(
          [{ email_number: 1, status: 'sent', sent_by: 'website', sent_at: sentAt }],
          { within: BUDGET.settleMs },
        );
      },
    );

    test(
      'an assessment makes a row of type 5day with the segment',
      { annotation: testCase('TC-4.12.4') },
      async ({ newLead, website, kestra, notion }) => {
        const lead = newLead({ systems: { red: 1, orange: 1, yellow: 0, green: 6 } });
        const { executionId } = await website.completesAssessment(lead);
        await expect(kestra.handle(executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });

        const rows = await notion.trackerRows(lead).read();
        expect(rows.map(({ values }) => [values['Sequence Type'], values['Segment']])).toEqual([
          ['5day', 'URGENT'],
        ]);
      },
    );

    test(
      'two sequences of one person keep two rows apart, and one contact',
      { tag: '@night', annotation: [testCase('TC-4.12.14'), mails(0)] },
      async ({ lead, webhooks, kestra, notion }) => {
        const noshow = await webhooks.secondary('noshow', lead);
        await expect(kestra.handle(noshow.executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });
        const postcall = await webhooks.secondary('postcall', lead);
        await expect(kestra.handle(postcall.executionId)).toReachState('SUCCESS', {
          within: BUDGET.handlerMs,
        });

        for (const begun of [noshow, postcall]) {
          await expect(kestra.mailsOf(begun.executionId), 'three mails scheduled').toSettleAt(3, BY_NOW);
        }
        await expect(notion.trackerRows(lead), 'two rows').toSettleAt(2, SETTLED);
        const missed = await notion.trackerRow(lead, 'noshow');
        const maybe = await notion.trackerRow(lead, 'postcall');
        expect(missed.values).toMatchObject({ 'Calendly Event URI': 'evt_123', 'Call Outcome': '' });
        expect(maybe.values).toMatchObject({ 'Calendly Event URI': '', 'Call Outcome': 'maybe' });
        await expect(notion.contacts(lead), 'one contact').toSettleAt(1, BY_NOW);
      },
    );

    test(
      'five reads of a row at once all answer, and all the same',
      { annotation: testCase('TC-4.12.9') },
      async ({ lead, webhooks, kestra, notion }) => {
        const { executionId } = await webhooks.secondary('noshow', lead);
        await expect(kestra.handle(executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });

        const reads = await Promise.all([1, 2, 3, 4, 5].map(async () => notion.trackerRow(lead, 'noshow')));
        expect(new Set(reads.map((row) => JSON.stringify(row))).size).toBe(1);
        expect(reads[0]?.values['Email']).toBe(lead.email);
      },
    );
  },
);
