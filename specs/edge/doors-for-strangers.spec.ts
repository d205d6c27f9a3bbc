import { about, expect, test } from '../../fixtures/index.ts';
import { BUDGET } from '../../helpers/budgets.ts';
import { poll } from '../../helpers/wait.ts';

const purpose =
  'The Internet may call webhooks with the right key, and nothing else: not read a lead, not guess a key, not drown the server.';

// What the UI lives from.
const DATA = [
  'flows/search',
  'executions/search',
  'logs/search',
  'triggers/search',
  'namespaces/christmas/kv',
];
/** More than any sensible limit for webhooks lets through at once. */
const BURST = 300;
const AT_ONCE = 30;

test.describe(
  'Kestra’s public address, its doors for strangers',
  {
    tag: ['@edge', '@blocked:traefik-domain'],
    annotation: about({ feature: 'Safety', covers: ['4.13'], purpose, severity: 'critical' }),
  },
  () => {
    test('a webhook with a wrong key answers 404 without asking for a login, and the answer is Kestra’s', async ({
      edge,
    }) => {
      // Another spec's burst may still count.
      const { value: answer } = await poll(
        () => edge.knock(),
        ({ status }) => status !== 429,
        BUDGET.settleMs,
      );

      expect(answer.status).toBe(404);
      expect(answer.headers['www-authenticate'], 'no login asked for').toBeUndefined();
      expect(answer.headers['content-type'], 'Traefik’s own 404 is plain text').toContain('application/json');
    });

    test('without a login the API answers 401, and with a wrong one', async ({ edge }) => {
      const wrong = { authorization: `Basic ${Buffer.from('nobody@funnel.test:wrong').toString('base64')}` };
      const statuses: Array<[string, number, number]> = [];
      for (const path of DATA) {
        const without = await edge.ask(`/api/v1/main/${path}`);
        const other = await edge.ask(`/api/v1/main/${path}`, { headers: wrong });
        statuses.push([path, without.status, other.status]);
      }

      expect(statuses).toEqual(DATA.map((path) => [path, 401, 401]));
    });

    test('without a login the UI shows nothing but the way to log in', async ({ edge }) => {
      const page = await edge.ask('/ui/main/executions');

      // Kestra 1.x keeps its login for the API: the UI is the same empty page for everybody, and asks for the login itself.
      expect([200, 401], 'the empty page, or a refusal').toContain(page.status);
      expect(page.text, 'no flow of the funnel').not.toContain('signup-handler');
      expect(page.text, 'no lead').not.toMatch(/[\w.+-]+@[\w-]+\.\w+/);
    });

    test('a burst of calls with wrong keys is answered 429, and the webhook opens again', async ({
      edge,
    }) => {
      const statuses = await edge.burst(BURST, AT_ONCE);
      const { value: later } = await poll(
        () => edge.knock(),
        ({ status }) => status !== 429,
        BUDGET.settleMs,
      );

      expect(statuses, `within ${BURST} calls`).toEqual([404, 429]);
      expect(later.status, 'a limit, and no ban').toBe(404);
    });
  },
);
