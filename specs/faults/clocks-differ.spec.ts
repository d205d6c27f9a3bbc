import { about, expect, test } from '../../fixtures/index.ts';
import { accountOf } from '../../helpers/account.ts';
import { BUDGET } from '../../helpers/budgets.ts';
import { createdAt } from '../../helpers/clients/execution.ts';
import { need } from '../../helpers/target.ts';
import { timetableOf } from '../../helpers/timetable.ts';

const purpose =
  'A server whose clock is off counts every delay from the website’s moment all the same, and a clock that is set right sends no mail twice and forgets none.';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;

test.use({ mode: 'production', stack: 'own' });

test.describe(
  'the engine’s clock and the website’s differ',
  {
    tag: '@resilience',
    annotation: about({
      feature: 'Resilience',
      covers: ['2.4', '2.5', '2.8', '3.5'],
      purpose,
      severity: 'critical',
    }),
  },
  () => {
    test('an engine that is ahead sends what is due by its clock, once, and nothing again when its clock is set back', async ({
      lead,
      website,
      kestra,
      mailbox,
      notion,
      target,
      engine,
    }, testInfo) => {
      need(target, 'skewed-clock', testInfo);
      const clockAheadMs = 10 * MINUTE;
      await engine.kill();
      await engine.start({ clockAheadMs });
      // Mail 2 is due in five minutes by the website's clock, and was five minutes ago by the engine's.
      const sentAt = new Date(Date.now() - DAY + 5 * MINUTE);
      const before = Date.now();
      const { executionId } = await website.completesAssessment(lead, { sentAt });
      const handler = kestra.handle(executionId);
      await expect(handler).toReachState('SUCCESS', { within: BUDGET.handlerMs });
      const aheadMs = createdAt(await handler.read()).getTime() - before;
      expect(aheadMs, 'by its clock').toBeGreaterThanOrEqual(clockAheadMs - SECOND);
      const executions = kestra.mailsOf(executionId);
      await expect(executions, 'counted from the website’s moment').toFollowTimetable(
        timetableOf('5day', 'production', sentAt),
        { within: BUDGET.settleMs },
      );
      const owed = { lead, sequence: '5day', executions, sent: [2], waiting: [3, 4, 5] } as const;
      const ahead = { ...owed, kestraAheadMs: clockAheadMs };
      await expect(accountOf({ mailbox, notion }, ahead)).toHaveLostNothing({ within: BUDGET.mailMs });
      await engine.kill();
      await engine.start();

      await expect(accountOf({ mailbox, notion }, ahead)).toHaveLostNothing({ within: BUDGET.settleMs });
    });

    test('an engine that is behind takes a moment that is yet to come, and sends what is overdue once its clock is right', async ({
      lead,
      newLead,
      website,
      kestra,
      mailbox,
      notion,
      target,
      engine,
    }, testInfo) => {
      need(target, 'skewed-clock', testInfo);
      const other = newLead();
      await engine.kill();
      await engine.start({ clockAheadMs: -60 * MINUTE });
      // Of one mail 1 goes out now, which the engine takes for the future; the other's mail 2 fell due half an hour ago.
      const now = await website.completesAssessment(lead);
      const sentAt = new Date(Date.now() - DAY - 30 * MINUTE);
      const before = await website.completesAssessment(other, { sentAt });
      const after = Date.now();
      for (const { executionId, email1SentAt } of [now, before]) {
        const handler = kestra.handle(executionId);
        await expect(handler).toReachState('SUCCESS', { within: BUDGET.handlerMs });
        const behindMs = after - createdAt(await handler.read()).getTime();
        expect(behindMs, 'by its clock').toBeGreaterThanOrEqual(60 * MINUTE - SECOND);
        await expect(kestra.mailsOf(executionId), 'counted from the website’s moment').toFollowTimetable(
          timetableOf('5day', 'production', email1SentAt),
          { within: BUDGET.settleMs },
        );
      }
      expect(await mailbox.sendersTo(other), 'not due by its clock').toEqual(['website']);
      await engine.kill();
      const upSince = await engine.start();

      const sequence = '5day';
      const latest = { ms: BUDGET.mailMs, upSince };
      const books = accountOf(
        { mailbox, notion },
        {
          lead,
          sequence,
          executions: kestra.mailsOf(now.executionId),
          sent: [],
          waiting: [2, 3, 4, 5],
        },
        {
          lead: other,
          sequence,
          executions: kestra.mailsOf(before.executionId),
          sent: [2],
          waiting: [3, 4, 5],
          latest,
        },
      );
      await expect(books).toHaveLostNothing({ within: BUDGET.mailMs });
    });
  },
);
