import { about, expect, test } from '../../fixtures/index.ts';
import { BUDGET } from '../../helpers/budgets.ts';
import { mailOrder } from '../../helpers/factories/mail-order.ts';
import { timetableOf } from '../../helpers/timetable.ts';

const purpose = 'A day has 24 hours: no mail comes an hour early or late because the clocks have changed.';
const HOUR = 3_600_000;

/** The last Sunday of that month, this year or next: the European Union's clocks change at 01:00 UTC. */
function clocksChange(month: 'March' | 'October'): Date {
  const now = new Date();
  const [change] = [0, 1]
    .map((years) => {
      const last = new Date(Date.UTC(now.getUTCFullYear() + years, month === 'March' ? 2 : 9, 31, 1));
      return new Date(last.getTime() - last.getUTCDay() * 24 * HOUR);
    })
    .filter((at) => at.getTime() - now.getTime() > 48 * HOUR);
  return change!;
}

/** The noon before, as a clock in Berlin shows it. */
function noonBefore(change: Date, offset: '+01:00' | '+02:00'): string {
  return `${new Date(change.getTime() - 14 * HOUR).toISOString().slice(0, 10)}T12:00:00${offset}`;
}

test.use({ mode: 'production' });

// The local engine runs in Berlin's time, so a day counted by the calendar shows.
test.describe(
  'when the clocks change',
  { tag: ['@sequence', '@delays'], annotation: about({ feature: 'Delays', covers: ['2.5'], purpose }) },
  () => {
    test(
      'in spring and in autumn each mail keeps its distance from the start, to the second',
      { tag: '@blocked:own-dates' },
      async ({ newLead, kestra }) => {
        const starts = [
          noonBefore(clocksChange('March'), '+01:00'),
          noonBefore(clocksChange('October'), '+02:00'),
        ];

        // Further ahead than a webhook may tell, so the sequence engine is asked as the handlers ask it.
        await Promise.all(
          starts.flatMap((startsAt) =>
            (['5day', 'noshow'] as const).map(async (sequence) => {
              const { lead } = mailOrder(newLead(), 2, sequence);
              const inputs = { sequence_type: sequence, lead, starts_at: startsAt };
              const asked = await kestra.start('schedule-email-sequence', inputs);
              await expect(asked, startsAt).toReachState('SUCCESS', { within: BUDGET.handlerMs });
              await expect(kestra.mailsOf(asked.id), `${sequence} from ${startsAt}`).toFollowTimetable(
                timetableOf(sequence, 'production', startsAt),
                { within: BUDGET.settleMs },
              );
            }),
          ),
        );
      },
    );
  },
);
