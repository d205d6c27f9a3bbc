import { about, expect, lacking, test } from '../../fixtures/index.ts';
import { BUDGET, BY_NOW } from '../../helpers/budgets.ts';

const purpose = 'A lead in trouble is told to the team at once, and telling costs no mail.';

const SYSTEMS = {
  critical: { red: 3, orange: 1, yellow: 1, green: 3 },
  urgent: { red: 1, orange: 0, yellow: 3, green: 4 },
  optimize: { red: 0, orange: 1, yellow: 3, green: 4 },
};

/** Nothing is due while the test looks on. */
const AHEAD = () => new Date(Date.now() + 20 * 3_600_000).toISOString();

test.describe(
  'the alert for a critical assessment',
  {
    tag: '@alerts',
    annotation: about({ feature: 'Assessment', covers: ['3.5'], purpose, severity: 'critical' }),
  },
  () => {
    test('it tells segment, counts, score, business and execution, and neither name nor address', async ({
      newLead,
      website,
      kestra,
      alerts,
      target,
    }) => {
      const lead = newLead({ firstName: 'Zebulon', businessName: 'North Bakery', systems: SYSTEMS.critical });

      const { executionId } = await website.completesAssessment(lead, { sentAt: AHEAD() });

      await expect(kestra.handle(executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });
      await expect(alerts.saying(executionId), 'one message').toSettleAt(1, BY_NOW);
      const [alert] = await alerts.saying(executionId).read();
      expect(alert).toMatchObject({
        hook: 'discord',
        status: 200,
        body: { allowed_mentions: { parse: [] } },
      });
      expect(alert?.text).toMatch(
        /^CRITICAL assessment: North Bakery, 3 red, 1 orange, score 52, execution (\w+) http\S+\/assessment-handler\/\1$/,
      );
      expect(alert?.text, 'leads there').toContain(`/${target.namespaces.testing}/assessment-handler/`);
      expect(alert?.text).not.toContain(lead.id);
    });

    test('urgent and optimize leads raise none', async ({ newLead, webhooks, kestra, alerts }) => {
      const leads = [newLead({ systems: SYSTEMS.urgent }), newLead({ systems: SYSTEMS.optimize })];
      const begun = await Promise.all(
        leads.map((lead) => webhooks.assessment(lead, { email1SentAt: AHEAD() })),
      );

      for (const { executionId } of begun) {
        await expect(kestra.handle(executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });
        await expect(kestra.mailsOf(executionId), 'it has scheduled').toSettleAt(4, BY_NOW);
        await expect(alerts.saying(executionId)).toSettleAt(0, BY_NOW);
      }
    });

    test('a repeated webhook, which schedules nothing, raises none', async ({
      lead,
      webhooks,
      kestra,
      alerts,
    }) => {
      const mail1 = { email1SentAt: AHEAD() };
      const first = await webhooks.assessment(lead, mail1);
      await expect(kestra.handle(first.executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });

      const second = await webhooks.assessment(lead, mail1);

      await expect(kestra.handle(second.executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });
      await expect(alerts.saying(first.executionId)).toSettleAt(1, BY_NOW);
      await expect(alerts.saying(second.executionId)).toSettleAt(0, BY_NOW);
    });

    test('a hook that is down costs no mail, and the handler says what was missed', async ({
      newLead,
      webhooks,
      kestra,
      alerts,
    }) => {
      const lead = newLead({ businessName: 'Hookless' });
      await alerts.refuse('Hookless', 500);

      const { executionId } = await webhooks.assessment(lead, { email1SentAt: AHEAD() });

      const handler = kestra.handle(executionId);
      await expect(handler).toReachState('WARNING', { within: BUDGET.handlerMs });
      await expect(kestra.mailsOf(executionId), 'all mails are scheduled').toSettleAt(4, BY_NOW);
      await expect(alerts.saying(executionId), 'three tries').toSettleAt(3, BY_NOW);
      await expect(handler).toHaveLogged(/Discord missed: CRITICAL assessment: Hookless/, {
        within: BUDGET.settleMs,
        minLevel: 'WARN',
      });
    });

    test('without the hook nothing happens and the handler ends well', async ({
      lead,
      webhooks,
      kestra,
      alerts,
      deployment,
    }) => {
      const { namespace } = await deployment({
        flows: ['assessment-handler'],
        alerts: true,
        change: lacking('DISCORD_WEBHOOK_URL'),
      });

      const { executionId } = await webhooks.assessment(lead, {
        email1SentAt: AHEAD(),
        namespace,
      });

      const handler = kestra.handle(executionId);
      await expect(handler).toReachState('SUCCESS', { within: BUDGET.handlerMs });
      await expect(kestra.mailsOf(executionId)).toSettleAt(4, BY_NOW);
      await expect(alerts.saying(executionId)).toSettleAt(0, BY_NOW);
      expect(await handler.logs({ minLevel: 'WARN' }), 'not even a line in the log').toEqual([]);
    });

    test('one for whom a single mail is left to schedule raises it as well', async ({
      lead,
      webhooks,
      kestra,
      alerts,
      notion,
    }) => {
      const [gone, email1SentAt] = [new Date(), AHEAD()];
      await notion.addPrefectRow(lead, { 2: gone, 3: gone, 4: gone });

      const { executionId } = await webhooks.assessment(lead, { email1SentAt });

      await expect(kestra.handle(executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });
      await expect(kestra.mailsOf(executionId), 'mail 5').toSettleAt(1, BY_NOW);
      await expect(alerts.saying(executionId), 'one message').toSettleAt(1, BY_NOW);
    });
  },
);
