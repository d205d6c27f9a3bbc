import { about, expect, lacking, test } from '../../fixtures/index.ts';
import { BUDGET, BY_NOW, SETTLED } from '../../helpers/budgets.ts';
import { signupBody } from '../../helpers/factories/payloads.ts';
import { mailOrder } from '../../helpers/factories/mail-order.ts';

const purpose = 'When an execution fails somebody learns of it, once, without looking into Kestra.';

test.describe(
  'alerts about failed executions',
  {
    tag: '@alerts',
    annotation: about({ feature: 'Safety', covers: ['1.3'], purpose, severity: 'critical' }),
  },
  () => {
    test('a rejected payload is told once to each hook: flow, execution, link, and nothing of the lead', async ({
      lead,
      webhooks,
      kestra,
      alerts,
      target,
    }) => {
      const answer = await webhooks.send('signup', { ...signupBody(lead), email: null });
      const executionId = String(answer.executionId);

      await expect(kestra.handle(executionId)).toReachState('FAILED', { within: BUDGET.handlerMs });
      await expect(kestra.alertsOf(executionId), 'one alert').toSettleAt(1, SETTLED);
      await expect(alerts.saying(executionId), 'one message each').toSettleAt(2, BY_NOW);
      const told = await alerts.saying(executionId).read();
      expect(new Set(told.map(({ hook, status }) => `${hook} ${status}`))).toEqual(
        new Set(['discord 200', 'slack 200']),
      );
      expect(told.map(({ text }) => text)).toEqual(
        Array<unknown>(2).fill(
          expect.stringMatching(
            /^FAILED: signup-handler in (\S+) at \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC, execution (\w+) http\S+\/\1\/signup-handler\/\2$/,
          ),
        ),
      );
      for (const { text } of told) expect(text).toContain(` in ${target.namespaces.testing} at `);
    });

    test('a lost secondary write and a killed mail are no failures', async ({
      lead,
      webhooks,
      kestra,
      faults,
    }) => {
      await faults.at('notion', lead, { status: 500 });
      const { executionId } = await webhooks.signup(lead);
      const mail = await kestra.start('send-email', mailOrder(lead, 2), {
        scheduleDate: new Date(Date.now() + 3_600_000),
      });

      await kestra.kill(mail.id);

      await expect(mail).toReachState('KILLED', { within: BUDGET.handlerMs });
      await expect(kestra.handle(executionId)).toReachState('WARNING', { within: BUDGET.handlerMs });
      await expect(kestra.alertsOf(mail.id), 'none for the killed one').toSettleAt(0, SETTLED);
      await expect(kestra.alertsOf(executionId), 'none for the warning').toSettleAt(0, BY_NOW);
    });

    test('a failure in a namespace below is told there, and not a second time above', async ({
      lead,
      kestra,
      alerts,
      deployment,
    }) => {
      const flows = ['send-email', 'alert-on-failure'];
      const above = await deployment({ flows, alerts: true });
      const { namespace } = await deployment({ flows, alerts: true, below: above.namespace });
      const { id } = await kestra.start('send-email', mailOrder(lead, 1), { namespace });

      await expect(kestra.handle(id)).toReachState('FAILED', { within: BUDGET.handlerMs });
      await expect(kestra.alertsOf(id), 'one in its own namespace').toSettleAt(1, SETTLED);
      await expect(alerts.saying(id), 'one message a hook').toSettleAt(2, SETTLED);
    });

    test('hooks that are down are tried three times each, and the alert ends with a warning', async ({
      lead,
      kestra,
      alerts,
      deployment,
    }) => {
      const { namespace } = await deployment({ flows: ['send-email', 'alert-on-failure'], alerts: true });
      await alerts.refuse(` in ${namespace} at `, 500);
      const { id } = await kestra.start('send-email', mailOrder(lead, 1), { namespace });

      await expect(kestra.alertsOf(id), 'one alert').toSettleAt(1, BY_NOW);
      const [alert] = await kestra.alertsOf(id).read();
      await expect(kestra.handle(String(alert?.id))).toReachState('WARNING', { within: BUDGET.handlerMs });
      const told = await alerts.saying(id).read();
      expect(told.map(({ hook, status }) => `${hook} ${status}`)).toEqual([
        ...Array<string>(3).fill('discord 500'),
        ...Array<string>(3).fill('slack 500'),
      ]);
    });

    test('a deployment that is not to tell is silent', async ({ lead, kestra, alerts }) => {
      const mail = await kestra.start('send-email', mailOrder(lead, 1), { mode: 'production' });
      const told = await kestra.start('send-email', mailOrder(lead, 1), { mode: 'testing' });

      await expect(mail).toReachState('FAILED', { within: BUDGET.handlerMs });
      await expect(kestra.alertsOf(told.id), 'the other one tells').toSettleAt(1, SETTLED);
      await expect(kestra.alertsOf(mail.id), 'this one does not').toSettleAt(0, BY_NOW);
      await expect(alerts.saying(mail.id)).toSettleAt(0, BY_NOW);
    });

    test('without hooks nothing happens and the alert ends well', async ({
      lead,
      kestra,
      alerts,
      deployment,
    }) => {
      const { namespace } = await deployment({
        flows: ['send-email', 'alert-on-failure'],
        alerts: true,
        change: lacking('DISCORD_WEBHOOK_URL', 'SLACK_WEBHOOK_URL'),
      });
      const { id } = await kestra.start('send-email', mailOrder(lead, 1), { namespace });

      await expect(kestra.alertsOf(id)).toSettleAt(1, BY_NOW);
      const [execution] = await kestra.alertsOf(id).read();
      const alert = kestra.handle(String(execution?.id));
      await expect(alert).toReachState('SUCCESS', { within: BUDGET.handlerMs });
      await expect(alerts.saying(id)).toSettleAt(0, BY_NOW);
      expect(await alert.logs({ minLevel: 'WARN' }), 'not even a line in the log').toEqual([]);
    });
  },
);
