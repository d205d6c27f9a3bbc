import { about, expect, test } from '../../fixtures/index.ts';
import { schemasWith } from '../../stack/notion/schema.ts';
import { attachedTo, examined, secretsIn } from './attached.ts';

const purpose =
  'What Notion and Resend would refuse in the night is told before it, with the one thing to do about it.';

const NOBODY = '00000000-0000-4000-8000-000000000000';

test.describe(
  'doctor, of Notion and Resend',
  { tag: '@ops', annotation: about({ feature: 'Safety', covers: ['1.3', '2.6', '4.14'], purpose }) },
  () => {
    test('databases that are not shared are one red line, each by name', async ({ target }) => {
      const variables = {
        ...attachedTo(target),
        NOTION_EMAIL_SEQUENCE_DB_ID: NOBODY,
        NOTION_CUSTOMER_PROJECTS_DB_ID: '00000000-0000-4000-8000-000000000001',
      };

      const { code, red, notChecked } = await examined(variables);

      const why = 'not found; check its id, and share it with the integration';
      expect({ code, red, notChecked }).toEqual({
        code: 1,
        red: {
          databases: `Notion database "tracker": ${why}; Notion database "projects": ${why} → share each with the integration (in Notion: ••• → Connections), and compare its id with .env's`,
        },
        notChecked: ['schemas', 'templates', 'deployment'],
      });
    });

    test('a token that Notion refuses is one red line', async ({ target }) => {
      const variables = { ...attachedTo(target), NOTION_TOKEN: 'ntn_0f-Somebody_Else-1234567' };

      const { red, notChecked, output } = await examined(variables);

      expect({ red, notChecked }).toEqual({
        red: { notion: "Notion refuses NOTION_TOKEN → copy the token from the integration's page again" },
        notChecked: ['databases', 'schemas', 'templates', 'deployment'],
      });
      expect(secretsIn(output, target, variables)).toEqual([]);
    });

    test('a property of another type is one red line with its remedy', async ({ target, deployment }) => {
      const { namespace, notionAccess } = await deployment({
        schemas: schemasWith('tracker', { 'Started At': 'rich_text' }),
      });

      const { red, notChecked } = await examined(attachedTo(target, notionAccess), '--namespace', namespace);

      expect({ red, notChecked }).toEqual({
        red: {
          schemas: expect.stringMatching(
            /^tracker: "Started At" is rich_text and should be date → make "Started At" there, or deploy with --properties/,
          ),
        },
        notChecked: ['deployment'],
      });
    });

    test('a template that is not there or empty is one red line, by name', async ({ target, deployment }) => {
      const { namespace, notion, notionAccess } = await deployment();
      await notion.updateTemplate('5-Day E3', { subject: '' });
      await notion.archive((await notion.template('onboarding_phase1_email_3')).id);

      const { red, notChecked } = await examined(attachedTo(target, notionAccess), '--namespace', namespace);

      expect({ red, notChecked }).toEqual({
        red: {
          templates:
            '5-Day E3: its subject is empty in Notion; onboarding_phase1_email_3: Notion has none of that name → mend them in Notion; until then the static texts are sent',
        },
        notChecked: ['deployment'],
      });
    });

    test('a key that may only send is one red line', async ({ target }) => {
      const variables = { ...attachedTo(target), RESEND_API_KEY: target.mail.keys.kestra };

      const { red, notChecked, output } = await examined(variables);

      expect({ red, notChecked }).toEqual({
        red: {
          resend:
            'RESEND_API_KEY may only send (restricted_api_key) → give the harness a key of its own with full access, resend.com/api-keys',
        },
        notChecked: ['sender'],
      });
      expect(secretsIn(output, target, variables)).toEqual([]);
    });
  },
);
