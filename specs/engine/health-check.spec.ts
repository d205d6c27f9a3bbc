import { about, covers, expect, lacking, test } from '../../fixtures/index.ts';
import { BUDGET, BY_NOW } from '../../helpers/budgets.ts';
import type { ExecutionHandle } from '../../helpers/clients/kestra-client.ts';

const purpose =
  'Before a night is lost, one flow tells which secret, database or key cannot be used, and what to do.';

const ERRORS = { within: BUDGET.settleMs, minLevel: 'ERROR' } as const;
const NOBODY = '00000000-0000-4000-8000-000000000000';

/** Which tasks logged an error, beside those that name what was found. */
const errorsBeside = async (check: ExecutionHandle) =>
  (await check.logs({ minLevel: 'ERROR' }))
    .map(({ taskId }) => taskId)
    .filter((task) => !String(task).startsWith('name_the_'));

test.describe(
  'health-check',
  { tag: '@engine', annotation: about({ feature: 'Safety', covers: ['1.3'], purpose }) },
  () => {
    test('with everything in place it ends well, has nothing to say and sends nobody a mail', async ({
      kestra,
      deployment,
    }) => {
      const { namespace, mailbox } = await deployment({ flows: ['health-check'], ownResend: true });
      const check = await kestra.start('health-check', {}, { namespace });

      await expect(check).toReachState('SUCCESS', { within: BUDGET.handlerMs });
      await expect(mailbox.all(), 'no mail to anybody').toSettleAt(0, BY_NOW);
      expect(await check.logs({ minLevel: 'WARN' })).toEqual([]);
      expect(await check.logs({ taskId: 'note' }), 'both hooks are there').toEqual([]);
    });

    test('databases that cannot be read are named, each with the remedy', async ({ kestra, deployment }) => {
      const names = ['contacts', 'tracker', 'templates', 'analytics'];
      const { namespace } = await deployment({
        flows: ['health-check'],
        settings: { NOTION_SOURCES: Object.fromEntries(names.map((name) => [name, NOBODY])) },
      });
      const check = await kestra.start('health-check', {}, { namespace });

      await expect(check).toReachState('FAILED', { within: BUDGET.handlerMs });
      const notFound =
        'Notion does not find it; share it with the integration, or deploy again with its address';
      await expect(check, 'four not found, the fifth not configured').toHaveLogged(
        `Not usable: ${names.map((name) => `${name}: ${notFound}; `).join('')}projects: the deployment knows no such database; deploy again`,
        ERRORS,
      );
    });

    test(
      'secrets that the server lacks are named',
      { annotation: covers('1.2') },
      async ({ kestra, deployment }) => {
        const { namespace } = await deployment({
          flows: ['health-check'],
          change: lacking('NOTION_TOKEN', 'RESEND_API_KEY'),
        });
        const check = await kestra.start('health-check', {}, { namespace });

        await expect(check).toReachState('FAILED', { within: BUDGET.handlerMs });
        await expect(check).toHaveLogged(
          'Not usable: NOTION_TOKEN: the server has no such secret; RESEND_API_KEY: the server has no such secret',
          ERRORS,
        );
        expect(await errorsBeside(check), 'one line, and no trace of how it was found out').toEqual([]);
      },
    );

    test(
      'secrets that their services refuse, and a missing sender, are named',
      { annotation: covers('1.2') },
      async ({ kestra, deployment }) => {
        const { namespace } = await deployment({
          flows: ['health-check'],
          change: (flow) =>
            flow
              .replaceAll(/Bearer \{\{ secret\('\w+'\) \}\}/g, 'Bearer wrong')
              .replaceAll('envs.resend_from', "''"),
        });
        const check = await kestra.start('health-check', {}, { namespace });

        await expect(check).toReachState('FAILED', { within: BUDGET.handlerMs });
        await expect(check).toHaveLogged(
          'Not usable: NOTION_TOKEN: Notion refuses it; RESEND_API_KEY: Resend refuses it; RESEND_FROM: no sender is set; set ENV_RESEND_FROM on the server',
          ERRORS,
        );
      },
    );

    test('without the optional hooks it ends well and says what they are for', async ({
      kestra,
      deployment,
    }) => {
      const { namespace } = await deployment({
        flows: ['health-check'],
        change: lacking('DISCORD_WEBHOOK_URL', 'SLACK_WEBHOOK_URL'),
      });
      const check = await kestra.start('health-check', {}, { namespace });

      await expect(check).toReachState('SUCCESS', { within: BUDGET.handlerMs });
      await expect(check).toHaveLogged(
        /^DISCORD_WEBHOOK_URL is not set: .*; SLACK_WEBHOOK_URL is not set: Slack is not told of failed executions$/,
        { within: BUDGET.settleMs, minLevel: 'INFO' },
      );
      expect(await errorsBeside(check), 'no trace of how it was found out').toEqual([]);
    });
  },
);
