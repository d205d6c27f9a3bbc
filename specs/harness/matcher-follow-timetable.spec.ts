import { about, expect, test } from '../../fixtures/index.ts';
import { DATE_OF_EARLIER } from '../../helpers/clients/execution.ts';
import { timetableOf } from '../../helpers/timetable.ts';
import { collectionOf, execution } from './fakes.ts';
import { failureOf } from './failure-of.ts';

const purpose = 'A wrong delay, a missing mail or one too many has to show, to the second.';
const timetable = timetableOf('5day', 'production', '2025-12-01T10:00:00Z');
const scheduled = [
  '2025-12-02T10:00:00Z',
  '2025-12-04T10:00:00Z',
  '2025-12-05T10:00:00.400Z',
  '2025-12-06T10:00:00Z',
];
const executions = scheduled.map((date, index) =>
  execution({ id: `e${index}`, number: index + 2, scheduled: date }),
);
const copy = (index: number, date: string) =>
  execution({ id: `copy${index}`, number: index + 4, scheduled: date });
const limits = { within: 150, quietFor: 150 };
/** For what passes, and for what comes to light at a later look: as long as a busy machine needs. */
const patient = { within: 60_000, quietFor: 1_000 };

test.describe(
  'toFollowTimetable',
  { tag: '@harness', annotation: about({ feature: 'Harness', purpose }) },
  () => {
    test('it passes when each mail is scheduled for its moment', async () => {
      await expect(collectionOf('mails', [], executions)).toFollowTimetable(timetable, patient);
    });

    test('it fails for a mail that is a second off, and shows plan beside fact', async () => {
      const off = [...executions.slice(0, 3), execution({ number: 5, scheduled: '2025-12-06T10:00:01Z' })];

      const message = await failureOf(() =>
        expect(collectionOf('mails', off), 'days count from mail 1').toFollowTimetable(timetable, limits),
      );

      expect(message).toContain('days count from mail 1');
      expect(message).toMatch(/#5 +2025-12-06T10:00:00.000Z +2025-12-06T10:00:01.000Z .* 1.0 s too late/);
      expect(message).toMatch(/#2 .* ok/);
    });

    test('it says when each wrong date is that of an earlier execution, and not when one is not', async () => {
      const off = [
        ...executions.slice(0, 2),
        ...scheduled.slice(0, 2).map((date, index) => copy(index, date)),
      ];
      const knowing = (...ids: string[]) => ({
        ...collectionOf('mails', off),
        datesOfEarlier: async () => new Set(ids),
      });
      const failure = (...ids: string[]) =>
        failureOf(() => expect(knowing(...ids)).toFollowTimetable(timetable, limits));

      expect(await failure('copy0', 'copy1')).toContain(`Each wrong date is ${DATE_OF_EARLIER}`);
      expect(await failure('copy0')).not.toContain(DATE_OF_EARLIER);
      expect(await failure()).toMatch(/#4 .* too early/);
    });

    test('it fails for a mail that is missing, doubled or not in the timetable', async () => {
      const missing = collectionOf('mails', executions.slice(1));
      const doubled = collectionOf('mails', [...executions, execution({ id: 'again', number: 2 })]);
      const first = collectionOf('mails', [...executions, execution({ id: 'one', number: 1 })]);

      expect(await failureOf(() => expect(missing).toFollowTimetable(timetable, limits))).toMatch(
        /#2 .* no execution/,
      );
      expect(await failureOf(() => expect(doubled).toFollowTimetable(timetable, limits))).toContain(
        '2 executions of one mail',
      );
      expect(await failureOf(() => expect(first).toFollowTimetable(timetable, limits))).toMatch(
        /#1 .* not in the timetable/,
      );
    });

    test('it fails for a mail too many that shows only after the others', async () => {
      const surplus = execution({ id: 'again', number: 2, scheduled: '2025-12-02T10:00:00Z' });
      const mails = collectionOf('mails', executions, executions, [...executions, surplus]);

      expect(await failureOf(() => expect(mails).toFollowTimetable(timetable, patient))).toContain(
        '2 executions of one mail',
      );
    });

    test('mails that were due when they were created may go at once, one second apart', async () => {
      const created = '2025-12-04T12:00:00Z';
      const rest = executions.slice(2).map((one) => ({ ...one }));
      const at = (number: number, date: string) => execution({ number, scheduled: date, created });
      const apart = [at(2, '2025-12-04T12:00:00Z'), at(3, '2025-12-04T12:00:01Z'), ...rest];
      const together = [at(2, '2025-12-04T12:00:00Z'), at(3, '2025-12-04T12:00:00Z'), ...rest];
      const muchLater = [at(2, '2025-12-04T12:00:00Z'), at(3, '2025-12-04T13:00:00Z'), ...rest];

      await expect(collectionOf('mails', apart)).toFollowTimetable(timetable, patient);
      expect(
        await failureOf(() => expect(collectionOf('mails', together)).toFollowTimetable(timetable, limits)),
      ).toContain('0 ms after #2, expected a second');
      expect(
        await failureOf(() => expect(collectionOf('mails', muchLater)).toFollowTimetable(timetable, limits)),
      ).toContain('was due when created (2025-12-04T12:00:00.000Z)');
    });

    test('it has no negation', async () => {
      const mails = collectionOf('mails', executions);

      expect(await failureOf(() => expect(mails).not.toFollowTimetable(timetable, limits))).toContain(
        'no negation',
      );
    });
  },
);
