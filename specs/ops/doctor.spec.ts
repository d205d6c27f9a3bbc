import { about, expect, test } from '../../fixtures/index.ts';
import { BY_NOW } from '../../helpers/budgets.ts';
import { runCommandWith } from '../run-command.ts';
import { attachedTo, examined, secretsIn } from './attached.ts';

const purpose =
  'Before a night is lost, one command tells what is missing and what to do, and changes nothing.';

const ALL = [
  'variables',
  'kestra',
  'login',
  'version',
  'deployed',
  'same',
  'notion',
  'databases',
  'schemas',
  'templates',
  'resend',
  'health-check',
  'secrets',
  'webhook-keys',
  'mode',
  'deployment',
  'sender',
  'site',
  'clock',
];
/** What is said of Kestra when nobody may ask it. */
const BEHIND_THE_LOGIN = ['version', 'deployed', 'same', 'health-check', 'secrets', 'webhook-keys', 'mode'];

test.describe(
  'doctor',
  { tag: '@ops', annotation: about({ feature: 'Safety', covers: ['1.2', '1.3'], purpose }) },
  () => {
    test('with everything in place each line is green, and all that is left behind is one health-check', async ({
      target,
      kestra,
      deployment,
    }) => {
      const { namespace, notionAccess, mailbox } = await deployment({ ownResend: true });
      const variables = attachedTo(target, notionAccess);

      const { code, output, faults } = await runCommandWith(
        variables,
        'doctor',
        '--namespace',
        namespace,
        '--production',
        namespace,
      );
      const begun = await kestra.search({ namespace });

      expect({ code, faults }, output).toEqual({ code: 0, faults: [] });
      expect([...output.matchAll(/^✓ (\S+)/gm)].map(([, id]) => id)).toEqual(ALL);
      expect(output).toContain(`\n${ALL.length} well, 0 not, 0 not checked.\n`);
      expect(output).toContain(`execution ${begun[0]?.id} of ${namespace}.health-check is there now`);
      expect(
        begun.map(({ flowId }) => flowId),
        'no webhook was fired',
      ).toEqual(['health-check']);
      await expect(mailbox.all(), 'no mail to anybody').toSettleAt(0, BY_NOW);
      expect(secretsIn(output, target, variables)).toEqual([]);
    });

    test('a wrong password is one red line, and what needs the login is not asked', async ({ target }) => {
      const variables = { ...attachedTo(target), KESTRA_PASSWORD: 'K1-of-somebody-else' };

      const { code, red, notChecked, output } = await examined(variables);

      expect({ code, red }).toEqual({
        code: 1,
        red: { login: 'Kestra refuses the login (401) → look at KESTRA_USER and KESTRA_PASSWORD' },
      });
      expect(notChecked).toEqual([...BEHIND_THE_LOGIN, 'deployment', 'sender']);
      expect(secretsIn(output, target, variables)).toEqual([]);
    });

    test('a Kestra that does not answer is one red line, and the rest is looked at all the same', async ({
      target,
    }) => {
      const variables = { ...attachedTo(target), KESTRA_URL: 'http://127.0.0.1:9' };

      const { code, red, notChecked } = await examined(variables);

      expect({ code, red }).toEqual({
        code: 1,
        red: {
          kestra:
            'no answer from http://127.0.0.1:9 (ECONNREFUSED) → start Kestra, and look at KESTRA_URL and the proxy before it',
        },
      });
      expect(notChecked).toEqual(['login', ...BEHIND_THE_LOGIN, 'deployment', 'sender']);
    });

    test('variables that are missing or swapped are one red line, by name', async ({ target }) => {
      const sound = attachedTo(target);
      const variables = { ...sound, SITE_URL: '', RESEND_API_KEY: sound['NOTION_TOKEN'] };

      const { code, red, notChecked, output } = await examined(variables);

      expect({ code, red }).toEqual({
        code: 1,
        red: {
          variables:
            'missing: SITE_URL; RESEND_API_KEY: this is a token of a Notion integration (ntn_…), and a key of Resend (re_…) belongs here; RESEND_API_KEY: the same value as NOTION_TOKEN → write them into .env; .env.example says what each is',
        },
      });
      expect(notChecked).toEqual(['resend', 'sender', 'site']);
      expect(secretsIn(output, target, variables)).toEqual([]);
    });

    test('a site that does not answer is one red line', async ({ target }) => {
      const { code, red, notChecked } = await examined({
        ...attachedTo(target),
        SITE_URL: 'http://127.0.0.1:9',
      });

      expect({ code, red, notChecked }).toEqual({
        code: 1,
        red: {
          site: 'no answer from http://127.0.0.1:9 (ECONNREFUSED) → look at SITE_URL, and whether the site is up',
        },
        notChecked: [],
      });
    });
  },
);
