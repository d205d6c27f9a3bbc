import { about, expect, test } from '../../fixtures/index.ts';
import { accountOf, alone } from '../../helpers/account.ts';
import { ANSWER_SETS } from '../../helpers/assessment.ts';
import { BUDGET, BY_NOW, SETTLED } from '../../helpers/budgets.ts';
import { assessmentBody } from '../../helpers/factories/payloads.ts';
import { mailOrder } from '../../helpers/factories/mail-order.ts';
import { patient, usual } from './patience.ts';
import { poll } from '../../helpers/wait.ts';

const purpose =
  'A server that loses its power loses no mail and sends none twice, whatever it was doing at that moment.';

const SECOND = 1_000;

test.use({ mode: 'production', stack: 'own' });

test.describe(
  'the engine is killed and started again',
  {
    tag: '@resilience',
    annotation: about({
      feature: 'Resilience',
      covers: ['2.3', '2.4', '2.5', '2.8', '3.5', '3.6'],
      purpose,
      severity: 'blocker',
    }),
  },
  () => {
    test('a sequence that waits goes on: what fell due meanwhile goes at once, the rest at its time', async ({
      lead,
      website,
      kestra,
      mailbox,
      notion,
      engine,
    }) => {
      // Ahead, so that the first is due after the handler's end and before the engine is back.
      const sentAt = new Date(Date.now() + 30 * SECOND);
      const { executionId } = await website.completesAssessment(lead, { mode: 'testing', sentAt });
      await expect(kestra.handle(executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });
      const executions = kestra.mailsOf(executionId);
      await expect(executions).toSettleAt(4, BY_NOW);
      const firstDue = Date.parse((await executions.read())[0]?.scheduleDate ?? '');
      await engine.kill();
      await untilPast(firstDue);
      const upSince = await engine.start();

      // What the engine was at work on in that moment comes after a minute, when the dead one's tasks are taken over.
      const latest = { ms: BUDGET.mailMs, upSince };
      const owed = { lead, sequence: '5day', executions, sent: [2, 3, 4, 5], latest } as const;
      await expect(accountOf({ mailbox, notion }, owed)).toHaveLostNothing({ within: BUDGET.recoveryMs });
      expect(await mailbox.sendersTo(lead)).toEqual(['website', 'kestra', 'kestra', 'kestra', 'kestra']);
    });

    test('a mail that Resend has taken, and a handler half done, are finished once', async ({
      newLead,
      website,
      kestra,
      mailbox,
      notion,
      faults,
      engine,
    }) => {
      const [sending, handled] = [newLead(), newLead()];
      await patient(kestra);
      const atResend = await faults.at('resend', sending, {
        method: 'POST',
        hang: true,
        acceptThenFail: true,
      });
      const mail = await kestra.start('send-email', mailOrder(sending, 2));
      await expect(mailbox.of(sending), 'taken, and never answered').toSettleAt(1, {
        within: BUDGET.mailMs,
        quietFor: 0,
      });
      const atNotion = await faults.at('notion', handled, {
        method: 'POST',
        path: '^/v1/pages$',
        hang: true,
      });
      const { executionId } = await website.completesAssessment(handled);
      const asked = async () => (await faults.callsOf('notion', handled)).map(({ path }) => path);
      await expect.poll(asked, { timeout: BUDGET.handlerMs }).toContain('/v1/pages');
      await engine.kill();
      await faults.remove('resend', atResend);
      await faults.remove('notion', atNotion);
      await engine.start();
      await usual(kestra);

      await expect(kestra.handle(executionId), 'the handler goes on').toReachState('SUCCESS', {
        within: BUDGET.recoveryMs,
      });
      const executions = kestra.mailsOf(executionId);
      const books = accountOf(
        { mailbox, notion },
        { lead: sending, sequence: '5day', executions: alone(mail), sent: [2], handled: false },
        { lead: handled, sequence: '5day', executions, sent: [], waiting: [2, 3, 4, 5] },
      );
      await expect(books).toHaveLostNothing({ within: BUDGET.recoveryMs });
    });

    test('a webhook that was answered with 200 is kept, although the engine dies in that moment', async ({
      lead,
      webhooks,
      kestra,
      mailbox,
      notion,
      engine,
    }) => {
      const email1SentAt = new Date().toISOString();
      const { executionId } = await webhooks.assessment(lead, { email1SentAt });
      await engine.kill();
      await engine.start();

      await expect(kestra.handle(executionId), 'the handler runs').toReachState('SUCCESS', {
        within: BUDGET.recoveryMs,
      });
      const executions = kestra.mailsOf(executionId);
      const owed = { lead, sequence: '5day', executions, sent: [], waiting: [2, 3, 4, 5] } as const;
      await expect(accountOf({ mailbox, notion }, owed)).toHaveLostNothing({ within: BUDGET.settleMs });
    });

    test('a webhook while the engine is dead is refused and leaves nothing; the website calls until it is back', async ({
      newLead,
      target,
      webhooks,
      ownWebsite,
      siteClientOn,
      calls,
      kestra,
      mailbox,
      notion,
      engine,
    }) => {
      const [refused, visitor] = [newLead(), newLead()];
      const { site, log } = await ownWebsite({
        variables: target.websiteVariables('production'),
        retryAfterMs: Array.from({ length: 300 }, () => SECOND),
        answerWithinMs: BUDGET.siteCallMs, // an engine that has just started is slow, and a call given up is a second one
      });
      await engine.kill();
      await expect(webhooks.send('assessment', assessmentBody(refused))).rejects.toThrow('got no answer');
      await siteClientOn(site).completesAssessment(visitor, ANSWER_SETS.twoRed);
      await expect
        .poll(() => log, { timeout: BUDGET.siteCallMs })
        .toContainEqual(expect.stringContaining('ASSESSMENT: TypeError'));
      await engine.start();

      const { executionId } = await calls.one('assessment', visitor);
      await expect(kestra.handle(executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });
      await expect(calls.of('assessment', visitor), 'told once').toSettleAt(1, SETTLED);
      const executions = kestra.mailsOf(executionId);
      const owed = { lead: visitor, sequence: '5day', executions, sent: [], waiting: [2, 3, 4, 5] } as const;
      await expect(accountOf({ mailbox, notion }, owed)).toHaveLostNothing({ within: BUDGET.settleMs });
      expect(await calls.of('assessment', refused).read(), 'no execution').toEqual([]);
      expect(await notion.contacts(refused).read(), 'no contact').toEqual([]);
      expect(await mailbox.of(refused).read(), 'no mail').toEqual([]);
    });
  },
);

/** The clock is the only thing that can be waited for while the engine is dead. */
async function untilPast(moment: number): Promise<void> {
  const leftMs = Math.max(0, moment - Date.now());
  await poll(
    async () => Date.now(),
    (now) => now > moment,
    leftMs + SECOND,
  );
}
