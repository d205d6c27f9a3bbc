import { about, expect, test } from '../../fixtures/index.ts';
import { BUDGET } from '../../helpers/budgets.ts';
import { timetableOf } from '../../helpers/timetable.ts';

const purpose = 'A test whose mails are due an hour from when they are scheduled.';
const HOUR_MS = 3_600_000;

test.describe('rehearsal: delays', { annotation: about({ feature: 'Harness', purpose }) }, () => {
  test('the mails of a missed call are due an hour later than the flows have it', async ({
    lead,
    webhooks,
    kestra,
  }) => {
    const { executionId } = await webhooks.secondary('noshow', lead, { mode: 'production' });
    const handler = kestra.handle(executionId);
    await expect(handler).toReachState('SUCCESS', { within: BUDGET.handlerMs });
    const { state } = await handler.read();

    const due = timetableOf('noshow', 'production', String(state.startDate));
    await expect(kestra.mailsOf(executionId)).toFollowTimetable(
      due.map(({ number, at }) => ({ number, at: new Date(at.getTime() + HOUR_MS) })),
      { within: 5_000 },
    );
  });
});
