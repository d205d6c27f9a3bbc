import { about, expect } from '../../fixtures/index.ts';
import { contactOf, makeSomeone, test, type ControlState } from './notion-stand-in.ts';
import { templateNameOf } from '../../helpers/templates.ts';

test.describe(
  'the databases of the Notion stand-in',
  {
    tag: '@harness',
    annotation: about({
      feature: 'Harness',
      purpose:
        'People read the databases as tables, and flows find the campaign’s properties under their real names.',
    }),
  },
  () => {
    test('a person sees each lead’s rows, newest first, and no column that nobody filled', async ({
      standIn,
      someone,
      page,
    }) => {
      const other = makeSomeone();
      const name = (content: string) => ({ first_name: { title: [{ text: { content } }] } });
      await standIn.create('contacts', { ...contactOf(other), ...name('Grace') });
      await standIn.create('contacts', {
        ...contactOf(someone),
        ...name('Ada <b>& Co</b>'),
        Segment: { select: { name: 'URGENT' } },
      });

      await page.goto(`${standIn.url}/_control/tables`);
      const contacts = page.getByRole('region', { name: 'Contacts' }).getByRole('table');
      await expect(contacts.getByRole('rowheader'), 'newest first').toHaveText(['Ada <b>& Co</b>', 'Grace']);
      await expect(contacts.getByRole('columnheader')).toHaveText([
        'first_name',
        'Email',
        'Segment',
        'Created',
        'Last edited',
      ]);
      await expect(page.getByRole('navigation', { name: 'Databases' }).getByRole('listitem')).toHaveText([
        'Contacts 2',
        'Email Sequence 0',
        'Email Templates 14',
        'Email Analytics 0',
        'Customer Projects 0',
      ]);
      await contacts.getByRole('link', { name: someone.email }).click();

      await expect(contacts.getByRole('rowheader'), 'one lead').toHaveText(['Ada <b>& Co</b>']);
      await expect(page.getByRole('textbox', { name: 'Show one lead' })).toHaveValue(someone.email);
    });

    test('a thousand rows are shown when asked for, the newest two hundred at first', async ({
      standIn,
      page,
    }) => {
      const rows = Array.from({ length: 1_000 }, (_, index) => ({
        database: 'analytics',
        values: {
          Name: `Mail ${index}`,
          'Email Number': 2,
          Status: 'sent',
          'Error Message': 'long '.repeat(50),
        },
      }));
      await standIn.control('POST', '/seed', rows);

      await page.goto(`${standIn.url}/_control/tables`);
      const table = page.getByRole('region', { name: 'Email Analytics' }).getByRole('table');
      await expect(table.getByRole('rowheader')).toHaveCount(200);
      await expect(table.getByRole('rowheader').first()).toHaveText('Mail 999');
      await page.getByRole('link', { name: 'Show all 1000' }).click();

      await expect(table.getByRole('rowheader')).toHaveCount(1_000);
    });

    test('each active template has a subject, a plain text and a body marked as Notion’s', async ({
      standIn,
    }) => {
      const { results } = await standIn.client.dataSources.query({
        data_source_id: await standIn.source('templates'),
        filter: { property: 'Status', select: { equals: 'Active' } },
        sorts: [{ property: 'Template Name', direction: 'ascending' }],
      });
      const rows = await standIn.rows('templates');

      expect(results.map(({ id }) => rows.find((row) => row.id === id)?.values)).toMatchObject(
        [
          ...[1, 2, 3, 4, 5].map((number) => templateNameOf('5day', number)),
          ...[1, 2, 3].map((number) => templateNameOf('noshow', number)),
          ...[1, 2, 3].map((number) => templateNameOf('onboarding', number)),
          ...[1, 2, 3].map((number) => templateNameOf('postcall', number)),
        ].map((name) => ({
          'Template Name': name,
          'Email Number': Number(name.at(-1)),
          'Subject Line': expect.any(String) as unknown,
          'Email Body HTML': expect.stringMatching(/notion-template[^]*\{\{first_name\}\}/) as unknown,
          'Email Body Plain Text': expect.stringContaining('{{business_name}}') as unknown,
        })),
      );
      expect(
        rows.map(({ values }) => String(values['Email Body HTML']).length > 2_000),
        'one body is longer than Notion takes in one piece',
      ).toContain(true);
    });

    test('its own tests can move the clock, and reset brings the first state back', async ({
      standIn,
      someone,
    }) => {
      await standIn.control('POST', '/clock', { offsetMs: -86_400_000 * 30 });
      const old = await standIn.create('contacts', contactOf(someone));
      await standIn.call({ path: '/v1/nowhere' });
      const before = await standIn.control<ControlState>('GET', '/state');

      await standIn.control('POST', '/reset');
      const after = await standIn.control<ControlState>('GET', '/state');
      const fresh = await standIn.create('contacts', contactOf(someone));

      const daysBetween = (one: unknown, other: unknown) =>
        (Date.parse((other as { created_time: string }).created_time) -
          Date.parse((one as { created_time: string }).created_time)) /
        86_400_000;
      expect(daysBetween(old, fresh)).toBeCloseTo(30, 1);
      expect(before).toMatchObject({ untaught: [{ path: '/v1/nowhere' }], counts: { contacts: 1 } });
      expect(after).toMatchObject({ untaught: [], counts: { contacts: 0, templates: 14, calls: 0 } });
    });
  },
);
