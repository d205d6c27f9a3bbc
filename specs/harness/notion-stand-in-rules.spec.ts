import { about, expect } from '../../fixtures/index.ts';
import { contactOf, test, type ControlState } from './notion-stand-in.ts';

const CONTACTS_QUERY = (source: string, body: unknown) => ({
  method: 'POST' as const,
  path: `/v1/data_sources/${source}/query`,
  body,
});

test.describe(
  'the rules of the Notion stand-in',
  {
    tag: '@harness',
    annotation: about({
      feature: 'Harness',
      purpose: 'A call that Notion would refuse must be refused here, or the flows break only in production.',
      severity: 'critical',
    }),
  },
  () => {
    test('a wrong token is refused before anything else is looked at, then another version', async ({
      standIn,
    }) => {
      const noToken = { authorization: null };
      const wrongToken = { authorization: 'Bearer ntn_other' };

      const refusals = await standIn.refusals([
        {},
        { headers: noToken },
        { headers: { ...wrongToken, 'notion-version': '2022-06-28' } },
        { headers: wrongToken, method: 'POST', path: '/v1/pages', raw: 'not JSON' },
        { headers: wrongToken, path: '/v1/nowhere' },
        { headers: { 'notion-version': null } },
        { headers: { 'notion-version': '2022-06-28' } },
        { headers: { 'notion-version': '2026-03-11' }, path: '/v1/nowhere' },
      ]);
      const { untaught } = await standIn.control<ControlState>('GET', '/state');

      const unauthorized = '401 unauthorized API token is invalid.';
      const version = 'Notion-Version header failed validation: Notion-Version header should be';
      expect(refusals).toEqual([
        '200',
        unauthorized,
        unauthorized,
        unauthorized,
        unauthorized,
        `400 missing_version ${version} defined, instead was \`undefined\`.`,
        `400 validation_error ${version} \`"2025-09-03"\`, instead was \`"2022-06-28"\`.`,
        `400 validation_error ${version} \`"2025-09-03"\`, instead was \`"2026-03-11"\`.`,
      ]);
      expect(untaught, 'a refused caller learns nothing').toEqual([]);
    });

    test('a page with an unknown, wrong or oversized value is refused and not made', async ({
      standIn,
      someone,
    }) => {
      const parent = { data_source_id: await standIn.source('contacts') };
      const create = (properties: unknown) => ({
        method: 'POST' as const,
        path: '/v1/pages',
        body: { parent, properties },
      });
      const text = (length: number) => ({ text: { content: 'x'.repeat(length) } });

      const refusals = await standIn.refusals([
        create({ ...contactOf(someone), email: { email: someone.email } }),
        create({ Email: { rich_text: [text(1)] } }),
        create({ Email: { email: 5 } }),
        create({ Email: { email: someone.email, verified: true } }),
        create({ Email: { email: 'x'.repeat(201) } }),
        create({ first_name: { title: [text(2_001)] } }),
        create({ 'Business Name': { rich_text: Array(101).fill(text(1)) } }),
        create({ 'Signup Date': { date: { start: 'tomorrow' } } }),
        { ...create({}), body: { properties: {} } },
        { ...create({}), body: { parent } },
        { ...create({}), body: { parent: { data_source_id: 'contacts' }, properties: {} } },
        { ...create({}), body: { parent, properties: {}, colour: 'red' } },
        { ...create({}), body: [] },
        { ...create({}), raw: '{"parent":' },
        { ...create({}), headers: { 'content-type': 'text/plain' } },
      ]);

      const validation = (message: string) => `400 validation_error ${message}`;
      const body = (message: string) => validation(`body failed validation: body.${message}`);
      expect(refusals.map((refusal) => refusal.split('\n')[0])).toEqual([
        validation('email is not a property that exists.'),
        validation('Email is expected to be email.'),
        validation('body failed validation. Fix one:'),
        body('properties.Email.verified should be not present, instead was `true`.'),
        body('properties.Email.email.length should be ≤ `200`, instead was `201`.'),
        body('properties.first_name.title[0].text.content.length should be ≤ `2000`, instead was `2001`.'),
        body('properties.Business Name.rich_text.length should be ≤ `100`, instead was `101`.'),
        body(
          'properties.Signup Date.date.start should be a valid ISO 8601 date string, instead was `"tomorrow"`.',
        ),
        body('parent should be defined, instead was `undefined`.'),
        body('properties should be defined, instead was `undefined`.'),
        body('parent.data_source_id should be a valid uuid, instead was `"contacts"`.'),
        body('colour should be not present, instead was `"red"`.'),
        validation('body failed validation: body should be an object, instead was `[]`.'),
        '400 invalid_json Error parsing JSON body.',
        '400 invalid_json Error parsing JSON body.',
      ]);
      expect(await standIn.rows('contacts')).toEqual([]);
    });

    test('one wrong property loses the whole change, and a page in the trash takes none', async ({
      standIn,
      someone,
    }) => {
      const { id } = await standIn.create('contacts', contactOf(someone));
      const change = (body: unknown, page = id) => ({
        method: 'PATCH' as const,
        path: `/v1/pages/${page}`,
        body,
      });
      const score = { 'Assessment Score': { number: 52 } };
      const nobody = '99999999-9999-4999-8999-999999999999';

      const refusals = await standIn.refusals([
        change({ properties: { ...score, Nowhere: { checkbox: true } } }),
        change({ properties: score }, nobody),
        change({ properties: score }, 'contact'),
        change({ in_trash: true }),
        change({ properties: score }),
        change({ in_trash: false, properties: score }),
      ]);

      expect(refusals).toEqual([
        '400 validation_error Nowhere is not a property that exists.',
        `404 object_not_found Could not find page with ID: ${nobody}. ` +
          'Make sure the relevant pages and databases are shared with your integration.',
        '400 validation_error path failed validation: path.page_id should be a valid uuid, instead was `"contact"`.',
        '200',
        "400 validation_error Can't edit block that is archived. You must unarchive the block before editing.",
        '200',
      ]);
      expect(await standIn.rows('contacts')).toMatchObject([{ id, values: { 'Assessment Score': 52 } }]);
    });

    test('a filter, sort or page that does not fit is refused', async ({ standIn }) => {
      const source = await standIn.source('contacts');
      const query = (body: unknown) => CONTACTS_QUERY(source, body);

      const refusals = await standIn.refusals([
        query({ filter: { property: 'Email', rich_text: { equals: 'x' } } }),
        query({ filter: { property: 'Email', email: { greater_than: 'x' } } }),
        query({ filter: { property: 'email', email: { equals: 'x' } } }),
        query({ filter: { property: 'Segment', select: { equals: 'NONE' } } }),
        query({ filter: { and: [{ or: [{ and: [] }] }] } }),
        query({ sorts: [{ property: 'Nowhere', direction: 'ascending' }] }),
        query({ sorts: [{ property: 'Email', direction: 'up' }] }),
        query({ page_size: 101 }),
        query({ page_size: 0 }),
        query({ start_cursor: source }),
        query({ database_id: source }),
        { ...query({}), path: `/v1/data_sources/${source}/query?size=5` },
        { ...query({}), path: `/v1/data_sources/${standIn.databases.contacts}/query` },
      ]);

      expect(refusals.map((refusal) => refusal.replace('400 validation_error ', '').split('\n')[0])).toEqual([
        'The property type in the database does not match the property type of the filter provided: ' +
          'database property email does not match filter rich_text',
        'body failed validation. Fix one:',
        'Could not find property with name or id: email',
        'select option "NONE" not found for property "Segment". Available options: "CRITICAL", "URGENT", "OPTIMIZE".',
        'body failed validation. Fix one:',
        'Could not find sort property with name or id: Nowhere',
        'body failed validation: body.sorts[0].direction should be `"ascending"`, or `"descending"`, instead was `"up"`.',
        'body failed validation: body.page_size should be ≤ `100`, instead was `101`.',
        'body failed validation: body.page_size should be ≥ `1`, instead was `0`.',
        `The start_cursor provided is invalid: ${source}`,
        expect.stringMatching(/^body failed validation: body\.database_id should be not present/),
        'query failed validation: query.size should be not present, instead was `"5"`.',
        expect.stringMatching(/^404 object_not_found Could not find data_source with ID: /),
      ]);
    });

    test('what the stand-in was not taught is answered 501 and recorded', async ({ standIn, someone }) => {
      const { client } = standIn;
      const { id } = await standIn.create('contacts', contactOf(someone));

      const refusals = await standIn.refusals([
        { method: 'POST', path: `/v1/databases/${standIn.databases.contacts}/query`, body: {} },
        { method: 'PATCH', path: `/v1/pages/${id}`, body: { erase_content: true } },
        { path: '/v2/users/me' },
      ]);
      const bySdk = client.search({ query: 'Ada' });

      await expect(bySdk).rejects.toMatchObject({ status: 501 });
      expect(refusals).toEqual([
        expect.stringMatching(/^501 /),
        expect.stringMatching(/^501 /),
        expect.stringMatching(/^501 /),
      ]);
      expect(await standIn.control<ControlState>('GET', '/state')).toMatchObject({
        untaught: [
          { method: 'POST', path: `/v1/databases/${standIn.databases.contacts}/query` },
          { method: 'PATCH', path: `/v1/pages/${id}` },
          { method: 'GET', path: '/v2/users/me' },
          { method: 'POST', path: '/v1/search' },
        ],
      });
    });
  },
);
