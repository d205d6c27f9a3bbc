import { about, expect } from '../../fixtures/index.ts';
import { KestraClient } from '../../helpers/clients/kestra-client.ts';
import type { KestraTransport } from '../../helpers/clients/kestra-transport.ts';
import { WebhookClient } from '../../helpers/clients/webhook-client.ts';
import { resolverOf } from '../../helpers/where.ts';
import { KestraAdmin } from '../../scripts/flows/kestra-admin.ts';
import { answered, test } from './fake-kestra.ts';

const purpose =
  'The homelab may run an older or a newer Kestra than the flows are proven on, and is then still read right.';
const resolve = resolverOf({ production: 'christmas', testing: 'christmas.testing' }, 'production');
const clientOf = (transport: KestraTransport) => new KestraClient({ transport, resolve });
const MAILBOX = 'someone@funnel.test';
const webhooksOf = (transport: KestraTransport) =>
  new WebhookClient({
    transport,
    resolve,
    testMailbox: MAILBOX,
    keys: { signup: 'k', assessment: 'k', noshow: 'k', postcall: 'k', onboarding: 'k' },
  });
const ended = { current: 'SUCCESS', histories: [], endDate: '2025-12-01T10:00:05Z' };

test.describe(
  'dialects of Kestra',
  { tag: '@harness', annotation: about({ feature: 'Harness', purpose }) },
  () => {
    test('the version is asked for once, before the first route, and without the tenant', async ({
      fakeKestra: { root, speaking, calls },
    }) => {
      root.get('/api/v1/configs', (context) => context.json({ version: '2.0.3', edition: 'OSS' }));
      root.delete('/api/v1/main/executions/:id/actions/kill', (context) => context.body(null, 202));
      const client = clientOf(speaking());

      await client.kill('e1');
      await client.kill('e2');

      expect(calls).toEqual([
        'GET /api/v1/configs',
        'DELETE /executions/e1/actions/kill',
        'DELETE /executions/e2/actions/kill',
      ]);
    });

    test('a server of an unknown line is called nothing but its version; one that was down is asked again', async ({
      fakeKestra: { root, speaking, calls },
    }) => {
      const answers = [500, 200];
      root.get('/api/v1/configs', (context) =>
        context.json({ version: '3.1.0' }, answers.shift() === 500 ? 500 : 200),
      );
      const client = clientOf(speaking());

      await expect(client.kill('e1')).rejects.toThrow('answered 500');
      await expect(client.kill('e1')).rejects.toThrow("Kestra's version: 3.1.0.");

      expect(calls).toEqual(['GET /api/v1/configs', 'GET /api/v1/configs']);
    });

    test('0.2x, written from contracts.md, not captured: no tenant, plain filters, a namespace is a prefix there', async ({
      fakeKestra: { root, speaking, calls },
    }) => {
      const queries: string[] = [];
      root.get('/api/v1/executions/search', (context) => {
        queries.push(decodeURIComponent(new URL(context.req.url).search));
        const results = [
          answered('e1', 'SUCCESS', { state: ended }),
          answered('e2', 'SUCCESS', { state: ended, namespace: 'christmas.testing' }),
          answered('e3', 'SUCCESS', { state: { ...ended, endDate: '2025-12-01T09:59:59Z' } }),
        ];
        return context.json({ results, total: 3 });
      });
      root.get('/api/v1/executions/:id', (context) =>
        context.json(answered('e1', 'SUCCESS', { outputs: { mails: 4 }, taskRunList: [] })),
      );
      root.post('/api/v1/executions/webhook/:namespace/:flow/:key', (context) =>
        context.json(answered('e4', 'CREATED')),
      );
      root.post('/api/v1/executions/:id/replay', (context) => context.json(answered('e5', 'CREATED')));
      root.put('/api/v1/flows/:namespace/:id', (context) => context.json({}, 404));
      root.post('/api/v1/flows', (context) => context.json({ id: 'a', revision: 1 }));
      const transport = speaking('0.2x');
      const client = clientOf(transport);

      const found = await client.search({
        namespace: 'christmas',
        flowId: 'send-email',
        state: ['SUCCESS', 'FAILED'],
        labels: { lead: 'x', 'system.correlationId': 'r' },
        startedSince: new Date('2025-12-01T00:00:00Z'),
        endedSince: new Date('2025-12-01T10:00:00Z'),
      });
      const execution = await client.handle('e1').read();
      await webhooksOf(transport).send('signup', { email: MAILBOX });
      await client.replay('e1');
      await new KestraAdmin(transport, 'christmas').putFlow('a', 'id: a\n');

      expect(found.map(({ id }) => id)).toEqual(['e1']);
      expect(queries).toEqual([
        '?namespace=christmas&flowId=send-email&state=SUCCESS&state=FAILED&labels=lead:x&labels=system.correlationId:r' +
          '&startDate=2025-12-01T00:00:00.000Z&size=100&sort=state.startDate:asc&page=1',
      ]);
      expect(execution.outputs, 'outputs are part of the execution').toEqual({ mails: 4 });
      expect(calls).toEqual([
        'GET /api/v1/executions/search',
        'GET /api/v1/executions/e1',
        'POST /api/v1/executions/webhook/christmas/signup-handler/k',
        'POST /api/v1/executions/e1/replay',
        'PUT /api/v1/flows/christmas/a',
        'POST /api/v1/flows',
      ]);
    });

    test('2.x, written from contracts.md, not captured: actions, light searches completed, outputs from their own routes', async ({
      fakeKestra: { routes, speaking, calls },
    }) => {
      const queries: URLSearchParams[] = [];
      const whole = answered('e1', 'SUCCESS', {
        taskRunList: [
          { id: 't1', taskId: 'send', state: ended },
          { id: 't2', taskId: 'log', state: ended },
        ],
      });
      routes.get('/executions/search', (context) => {
        queries.push(new URL(context.req.url).searchParams);
        return context.json({ results: [answered('e1', 'SUCCESS'), answered('e2', 'CREATED')], total: 2 });
      });
      routes.get('/executions/:id', (context) => context.json(whole));
      routes.get('/outputs/executions/:id', (context) => context.json({ mails: 4 }));
      routes.get('/outputs/tasks/:id', (context) =>
        context.json([{ taskId: 'send', taskRunId: 't1', value: null, iteration: null, inline: true }]),
      );
      routes.get('/outputs/tasks/:id/:run', (context) => context.json({ code: 200 }));
      routes.post('/executions/:id/actions/replay', (context) => context.json(answered('e3', 'CREATED')));
      const client = clientOf(speaking('2.x'));

      const [first, second] = await client.search({ namespace: 'christmas', labels: { lead: 'x' } });
      await client.replay('e1');

      expect(queries[0]?.get('filters[namespace][EQUALS]')).toBe('christmas');
      expect(queries[0]?.get('filters[labels][EQUALS][lead]')).toBe('x');
      expect(first?.outputs).toEqual({ mails: 4 });
      expect(first?.taskRunList.map(({ taskId, outputs }) => [taskId, outputs])).toEqual([
        ['send', { code: 200 }],
        ['log', {}],
      ]);
      expect(second?.state.current, 'what has not begun is taken as found').toBe('CREATED');
      expect(calls.toSorted()).toEqual([
        'GET /executions/e1',
        'GET /executions/search',
        'GET /outputs/executions/e1',
        'GET /outputs/tasks/e1',
        'GET /outputs/tasks/e1/t1',
        'POST /executions/e1/actions/replay',
      ]);
    });

    test('2.x, written from contracts.md, not captured: the login is sent with each call and no cookie comes back', async ({
      fakeKestra: { routes, speaking },
    }) => {
      const seen: Array<Array<string | undefined>> = [];
      routes.delete('/executions/:id/actions/kill', (context) => {
        seen.push(['authorization', 'cookie', 'x-csrf-token'].map((name) => context.req.header(name)));
        return context.body(null, 202, { 'set-cookie': 'JWT=x; Path=/' });
      });
      const client = clientOf(speaking('2.x'));

      await client.kill('e1');
      await client.kill('e2');

      const login = `Basic ${btoa('u@funnel.test:p')}`;
      expect(seen).toEqual([
        [login, undefined, undefined],
        [login, undefined, undefined],
      ]);
    });
  },
);
