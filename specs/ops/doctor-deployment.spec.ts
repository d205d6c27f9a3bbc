import { about, expect, lacking, test } from '../../fixtures/index.ts';
import { attachedTo, examined, secretsIn } from './attached.ts';

const purpose =
  'A deployment that is not the repository’s, lacks a secret, or would send real leads test mails is told before the night.';

test.describe(
  'doctor, of a deployment',
  { tag: '@ops', annotation: about({ feature: 'Safety', covers: ['1.2', '1.3', '1.4'], purpose }) },
  () => {
    test('flows that are not the repository’s are one red line, by file', async ({ target, deployment }) => {
      const { namespace } = await deployment({
        change: (flow) => (/^id: send-email$/m.test(flow) ? `${flow}\n# by hand\n` : flow),
      });

      const { code, red, notChecked } = await examined(attachedTo(target), '--namespace', namespace);

      expect({ code, red, notChecked }).toEqual({
        code: 1,
        red: {
          same: `send-email.yaml differs → npm run flows -- diff --namespace ${namespace}, then deploy`,
        },
        notChecked: [],
      });
    });

    test('production in TESTING_MODE is one red line, whatever else is looked at', async ({
      target,
      deployment,
    }) => {
      const { namespace } = await deployment({ testing: true, flows: ['health-check'] });

      const { code, red, notChecked } = await examined(attachedTo(target), '--production', namespace);

      expect({ code, red, notChecked }).toEqual({
        code: 1,
        red: {
          mode: `${namespace} would run in TESTING_MODE: its own setting says so → npm run flows -- deploy --namespace ${namespace} --yes`,
        },
        notChecked: [],
      });
    });

    test('a webhook’s key that is not the server’s is one red line, and no webhook is fired', async ({
      target,
      kestra,
      deployment,
    }) => {
      const { namespace } = await deployment();
      const variables = { ...attachedTo(target), WEBHOOK_KEY_NOSHOW: 'q7Zt0_mRv3XwK9pLb2Ns-5Fd' };

      const { red, notChecked, output } = await examined(variables, '--namespace', namespace);
      const begun = await kestra.search({ namespace });

      expect({ red, notChecked }).toEqual({
        red: {
          'webhook-keys':
            "WEBHOOK_KEY_NOSHOW: the server has another → make .env and the server's ENV_WEBHOOK_KEY_… the same, and restart what changed",
        },
        notChecked: [],
      });
      expect(begun.map(({ flowId }) => flowId)).toEqual(['health-check']);
      expect(secretsIn(output, target, variables)).toEqual([]);
    });

    test('a secret that the server lacks, and a sender whose domain nobody verified, are a red line each', async ({
      target,
      deployment,
    }) => {
      const { namespace } = await deployment({
        change: lacking('RESEND_API_KEY'),
        settings: { RESEND_FROM: 'Campaign <hello@elsewhere.test>' },
      });

      const { red, notChecked } = await examined(
        attachedTo(target),
        '--namespace',
        namespace,
        '--skip',
        'same',
      );

      expect({ red, notChecked }).toEqual({
        red: {
          secrets:
            'RESEND_API_KEY: the server has no such secret → npm run secrets -- --check, give the file to the server, and restart it',
          sender:
            'Resend does not know elsewhere.test → verify it at resend.com/domains, or send from one that is verified (ENV_RESEND_FROM)',
        },
        notChecked: [],
      });
    });

    test('a namespace without flows is one red line, and no execution is begun', async ({
      target,
      kestra,
    }) => {
      const namespace = 'christmas.nobody';

      const { red, notChecked, report } = await examined(attachedTo(target), '--namespace', namespace);

      expect({ red, notChecked }).toEqual({
        red: { deployed: `no flow is in ${namespace} → npm run flows -- deploy --namespace ${namespace}` },
        notChecked: ['same', 'health-check', 'secrets', 'webhook-keys', 'deployment', 'sender'],
      });
      expect(report.healthCheck).toBeUndefined();
      expect(await kestra.search({ namespace })).toEqual([]);
    });
  },
);
