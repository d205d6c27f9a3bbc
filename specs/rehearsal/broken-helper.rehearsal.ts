import { about, expect, test } from '../../fixtures/index.ts';
import { type Sequence, timetableOf } from '../../helpers/timetable.ts';

const purpose = 'A test whose helper throws, as a mistake in our own code does.';

test.describe('rehearsal: helpers', { annotation: about({ feature: 'Harness', purpose }) }, () => {
  test('a timetable of a sequence that does not exist is made', async () => {
    const unknown = 'fiveday' as Sequence;

    expect(timetableOf(unknown, 'production', new Date())).toHaveLength(4);
  });

  test('a timetable of one that does exist is made', async () => {
    expect(timetableOf('5day', 'production', new Date())).toHaveLength(4);
  });
});
