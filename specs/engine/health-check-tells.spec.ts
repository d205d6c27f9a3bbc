import { about, expect, test } from '../../fixtures/index.ts';
import { BUDGET } from '../../helpers/budgets.ts';
import { keyHash } from '../../scripts/doctor/verdicts.ts';

const purpose =
  'The doctor compares webhook keys and modes by what the server tells, so that nobody has to fire a webhook.';

test.describe(
  'what the health-check tells of the server',
  { tag: '@engine', annotation: about({ feature: 'Safety', covers: ['1.2', '1.3'], purpose }) },
  () => {
    test('each webhook key is told as a hash of this execution alone, and never itself', async ({
      kestra,
      target,
      deployment,
    }) => {
      const { namespace } = await deployment({ flows: ['health-check'] });
      const check = await kestra.start('health-check', {}, { namespace });
      const another = await kestra.start('health-check', {}, { namespace });

      await expect(check).toReachState('SUCCESS', { within: BUDGET.handlerMs });
      await expect(another).toReachState('SUCCESS', { within: BUDGET.handlerMs });
      const executions = [await check.read(), await another.read()];
      const told = executions.map(
        ({ taskRunList }) => taskRunList.find(({ taskId }) => taskId === 'tell')?.outputs['values'],
      );

      const keys = Object.entries(target.kestra.webhookKeys);
      const hashes = (id: string) => Object.fromEntries(keys.map(([name, key]) => [name, keyHash(id, key)]));
      expect(told).toEqual(
        [check, another].map(({ id }) => ({
          server_testing_mode: '',
          webhook_keys: hashes(id),
        })),
      );
      for (const [, key] of keys) expect(JSON.stringify(executions)).not.toContain(key);
    });

    test('a key that the server lacks is told as none, and the server’s mode as it has it', async ({
      kestra,
      target,
      deployment,
    }) => {
      const { namespace } = await deployment({
        flows: ['health-check'],
        // The server's environment is everybody's, so another of its variables stands in for the mode.
        change: (flow) =>
          flow
            .replaceAll('envs.webhook_key_noshow', 'envs.webhook_key_nobody')
            .replaceAll('envs.testing_mode', 'envs.testing_minute_seconds'),
      });
      const check = await kestra.start('health-check', {}, { namespace });

      await expect(check).toReachState('SUCCESS', { within: BUDGET.handlerMs });
      const { taskRunList } = await check.read();

      expect(taskRunList.find(({ taskId }) => taskId === 'tell')?.outputs['values']).toMatchObject({
        server_testing_mode: String(target.testingMinuteMs / 1_000),
        webhook_keys: { noshow: '', signup: expect.stringMatching(/^[0-9a-f]{64}$/) },
      });
    });

    test('whoever gives no answer is named, and what the others said is told all the same', async ({
      kestra,
      deployment,
    }) => {
      const dead = 'http://127.0.0.1:1';
      const notion = '{{ renderOnce(vars.notion) }}/v1/';
      const databases = ['contacts', 'tracker', 'templates', 'analytics', 'projects'];
      const cases = [
        [`${notion}users/me`, 'FAILED', 'Not usable: NOTION_TOKEN: Notion gives no answer'],
        ['{{ renderOnce(vars.resend) }}/', 'FAILED', 'Not usable: RESEND_API_KEY: Resend gives no answer'],
        [
          `${notion}data_sources/{{ kv('NOTION_SOURCES', namespace=flow.namespace)[`,
          'FAILED',
          `Not usable: ${databases.map((database) => `${database}: Notion gives no answer`).join('; ')}`,
        ],
        [
          `${notion}data_sources/{{ kv('NOTION_SOURCES', namespace=flow.namespace).templates`,
          'WARNING',
          'Mails go, but: templates: Notion gives no answer when asked for them',
        ],
      ] as const;

      for (const [address, state, told] of cases) {
        const { namespace } = await deployment({
          flows: ['health-check'],
          change: (flow) => flow.replace(address, (found) => `${dead}/${found.split('/v1/')[1] ?? ''}`),
        });
        const check = await kestra.start('health-check', {}, { namespace });

        await expect(check, told).toReachState(state, { within: BUDGET.handlerMs });
        await expect(check).toHaveLogged(told, { within: BUDGET.settleMs, minLevel: 'ERROR' });
      }
    });
  },
);
