import { join } from 'node:path';
import { z } from 'zod';
import { about, covers, expect, test } from '../../fixtures/index.ts';
import { BUDGET, SETTLED } from '../../helpers/budgets.ts';
import { KestraTransport } from '../../helpers/clients/kestra-transport.ts';
import { mailOrder } from '../../helpers/factories/mail-order.ts';
import { readFlowFolder } from '../../scripts/flows/source.ts';
import { root } from '../../stack/paths.ts';

const purpose = 'What the harness learns against the local engine must hold against any Kestra 1.x.';
const HOUR = 3_600_000;
/** Longer than two calls to Kestra take on a busy machine. */
const SOON_MS = 40_000;
const inAnHour = () => new Date(Date.now() + HOUR);

const ErrorBody = z.looseObject({ message: z.string(), _links: z.object({ self: z.looseObject({}) }) });

test.use({ mode: 'production' });

test.describe(
  'Kestra 1.x API of the engine',
  { tag: '@engine', annotation: about({ feature: 'Harness', purpose }) },
  () => {
    test('only ping and webhooks answer without the right login, and errors look like Kestra’s', async ({
      target,
    }) => {
      const login = new KestraTransport(target.kestra);
      const stranger = new KestraTransport({ ...target.kestra, password: 'wrong' });

      const answers = {
        ping: await stranger.raw('/ping'),
        configs: await stranger.raw('/api/v1/configs'),
        search: await stranger.raw('/api/v1/main/executions/search'),
        'webhook with a wrong key': await stranger.raw(
          '/api/v1/main/executions/webhook/christmas/signup-handler/wrong',
          { method: 'POST', body: '{}', contentType: 'application/json' },
        ),
        'unknown route': await login.raw('/api/v1/main/nothing-of-the-kind'),
        'unknown flow': await login.raw('/api/v1/main/flows/christmas/no-such-flow'),
        'broken flow': await login.raw('/api/v1/main/flows', {
          method: 'POST',
          body: 'id: broken\nnamespace: christmas.broken\ntasks: []\n',
          contentType: 'application/x-yaml',
        }),
      };

      const statuses = Object.entries(answers).map(([name, { status }]) => [name, status]);
      expect(Object.fromEntries(statuses)).toEqual({
        ping: 200,
        configs: 401,
        search: 401,
        'webhook with a wrong key': 404,
        'unknown route': 404,
        'unknown flow': 404,
        'broken flow': 422,
      });
      expect(answers.configs.headers['www-authenticate']).toMatch(/^Basic realm=/);
      expect(ErrorBody.parse(JSON.parse(answers['unknown route'].text)).message).toBe('Not Found');
      expect(ErrorBody.parse(JSON.parse(answers['broken flow'].text)).message).toMatch(/^Invalid entity/);
    });

    test(
      'a webhook answers by POST, PUT and GET, and the execution can be read at once',
      { annotation: covers('4.1') },
      async ({ lead, webhooks, kestra }) => {
        const body = { email: lead.email };
        const post = await webhooks.send('signup', body, { method: 'POST' });
        const put = await webhooks.send('signup', body, { method: 'PUT' });
        const get = await webhooks.send('signup', undefined, { method: 'GET' });

        expect([post.status, put.status, get.status]).toEqual([200, 200, 200]);
        const handle = kestra.handle(String(post.executionId));
        expect((await handle.read()).trigger?.variables['body']).toEqual(body);
        await expect(handle).toReachState('SUCCESS', { within: BUDGET.handlerMs });
        await expect(kestra.handle(String(put.executionId))).toReachState('SUCCESS', {
          within: BUDGET.handlerMs,
        });
        await expect(kestra.handle(String(get.executionId)), 'no body, no lead').toReachState('FAILED', {
          within: BUDGET.handlerMs,
        });
      },
    );

    test('executions are found by namespace, flow, state and label, page by page', async ({
      lead,
      kestra,
      target,
    }) => {
      const labels = { lead: lead.id };
      const scheduleDate = inAnHour();
      const started = [
        await kestra.start('send-email', mailOrder(lead, 2), { labels, scheduleDate }),
        await kestra.start('send-email', mailOrder(lead, 3), { labels, scheduleDate }),
        await kestra.start('send-email', mailOrder(lead, 4), { labels, scheduleDate }),
      ];

      const found = await kestra.search({
        namespace: target.namespaces.production,
        flowId: 'send-email',
        labels,
      });
      expect(found.map(({ id }) => id).toSorted()).toEqual(started.map(({ id }) => id).toSorted());
      expect(found.map(({ scheduleDate: at }) => Date.parse(String(at)))).toEqual(
        started.map(() => scheduleDate.getTime()),
      );
      expect(await kestra.search({ labels, state: ['SUCCESS', 'FAILED'] })).toEqual([]);
      expect(await kestra.search({ labels, namespace: target.namespaces.testing })).toEqual([]);
      const page = await new KestraTransport(target.kestra).json(
        '/api/v1/main/executions/search',
        z.looseObject({ results: z.array(z.looseObject({ id: z.string() })), total: z.number() }),
        { query: { 'filters[labels][EQUALS][lead]': lead.id, page: 2, size: 2 } },
      );
      expect({ total: page.total, onPage2: page.results.length }).toEqual({ total: 3, onPage2: 1 });
    });

    test('a scheduled mail that is killed stays killed when it would have been due, and a replay is a new execution', async ({
      lead,
      kestra,
      mailbox,
    }) => {
      const scheduleDate = new Date(Date.now() + SOON_MS);
      const waiting = await kestra.start('send-email', mailOrder(lead, 3), { scheduleDate });
      await kestra.kill(waiting.id);
      const sent = await kestra.start('send-email', mailOrder(lead, 2), { scheduleDate });

      await expect(waiting).toReachState('KILLED', { within: BUDGET.settleMs });
      await expect(sent, 'due at the same moment').toReachState('SUCCESS', {
        within: SOON_MS + BUDGET.mailMs,
      });
      expect((await waiting.read()).state.current).toBe('KILLED');
      const again = await kestra.replay(sent.id);
      await expect(again, 'the ledger ends it').toReachState('SUCCESS', { within: BUDGET.mailMs });
      expect(again.id).not.toBe(sent.id);
      await expect(mailbox.of(lead), 'one mail').toSettleAt(1, SETTLED);
    });

    test(
      'both deployments list all flows, with the mode and the commit they were given',
      { annotation: covers('1.4') },
      async ({ kestra, target }) => {
        const Flows = z.array(
          z.looseObject({
            id: z.string(),
            labels: z.array(z.object({ key: z.string(), value: z.string() })),
          }),
        );
        const transport = new KestraTransport(target.kestra);
        const listed = await Promise.all(
          Object.values(target.namespaces).map((namespace) =>
            transport.json(`/api/v1/main/flows/${namespace}`, Flows),
          ),
        );
        const commits = listed.flat().flatMap(({ labels }) => labels.filter(({ key }) => key === 'commit'));

        const { flows: sources } = await readFlowFolder(join(root, 'flows/christmas'));
        const ids = sources.map(({ id }) => id).toSorted();
        expect(ids).toContain('send-email');
        expect(listed.map((flows) => flows.map(({ id }) => id).toSorted())).toEqual([ids, ids]);
        expect(new Set(commits.map(({ value }) => value))).toEqual(new Set([target.commit]));
        expect(await kestra.kv({ mode: 'production' }).get('TESTING_MODE')).toBe(false);
        expect(await kestra.kv({ mode: 'testing' }).get('TESTING_MODE')).toBe(true);
      },
    );
  },
);
