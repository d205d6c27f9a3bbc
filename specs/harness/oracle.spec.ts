import { about, expect, test } from '../../fixtures/index.ts';
import { SEGMENT_CASES, segmentOf } from '../../helpers/segments.ts';
import { numbersSentBy, sendersOf } from '../../helpers/split.ts';
import { templateNameOf } from '../../helpers/templates.ts';
import { type Appointment, timetableOf } from '../../helpers/timetable.ts';

const purpose =
  'The specs judge the flows by these delays, thresholds and senders, so they must be what the campaign says.';
const START = '2025-11-29T10:30:00Z';
const told = (timetable: Appointment[]) =>
  timetable.map(({ number, at }) => `#${number} ${at.toISOString()}`);

test.describe(
  'oracle',
  { tag: '@harness', annotation: about({ feature: 'Harness', purpose, severity: 'critical' }) },
  () => {
    test('in production mails 2 to 5 are due one, three, four and five days after mail 1', async () => {
      expect(told(timetableOf('5day', 'production', START))).toEqual([
        '#2 2025-11-30T10:30:00.000Z',
        '#3 2025-12-02T10:30:00.000Z',
        '#4 2025-12-03T10:30:00.000Z',
        '#5 2025-12-04T10:30:00.000Z',
      ]);
    });

    test('in TESTING_MODE they are due one to four testing minutes after it', async () => {
      expect(told(timetableOf('5day', 'testing', START, 5_000))).toEqual([
        '#2 2025-11-29T10:30:05.000Z',
        '#3 2025-11-29T10:30:10.000Z',
        '#4 2025-11-29T10:30:15.000Z',
        '#5 2025-11-29T10:30:20.000Z',
      ]);
    });

    test('the other sequences have three mails each, with delays of their own', async () => {
      expect(told(timetableOf('noshow', 'production', START))).toEqual([
        '#1 2025-11-29T10:35:00.000Z',
        '#2 2025-11-30T10:30:00.000Z',
        '#3 2025-12-01T10:30:00.000Z',
      ]);
      expect(told(timetableOf('postcall', 'production', START))).toEqual([
        '#1 2025-11-29T11:30:00.000Z',
        '#2 2025-12-02T10:30:00.000Z',
        '#3 2025-12-06T10:30:00.000Z',
      ]);
      expect(told(timetableOf('onboarding', 'production', START))).toEqual([
        '#1 2025-11-29T11:30:00.000Z',
        '#2 2025-11-30T10:30:00.000Z',
        '#3 2025-12-02T10:30:00.000Z',
      ]);
      expect(told(timetableOf('noshow', 'testing', START, 60_000))[2]).toBe('#3 2025-11-29T10:33:00.000Z');
      expect(() => timetableOf('5day', 'testing', 'soon')).toThrow('cannot start at "soon"');
    });

    test('red decides the segment first, then orange', async () => {
      expect(SEGMENT_CASES).toHaveLength(9);
      expect(SEGMENT_CASES.map(segmentOf)).toEqual(SEGMENT_CASES.map(({ segment }) => segment));
    });

    test('mail 1 of the five days is the website’s, every other mail is Kestra’s', async () => {
      expect(sendersOf('5day')).toEqual(['website', 'kestra', 'kestra', 'kestra', 'kestra']);
      expect(numbersSentBy('kestra', '5day')).toEqual([2, 3, 4, 5]);
      expect(numbersSentBy('website', 'onboarding')).toEqual([]);
      expect(templateNameOf('5day', 2)).toBe('5-Day E2');
      expect(templateNameOf('noshow', 3)).toBe('noshow_recovery_email_3');
    });
  },
);
