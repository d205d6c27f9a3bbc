import { about, expect } from '../../fixtures/index.ts';
import { KestraClient } from '../../helpers/clients/kestra-client.ts';
import { rowOf } from '../../helpers/clients/notion-rows.ts';
import { resolverOf } from '../../helpers/where.ts';
import { readCaptures } from '../../scripts/drift/captures.ts';
import { KESTRA } from '../../scripts/drift/kestra.ts';
import { NOTION } from '../../scripts/drift/notion.ts';
import { RESEND } from '../../scripts/drift/resend.ts';
import type { Json } from '../../scripts/drift/sanitise.ts';
import { fieldsOf, listOf, textOf } from '../../scripts/drift/service.ts';
import { ResendReader } from '../../scripts/ops/resend-reader.ts';
import { findSecrets } from '../../scripts/report/secrets.ts';
import { test } from './fake-kestra.ts';

const purpose =
  'What real services answered is kept, so that stand-ins and clients are held to it also where no real service is at hand.';
const SERVICES = [NOTION, RESEND, KESTRA];

const answersOf = (service: 'notion' | 'resend' | 'kestra', name: string) => {
  const answer = readCaptures(service).get(name)?.answer;
  if (typeof answer !== 'object' || answer === null) throw new Error(`No capture ${service}/${name}`);
  return answer as Record<string, Json>;
};

test.describe('captures', { tag: '@harness', annotation: about({ feature: 'Harness', purpose }) }, () => {
  test('each answer is as the schemas say to which the stand-ins are held', async () => {
    const faults = SERVICES.flatMap((service) => {
      const alone = new Set(service.probes.filter(({ statusAlone }) => statusAlone).map(({ name }) => name));
      return [...readCaptures(service.name), ...readCaptures(service.name, 'real')]
        .filter(([name]) => !alone.has(name))
        .flatMap(([name, { route, status, answer = null }]) =>
          service.contract(route, status, answer).map((fault) => `${service.name}/${name}: ${fault}`),
        );
    });

    expect(faults).toEqual([]);
  });

  test('there is one of each request that the drift run makes, and none holds a secret', async () => {
    const namesOf = (side: 'ours' | 'real') =>
      SERVICES.flatMap(({ name }) => [...readCaptures(name, side).keys()].map((probe) => `${name}/${probe}`));
    const requests = SERVICES.flatMap(({ name, probes }) => probes.map((probe) => `${name}/${probe.name}`));

    expect(namesOf('ours').toSorted()).toEqual(requests.toSorted());
    expect(
      namesOf('real').filter((name) => !requests.includes(name)),
      'of requests that are made no longer',
    ).toEqual([]);
    expect(findSecrets(['specs/captures'], [])).toEqual([]);
  });

  test('a capture that lacks a field or has one of another type is noticed', async () => {
    const rows = answersOf('notion', 'rows-tracker');
    const mail = answersOf('resend', 'mail');
    const { state, ...execution } = answersOf('kestra', 'execution');

    expect(NOTION.contract('POST data_sources/query', 200, { ...rows, has_more: 'no' })).toEqual([
      'answer.has_more should be a boolean, instead was `"no"`.',
    ]);
    expect(RESEND.contract('get', 200, { ...mail, last_event: 7 })).not.toEqual([]);
    expect(state).toBeDefined();
    expect(KESTRA.contract('execution', 200, execution)).toEqual([
      'answer.state: Invalid input: expected object, received undefined',
    ]);
  });

  test('the clients read what was captured', async ({ fakeKestra: { routes, transport } }) => {
    const [troubled] = listOf(answersOf('kestra', 'executions-in-trouble')['results']);
    const captured = {
      troubled: fieldsOf(troubled)['id'],
      executionId: textOf(answersOf('kestra', 'execution')['id']) ?? '',
      mailId: textOf(answersOf('resend', 'mail')['id']) ?? '',
      execution: answersOf('kestra', 'execution'),
      logs: readCaptures('kestra').get('logs')?.answer,
      mail: answersOf('resend', 'mail'),
      rows: answersOf('notion', 'rows-tracker')['results'],
    };
    routes.get('/executions/:id', (context) => context.json(captured.execution));
    routes.get('/logs/:id', (context) => context.json(captured.logs));
    routes.get('/emails/:id', (context) => context.json(captured.mail));
    const kestra = new KestraClient({
      transport,
      resolve: resolverOf({ production: 'christmas', testing: 'christmas.testing' }, 'production'),
    });
    const resend = new ResendReader({ url: `${transport.url}/api/v1/main`, key: 'a key' });

    const handle = kestra.handle(captured.executionId);
    const [execution, logs] = [await handle.read(), await handle.logs()];
    const mail = await resend.find(captured.mailId);
    const rows = (captured.rows as unknown as Array<Parameters<typeof rowOf>[0]>).map((page) => rowOf(page));

    expect(execution.state.current).toBe('SUCCESS');
    expect(execution.taskRunList.length).toBeGreaterThan(5);
    expect(logs.map(({ level }) => level)).toContain('ERROR');
    expect(new Set(logs.map(({ executionId }) => executionId)), 'links survive').toEqual(
      new Set([captured.troubled]),
    );
    expect(mail).toMatchObject({ event: 'delivered', at: expect.any(Date) });
    expect(mail?.at.getTime()).not.toBeNaN();
    expect(rows[0]?.values['Email']).toMatch(/^somebody-\d+@example\.test$/);
  });
});
