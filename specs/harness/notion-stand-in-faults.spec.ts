import { APIErrorCode } from '@notionhq/client';
import { about, expect } from '../../fixtures/index.ts';
import { contactOf, emailIs, makeSomeone, test, type ControlState } from './notion-stand-in.ts';

test.describe(
  'faults at the Notion stand-in',
  {
    tag: '@harness',
    annotation: about({
      feature: 'Harness',
      purpose:
        'Specs make Notion fail for one lead while all others run, so a fault must hit that lead and nobody else.',
    }),
  },
  () => {
    test('a fault hits its lead as often as told, and no other lead', async ({ standIn, someone }) => {
      const bystander = makeSomeone();
      const source = await standIn.source('contacts');
      const search = (lead: typeof someone) => ({
        method: 'POST' as const,
        path: `/v1/data_sources/${source}/query`,
        body: { filter: emailIs(lead) },
      });
      await standIn.control('POST', '/faults', { lead: someone.email, status: 503, count: 2 });

      const refusals = await standIn.refusals(
        [bystander, someone, bystander, someone, someone].map((lead) => search(lead)),
      );

      const down = '503 service_unavailable Notion is unavailable, please try again later.';
      expect(refusals).toEqual(['200', down, '200', down, '200']);
      expect(await standIn.control('GET', '/faults')).toMatchObject([{ lead: someone.email, struck: 2 }]);
    });

    test('a call that names no address belongs to the lead of its correlation id', async ({
      standIn,
      someone,
    }) => {
      const templates = await standIn.source('templates');
      const { id } = await standIn.create('contacts', contactOf(someone));
      const call = (correlationId: string, method: 'PATCH' | 'POST', path: string, body: unknown) => ({
        method,
        path,
        body,
        headers: { 'x-correlation-id': correlationId },
      });
      const fetchTemplate = (correlationId: string) =>
        call(correlationId, 'POST', `/v1/data_sources/${templates}/query`, { page_size: 1 });
      await standIn.refusals([
        call('one', 'POST', `/v1/data_sources/${templates}/query`, { page_size: 1 }),
        call('one', 'PATCH', `/v1/pages/${id}`, { properties: { Email: { email: someone.email } } }),
        call('two', 'PATCH', `/v1/pages/${id}`, { properties: { Email: { email: makeSomeone().email } } }),
      ]);
      await standIn.control('POST', '/faults', {
        lead: someone.email,
        path: '/query$',
        status: 500,
        message: 'Down.',
      });

      const refusals = await standIn.refusals([
        fetchTemplate('one'),
        fetchTemplate('two'),
        call('one', 'PATCH', `/v1/pages/${id}`, { properties: {} }),
      ]);

      expect(refusals).toEqual(['500 internal_server_error Down.', '200', '200']);
    });

    test('a fault says what it was told to say, and Notion’s own client understands it', async ({
      standIn,
      someone,
    }) => {
      const { client } = standIn;
      const { id } = await standIn.create('contacts', contactOf(someone));
      const update = () =>
        client.pages.update({ page_id: id, properties: { Email: { email: someone.email } } });
      const order = (fault: object) =>
        standIn.control<{ id: string }>('POST', '/faults', { lead: someone.email, ...fault });

      await order({ status: 429, headers: { 'retry-after': '1' }, count: 1 });
      await expect(update(), 'the client tries again by itself').resolves.toMatchObject({ id });
      await order({ status: 409, count: 1 });
      await expect(update()).rejects.toMatchObject({ status: 409, code: APIErrorCode.ConflictError });
      await order({ status: 400, code: 'validation_error', message: 'Email is gone.', count: 1 });
      await expect(update()).rejects.toMatchObject({ status: 400, message: 'Email is gone.' });
      const { id: fault } = await order({ method: 'PATCH', status: 504 });
      await expect(update()).rejects.toMatchObject({ code: APIErrorCode.GatewayTimeout });
      await standIn.control('DELETE', `/faults/${fault}`);
      await expect(update()).resolves.toMatchObject({ id });

      expect(
        standIn.exchanges.flatMap(({ faults }) => faults),
        'departures from the types',
      ).toEqual([]);
    });

    test('Notion can be slow, or never answer, or do its work and lose the answer', async ({
      standIn,
      someone,
    }) => {
      const source = await standIn.source('contacts');
      const create = {
        method: 'POST' as const,
        path: '/v1/pages',
        body: { parent: { data_source_id: source }, properties: contactOf(someone) },
      };
      const order = (fault: object) =>
        standIn.control('POST', '/faults', { lead: someone.email, count: 1, ...fault });
      const started = performance.now();

      await order({ delayMs: 200 });
      const slow = await standIn.call(create);
      const elapsedMs = performance.now() - started;
      await order({ hang: true });
      const patience = new AbortController();
      const hanging = standIn.call({ ...create, signal: patience.signal });
      await expect.poll(() => standIn.log(someone), 'it arrived').toHaveLength(2);
      patience.abort(new Error('given up'));
      await expect(hanging).rejects.toThrow('given up');
      const afterHang = await standIn.rows('contacts');
      const calls = await standIn.log(someone);
      await order({ status: 500, acceptThenFail: true });
      const lost = await standIn.call(create);

      expect(slow.status).toBe(200);
      expect(elapsedMs, 'slow').toBeGreaterThanOrEqual(200);
      expect(afterHang, 'a hanging call writes nothing').toHaveLength(1);
      expect(
        calls.map(({ status }) => status),
        'and has no status',
      ).toEqual([200, 0]);
      expect(lost.status).toBe(500);
      expect(await standIn.rows('contacts'), 'the lost answer was to a real row').toHaveLength(2);
    });

    test('the log keeps every call, whose it was and how it ended, and no token', async ({
      standIn,
      someone,
    }) => {
      const source = await standIn.source('contacts');
      const path = `/v1/data_sources/${source}/query`;
      const body = { filter: emailIs(someone) };
      const headers = { 'x-correlation-id': 'an execution' };
      await standIn.call({ method: 'POST', path, body, headers });
      await standIn.call({ method: 'POST', path, body, headers: { authorization: 'Bearer ntn_other' } });
      await standIn.call({ path: '/v1/users/me', headers });
      await standIn.client.dataSources.query({ data_source_id: source, filter: emailIs(someone) });
      const { id } = await standIn.control<{ id: string }>('POST', '/faults', {
        lead: someone.email,
        status: 500,
      });
      await standIn.call({ method: 'POST', path, body });

      const log = await standIn.log(someone);
      const pointless = await standIn.control('POST', '/faults', { lead: someone.email });
      const { counts } = await standIn.control<ControlState>('GET', '/state');

      const mine = { method: 'POST', path, lead: someone.email, at: expect.any(Number) as unknown };
      expect(log).toMatchObject([
        { ...mine, status: 200, who: 'token 1', correlationId: 'an execution', body },
        { ...mine, status: 401, message: 'API token is invalid.' },
        { method: 'GET', path: '/v1/users/me', status: 200, lead: someone.email },
        { ...mine, status: 200, who: 'token 2' },
        { ...mine, status: 500, fault: id },
      ]);
      expect(JSON.stringify(log)).not.toContain('ntn_');
      expect(pointless).toEqual({
        error: expect.stringContaining('a fault needs a status, a delayMs, hang or cut'),
      });
      expect(counts).toMatchObject({ refused: 2, contacts: 0, templates: 14 });
    });
  },
);
