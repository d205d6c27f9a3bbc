import { about, expect, test } from '../../fixtures/index.ts';
import { BUDGET } from '../../helpers/budgets.ts';
import { collectionOf, execution, mail } from './fakes.ts';
import { failureOf } from './failure-of.ts';

const purpose = 'A mail that leaves before its time, twice, or for no reason reaches a real person.';
const root = 'root-1';
const begun = [
  execution({ number: 2, scheduled: '2025-12-01T10:00:05Z', began: '2025-12-01T10:00:06Z', root }),
  execution({ number: 3, scheduled: '2025-12-01T10:00:10Z', began: '2025-12-01T10:00:10Z', root }),
];
const executions = collectionOf('executions', begun);
const second = mail(2, '2025-12-01T10:00:07Z', { correlationId: root });
const third = mail(3, '2025-12-01T10:00:12Z', { correlationId: root });
const limits = { within: 150, latenessMs: 4_000 };

test.describe(
  'toHaveArrivedOnTime',
  { tag: '@harness', annotation: about({ feature: 'Harness', purpose }) },
  () => {
    test('it passes when each mail came once, a little after its moment', async () => {
      await expect(collectionOf('mails', [], [second], [second, third])).toHaveArrivedOnTime(executions, {
        ...limits,
        within: BUDGET.settleMs,
      });
    });

    test('it waits for executions that show late, and for their mails', async () => {
      const late = collectionOf('executions', [], begun.slice(0, 1), begun);
      const mails = collectionOf('mails', [], [second], [second], [second, third]);

      await expect(mails).toHaveArrivedOnTime(late, { ...limits, within: BUDGET.settleMs });
    });

    test('it fails for a mail that came early, late, twice or not at all', async () => {
      const failures = await Promise.all(
        [
          [second, mail(3, '2025-12-01T10:00:09.9Z')],
          [second, mail(3, '2025-12-01T10:00:14.1Z')],
          [second, third, mail(3, '2025-12-01T10:00:13Z', { id: 'again' })],
          [second],
        ].map((mails) =>
          failureOf(() => expect(collectionOf('mails', mails)).toHaveArrivedOnTime(executions, limits)),
        ),
      );

      expect(failures[0]).toContain('100 ms early');
      expect(failures[1]).toContain('4100 ms late');
      expect(failures[2]).toContain('arrived 2 times');
      expect(failures[3]).toMatch(/#3 .* did not arrive/);
    });

    test('it fails for a mail without an execution, or with another’s', async () => {
      const stray = collectionOf('mails', [second, third, mail(4, '2025-12-01T10:00:13Z')]);
      const foreign = collectionOf('mails', [second, { ...third, correlationId: 'root-2' }]);

      expect(await failureOf(() => expect(stray).toHaveArrivedOnTime(executions, limits))).toMatch(
        /#4 .* no execution led to it \(mail-4\)/,
      );
      expect(await failureOf(() => expect(foreign).toHaveArrivedOnTime(executions, limits))).toContain(
        'sent on behalf of another execution: root-2',
      );
    });

    test('it fails when executions began in another order, or when there are none', async () => {
      const swapped = collectionOf('executions', [
        execution({ number: 2, scheduled: '2025-12-01T10:00:05Z', began: '2025-12-01T10:00:11Z' }),
        execution({ number: 3, scheduled: '2025-12-01T10:00:10Z', began: '2025-12-01T10:00:10Z' }),
      ]);
      const mails = collectionOf('mails', [second, third]);

      expect(await failureOf(() => expect(mails).toHaveArrivedOnTime(swapped, limits))).toContain(
        'its execution began before that of #2',
      );
      expect(
        await failureOf(() =>
          expect(collectionOf('mails', [])).toHaveArrivedOnTime(collectionOf('executions', []), limits),
        ),
      ).toContain('on time');
    });

    test('it has no negation', async () => {
      const mails = collectionOf('mails', [second, third]);

      expect(await failureOf(() => expect(mails).not.toHaveArrivedOnTime(executions, limits))).toContain(
        'no negation',
      );
    });
  },
);
