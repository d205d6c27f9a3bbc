import { about, expect, purpose } from '../../fixtures/index.ts';
import { KestraClient } from '../../helpers/clients/kestra-client.ts';
import { KestraTransport } from '../../helpers/clients/kestra-transport.ts';
import { resolverOf } from '../../helpers/where.ts';
import { answered, test } from './fake-kestra.ts';

const reading = 'What the suite says of the flows is what this client read; it must not misread Kestra.';
const resolve = resolverOf({ production: 'christmas', testing: 'christmas.testing' }, 'production');
const clientOf = (transport: KestraTransport) => new KestraClient({ transport, resolve });

test.describe(
  'Kestra client',
  { tag: '@harness', annotation: about({ feature: 'Harness', purpose: reading }) },
  () => {
    test('a 404 right after a webhook means not yet', async ({ fakeKestra: { routes, transport } }) => {
      let asked = 0;
      routes.get('/executions/:id', (context) => {
        asked += 1;
        return asked < 3
          ? context.json({ message: 'Not Found' }, 404)
          : context.json(answered('e1', 'RUNNING'));
      });

      const execution = await clientOf(transport).handle('e1').read();

      expect(execution.state.current).toBe('RUNNING');
      expect(asked).toBe(3);
    });

    test('where others have executions too, none of a lead without a run’s mark is killed', async ({
      fakeKestra: { routes, transport, calls },
    }) => {
      const lead = { email: 'lengobaosang+n0tp1jrml3pn0-844450161b70@gmail.com' };
      routes.get('/executions/:id', (context) =>
        context.json({
          ...answered(context.req.param('id'), 'CREATED'),
          inputs: { lead: context.req.param('id') === 'ours' ? lead : { email: 'ada@mail.test' } },
        }),
      );
      routes.delete('/executions/:id/kill', (context) => context.body(null, 202));
      const shared = clientOf(
        new KestraTransport({ url: transport.url, user: '', password: '', dialect: '1.x', shared: true }),
      );

      await expect(shared.kill('somebodys')).rejects.toThrow("bears no run's mark");
      await shared.kill('ours');

      expect(calls.filter((call) => call.startsWith('DELETE'))).toEqual([
        expect.stringContaining('/ours/kill'),
      ]);
    });

    test('an end is heard from the event stream, and read once more', async ({
      fakeKestra: { routes, transport, calls },
    }) => {
      let state = 'RUNNING';
      routes.get('/executions/:id', (context) => context.json(answered('e1', state)));
      routes.get('/executions/:id/follow', (context) => {
        const event = (current: string) =>
          `id: progress\ndata: ${JSON.stringify(answered('e1', current))}\n\n`;
        const [first, second] = [event('RUNNING'), event('SUCCESS')];
        state = 'SUCCESS';
        // Cut in the middle of an event, as networks do.
        const pieces = [first + second.slice(0, 20), second.slice(20)];
        const stream = new ReadableStream({
          pull: (controller) => {
            const piece = pieces.shift();
            if (piece) controller.enqueue(new TextEncoder().encode(piece));
          },
        });
        return context.body(stream, 200, { 'content-type': 'text/event-stream' });
      });

      await expect(clientOf(transport).handle('e1')).toReachState('SUCCESS', { within: 60_000 });
      expect(calls).toEqual(['GET /executions/e1/follow', 'GET /executions/e1']);
    });

    test('without an event stream it polls', async ({ fakeKestra: { routes, transport } }) => {
      const states = ['CREATED', 'RUNNING', 'FAILED'];
      routes.get('/executions/:id', (context) => context.json(answered('e1', states.shift() ?? 'FAILED')));

      await expect(clientOf(transport).handle('e1')).toReachState('FAILED', { within: 60_000 });
    });

    test('mails are found by label in the root’s own namespace, over all pages', async ({
      fakeKestra: { routes, transport },
    }) => {
      const queries: URLSearchParams[] = [];
      const found = [5, 2, 4, 3].map((number) =>
        answered(`m${number}`, 'CREATED', { flowId: 'send-email', inputs: { email_number: number } }),
      );
      routes.get('/executions/search', (context) => {
        const query = new URL(context.req.url).searchParams;
        queries.push(query);
        const from = (Number(query.get('page')) - 1) * 3;
        return context.json({ results: found.slice(from, from + 3), total: found.length });
      });
      routes.get('/executions/:id', (context) => context.json(answered('root', 'SUCCESS')));

      const mails = await clientOf(transport).mailsOf('root').read();

      expect(mails.map(({ id }) => id)).toEqual(['m2', 'm3', 'm4', 'm5']);
      expect(queries).toHaveLength(2);
      expect(queries[0]?.get('filters[labels][EQUALS][system.correlationId]')).toBe('root');
      expect(queries[0]?.get('filters[namespace][EQUALS]')).toBe('christmas');
      expect(queries[0]?.get('filters[flowId][EQUALS]')).toBe('send-email');
    });

    test(
      'what waits for its date is killed, what runs or is almost due is let end by itself',
      { annotation: purpose('Mails that a test scheduled must not go out days after it.') },
      async ({ fakeKestra: { routes, transport, calls } }) => {
        const states = ['RUNNING', 'SUCCESS'];
        routes.delete('/executions/:id/kill', (context) =>
          context.req.param('id') === 'm3'
            ? context.json({ message: 'Illegal state' }, 409)
            : context.body(null, 202),
        );
        const mail = (id: string, state: string, inMs: number) =>
          answered(id, state, {
            flowId: 'send-email',
            inputs: { email_number: Number(id.slice(1)) },
            scheduleDate: new Date(Date.now() + inMs).toISOString(),
          });
        routes.get('/executions/search', (context) =>
          context.json({
            results: [
              mail('m2', 'RUNNING', -1_000),
              mail('m3', 'CREATED', 3_600_000),
              mail('m4', 'CREATED', 7_200_000),
              mail('m5', 'CREATED', 500),
            ],
            total: 4,
          }),
        );
        routes.get('/executions/:id', (context) =>
          context.json(answered('root', states.shift() ?? 'SUCCESS')),
        );

        await clientOf(transport).killWaiting('root');

        expect(calls.filter((call) => call.startsWith('DELETE')).toSorted()).toEqual([
          'DELETE /executions/m3/kill',
          'DELETE /executions/m4/kill',
        ]);
      },
    );

    test('a mail that was itself put off for hours is killed at once', async ({
      fakeKestra: { routes, transport, calls },
    }) => {
      routes.delete('/executions/:id/kill', (context) => context.body(null, 202));
      routes.get('/executions/:id', (context) =>
        context.json(
          answered('m5', 'CREATED', { scheduleDate: new Date(Date.now() + 3_600_000).toISOString() }),
        ),
      );

      await clientOf(transport).killWaiting('m5');

      expect(calls.filter((call) => call.startsWith('DELETE'))).toEqual(['DELETE /executions/m5/kill']);
    });
  },
);
