import { about, expect, test } from '../../fixtures/index.ts';
import { attachedTo, examined } from './attached.ts';

const purpose =
  'The harness and the flows have a token each: what only the flows cannot reach is told too, and an outage is told once.';

test.describe(
  'doctor, of what the flows themselves see',
  { tag: '@ops', annotation: about({ feature: 'Safety', covers: ['1.3'], purpose }) },
  () => {
    test('a database that the flows alone do not find is one red line', async ({ target, deployment }) => {
      const { namespace, notionAccess } = await deployment({
        settings: { NOTION_SOURCES: { contacts: '00000000-0000-4000-8000-000000000000' } },
      });

      const { red, notChecked } = await examined(attachedTo(target, notionAccess), '--namespace', namespace);

      expect({ red, notChecked }).toEqual({
        red: {
          deployment: expect.stringMatching(
            /^contacts: Notion does not find it; share it with the integration, .*; tracker: the deployment knows no such database; deploy again; .* → share with the integration of the server/,
          ),
        },
        notChecked: [],
      });
    });

    test('a Notion that does not answer is one red line, and its secret is not blamed', async ({
      target,
      deployment,
    }) => {
      const own = await deployment();
      await own.stopNotion();

      const { red, notChecked } = await examined(
        attachedTo(target, own.notionAccess),
        '--namespace',
        own.namespace,
      );

      expect({ red, notChecked }).toEqual({
        red: {
          notion: `no answer from ${own.notionAccess.url} (ECONNREFUSED) → look at the net and at NOTION_BASE_URL`,
        },
        notChecked: ['databases', 'schemas', 'templates', 'secrets', 'deployment'],
      });
    });
  },
);
