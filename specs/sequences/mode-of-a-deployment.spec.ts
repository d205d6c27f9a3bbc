import { about, expect, test } from '../../fixtures/index.ts';
import { BUDGET } from '../../helpers/budgets.ts';
import { timetableOf } from '../../helpers/timetable.ts';

const purpose = 'A setting that was forgotten never sends a real lead five days’ mails within minutes.';

test.describe(
  'a deployment that says nothing of its mode',
  {
    tag: '@sequence',
    annotation: about({ feature: 'Sequences', covers: ['2.5'], purpose, severity: 'critical' }),
  },
  () => {
    test('keeps production’s delays', async ({ lead, webhooks, kestra, deployment }) => {
      const { namespace } = await deployment({
        testing: true,
        flows: ['assessment-handler'],
        change: (flow) => flow.replace("kv('TESTING_MODE'", "kv('A_SETTING_NOBODY_MADE'"),
      });
      const sentAt = new Date();
      const { executionId } = await webhooks.assessment(lead, {
        email1SentAt: sentAt.toISOString(),
        namespace,
      });

      await expect(kestra.handle(executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });
      await expect(kestra.mailsOf(executionId)).toFollowTimetable(timetableOf('5day', 'production', sentAt), {
        within: BUDGET.settleMs,
      });
    });
  },
);
