import { about, expect, test } from '../../fixtures/index.ts';
import { BUDGET, BY_NOW } from '../../helpers/budgets.ts';
import { isTerminal } from '../../helpers/clients/execution.ts';
import { mailOrder } from '../../helpers/factories/mail-order.ts';

const purpose =
  "Whoever knows a hook's address can write into the team's chat, and a lead's text is no command there.";

test.describe(
  'alerts and what must not get into them or out of them',
  {
    tag: ['@alerts', '@safety'],
    annotation: about({ feature: 'Safety', covers: ['1.3'], purpose, severity: 'critical' }),
  },
  () => {
    test("the hooks' addresses stand in no output, log line or label, whether a hook answers or not", async ({
      target,
      newLead,
      lead,
      webhooks,
      kestra,
      alerts,
    }) => {
      const refused = newLead({ businessName: 'Turned away' });
      await alerts.refuse('Turned away', 403);
      const ahead = new Date(Date.now() + 20 * 3_600_000).toISOString(); // nothing is due meanwhile
      const critical = await Promise.all(
        [lead, refused].map((one) => webhooks.assessment(one, { email1SentAt: ahead })),
      );
      const failed = await kestra.start('send-email', mailOrder(lead, 1));
      await expect(kestra.alertsOf(failed.id)).toSettleAt(1, BY_NOW);
      const [alert] = await kestra.alertsOf(failed.id).read();
      const ids = [...critical.map(({ executionId }) => executionId), String(alert?.id)];
      for (const id of ids) {
        await kestra.handle(id).until(({ state }) => isTerminal(state.current), BUDGET.handlerMs);
      }
      await expect(kestra.handle(ids[1] ?? '')).toHaveLogged(/Discord missed/, { within: BUDGET.settleMs });

      const told = await Promise.all(
        ids.map(async (id) =>
          JSON.stringify([await kestra.handle(id).read(), await kestra.handle(id).logs()]),
        ),
      );

      expect(told.join('\n'), 'the hook was called').toContain("Request '******");
      expect(target.secrets.filter((secret) => told.join('\n').includes(secret))).toEqual([]);
    });

    test('a hostile business name reaches the chat as bare, short words', async ({
      newLead,
      webhooks,
      kestra,
      alerts,
    }) => {
      const lead = newLead({
        businessName: `@everyone <!channel> [pay](https://evil.test) **x** \`y\` {{ secret('RESEND_API_KEY') }} ${'a'.repeat(150)}`,
      });

      const { executionId } = await webhooks.assessment(lead, {
        email1SentAt: new Date(Date.now() + 20 * 3_600_000).toISOString(),
      });

      await expect(kestra.handle(executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });
      await expect(alerts.saying(executionId)).toSettleAt(1, BY_NOW);
      const [alert] = await alerts.saying(executionId).read();
      expect(alert?.text).toMatch(
        /^CRITICAL assessment: everyone channel pay https evil\.test x y secret 'RESEND API KEY' a{14}…, 2 red, 1 orange, score 52, execution /,
      );
    });
  },
);
