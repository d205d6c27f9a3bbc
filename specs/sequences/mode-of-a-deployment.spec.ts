import { about, expect, test } from '../../fixtures/index.ts';
import { BUDGET } from '../../helpers/budgets.ts';
import { timetableOf } from '../../helpers/timetable.ts';

const purpose = 'A setting that was forgotten never sends a real lead five days’ mails within minutes.';

test.describe(
  'a deployment that lacks a setting',
  {
    tag: '@sequence',
    annotation: about({ feature: 'Sequences', covers: ['2.5'], purpose, severity: 'critical' }),
  },
  () => {
    test('of its mode keeps production’s delays', async ({ lead, webhooks, kestra, deployment }) => {
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

    test('of a testing minute’s length takes sixty seconds for it', async ({
      lead,
      webhooks,
      kestra,
      deployment,
    }) => {
      const { namespace } = await deployment({
        testing: true,
        flows: ['assessment-handler'],
        change: (flow) => flow.replace('envs.testing_minute_seconds', 'envs.a_variable_nobody_set'),
      });
      const sentAt = new Date();
      const { executionId } = await webhooks.assessment(lead, {
        email1SentAt: sentAt.toISOString(),
        namespace,
      });

      await expect(kestra.handle(executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });
      await expect(kestra.mailsOf(executionId)).toFollowTimetable(
        timetableOf('5day', 'testing', sentAt, 60_000),
        { within: BUDGET.settleMs },
      );
    });
  },
);
