import { collectAllDataSourceRows, collectPaginatedAPI } from '@notionhq/client';
import { about, expect } from '../../fixtures/index.ts';
import { answerFaults, ROUTES_WITH_CONTRACT } from '../../stack/notion/checked-fetch.ts';
import { contactOf, emailIs, makeSomeone, test } from './notion-stand-in.ts';

test.describe(
  'the Notion stand-in, to the official client',
  {
    tag: '@harness',
    annotation: about({
      feature: 'Harness',
      purpose:
        'A stand-in that answers otherwise than Notion would let flows pass here and break in production.',
    }),
  },
  () => {
    test('every request and answer of every route is as the client’s own types say', async ({
      standIn,
      someone,
    }) => {
      const { client, databases } = standIn;
      const data_source_id = await standIn.source('tracker');

      await client.users.me({});
      await client.databases.retrieve({ database_id: databases.tracker });
      await client.dataSources.retrieve({ data_source_id });
      const page = await client.pages.create({
        parent: { type: 'database_id', database_id: databases.tracker },
        icon: { type: 'emoji', emoji: '🎄' },
        cover: { type: 'external', external: { url: 'https://pictures.example/cover.png' } },
        children: [{ paragraph: { rich_text: [{ text: { content: 'A note' } }] } }],
        properties: {
          Name: { title: [{ text: { content: 'Ada', link: { url: 'https://ada.example' } } }] },
          Email: { email: someone.email },
          'Red Systems': { number: 2 },
          'Sequence Type': { select: { name: '5day' } },
          'Email 1 Sent': { date: { start: '2025-11-29T10:30:42+02:00', end: null } },
          'Sequence Completed': { checkbox: true },
          'Call Notes': {
            rich_text: [{ text: { content: 'bold' }, annotations: { bold: true, color: 'red' } }],
          },
        },
      });
      await client.pages.retrieve({ page_id: page.id });
      await client.pages.update({ page_id: page.id, properties: { Email: { email: null } }, in_trash: true });
      await client.blocks.children.list({ block_id: page.id });
      await client.dataSources.query({ data_source_id, in_trash: true });
      await client.dataSources.query({ data_source_id: await standIn.source('templates') });

      expect(
        standIn.exchanges.flatMap(({ route, status, faults }) => [...faults, `${route} ${status}`]),
      ).toEqual(expect.arrayContaining(ROUTES_WITH_CONTRACT.map((route) => `${route} 200`)));
      expect(
        standIn.exchanges.flatMap(({ faults }) => faults),
        'departures from the types',
      ).toEqual([]);
    });

    test('an answer that lacks a field, has one more or one of another type is noticed', async ({
      standIn,
      someone,
    }) => {
      const page = await standIn.create('contacts', contactOf(someone));
      const { url: _url, ...withoutUrl } = page as typeof page & { url: string };
      const refused = {
        object: 'error',
        status: 400,
        code: 'validation_error',
        message: 'No.',
        request_id: 'r',
      };

      expect(answerFaults('GET pages', 200, page)).toEqual([]);
      expect(answerFaults('GET pages', 200, withoutUrl)).toEqual([
        'answer.url should be defined, instead was `undefined`.',
      ]);
      expect(answerFaults('GET pages', 200, { ...page, mood: 'good' })).toEqual([
        'answer.mood should be not present, instead was `"good"`.',
      ]);
      expect(answerFaults('GET pages', 200, { ...page, in_trash: 'no' })).toEqual([
        'answer.in_trash should be a boolean, instead was `"no"`.',
      ]);
      expect(answerFaults('GET pages', 400, refused)).toEqual([]);
      expect(answerFaults('GET pages', 400, { ...refused, code: 'mistake' })).toEqual([
        'no code of Notion: mistake',
      ]);
    });

    test('what is written can be read, the seconds of a moment excepted', async ({ standIn, someone }) => {
      const long = 'x'.repeat(2_000);
      const { id } = await standIn.create('tracker', {
        Name: { title: [{ text: { content: 'Ada & Söhne’s ' } }, { text: { content: '<3' } }] },
        Email: { email: someone.email },
        Segment: { select: { name: 'A NEW ONE' } },
        'Email 1 Sent': { date: { start: '2025-11-29T10:30:42.500+02:00' } },
        'Signup Date': { date: { start: '2025-11-29' } },
        'Call Notes': { rich_text: [{ text: { content: long } }, { text: { content: long } }] },
      });

      const page = await standIn.client.pages.retrieve({ page_id: id.replaceAll('-', '').toUpperCase() });
      const [row] = await standIn.rows('tracker', someone.email);

      expect(page).toMatchObject({
        id,
        created_time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:00\.000Z$/),
        parent: { type: 'data_source_id', database_id: standIn.databases.tracker },
        properties: {
          Segment: { select: { name: 'A NEW ONE' } },
          'Email 1 Sent': { date: { start: '2025-11-29T10:30:00.000+02:00', end: null, time_zone: null } },
          'Call Notes': { rich_text: [{ plain_text: long }, { plain_text: long }] },
          'Sequence Completed': { checkbox: false },
          'Assessment Score': { number: null },
        },
      });
      expect(row).toMatchObject({
        id,
        values: { Name: 'Ada & Söhne’s <3', 'Signup Date': '2025-11-29', 'Call Notes': long + long },
      });
    });

    test('all rows are found page by page, each once', async ({ standIn }) => {
      const data_source_id = await standIn.source('contacts');
      const names = Array.from({ length: 250 }, (_, index) => `Lead ${index}`);
      const rows = names.map((first_name) => ({ database: 'contacts', values: { first_name } }));
      const { ids } = await standIn.control<{ ids: string[] }>('POST', '/seed', rows);

      const paged = await collectPaginatedAPI(standIn.client.dataSources.query, {
        data_source_id,
        page_size: 100,
      });
      const collected = await collectAllDataSourceRows(standIn.client, { data_source_id });
      const { results, has_more, next_cursor } = await standIn.client.dataSources.query({
        data_source_id,
        page_size: 3,
        sorts: [{ property: 'first_name', direction: 'descending' }],
        filter_properties: ['title'],
      });

      expect(
        paged.map(({ id }) => id),
        'newest first',
      ).toEqual(ids.toReversed());
      expect(
        collected.map(({ id }) => id),
        'in the order of their making',
      ).toEqual(ids);
      expect({ has_more, next_cursor }).toEqual({ has_more: true, next_cursor: expect.any(String) });
      expect(results).toMatchObject(
        ['Lead 99', 'Lead 98', 'Lead 97'].map((plain_text) => ({
          properties: { first_name: { title: [{ plain_text }] } },
        })),
      );
    });

    test('filters of each type find the rows they should and no other', async ({ standIn, someone }) => {
      const other = makeSomeone();
      await standIn.create('templates', {
        'Template Name': { title: [{ text: { content: 'Draft' } }] },
        Status: { select: { name: 'Inactive' } },
        Segment: { multi_select: [{ name: 'URGENT' }] },
        'Last Updated': { date: { start: '2025-12-24' } },
      });
      await standIn.create('contacts', { ...contactOf(someone), 'Assessment Score': { number: 52 } });
      await standIn.create('contacts', contactOf(other));
      const template = (filter: Parameters<typeof standIn.find>[2]) =>
        standIn.find('templates', 'Template Name', filter);
      const contact = (filter: Parameters<typeof standIn.find>[2]) =>
        standIn.find('contacts', 'Email', filter);

      const found = {
        title: await template({ property: 'Template Name', title: { equals: '5-Day E3' } }),
        text: await template({ property: 'Subject Line', rich_text: { is_empty: true } }),
        number: await template({ property: 'Email Number', number: { greater_than: 4 } }),
        select: await template({ property: 'Status', select: { does_not_equal: 'Active' } }),
        options: await template({ property: 'Segment', multi_select: { does_not_contain: 'CRITICAL' } }),
        date: await template({ property: 'Last Updated', date: { after: '2025-12-01' } }),
        either: await template({
          or: [
            { property: 'Email Number', number: { equals: 5 } },
            { and: [{ property: 'Status', select: { equals: 'Inactive' } }] },
          ],
        }),
        email: await contact(emailIs(someone)),
        emailAndMore: await contact({
          and: [emailIs(other), { property: 'Assessment Score', number: { is_empty: true } }],
        }),
        created: await contact({ timestamp: 'created_time', created_time: { before: '2025-01-01' } }),
        completed: await standIn.find('tracker', 'Name', {
          property: 'Sequence Completed',
          checkbox: { equals: true },
        }),
      };

      expect(found).toEqual({
        title: ['5-Day E3'],
        text: ['Draft'],
        number: ['5-Day E5'],
        select: ['Draft'],
        options: ['Draft'],
        date: ['Draft'],
        either: ['Draft', '5-Day E5'],
        email: [someone.email],
        emailAndMore: [other.email],
        created: [],
        completed: [],
      });
    });
  },
);
