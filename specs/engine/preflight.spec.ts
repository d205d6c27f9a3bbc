import { about, expect, test } from '../../fixtures/index.ts';
import { BUDGET } from '../../helpers/budgets.ts';
import { DATABASES, schemasWith } from '../../stack/notion/schema.ts';
import { runCommand } from '../run-command.ts';

const purpose =
  'A column that is called otherwise in the live Notion (`email`, not `Email`) is found before a write is lost.';

/** Columns that people and the website use, and the flows neither read nor write. */
const OTHERS: Partial<Record<keyof typeof DATABASES, readonly string[]>> = {
  tracker: ['Signup Date', 'Sequence Created', 'Assessment Completed'],
  templates: ['Email Number', 'Template Type', 'Segment', 'Variables', 'Preview Text', 'Last Updated'],
};

const runPreflight = (namespace: string) => runCommand('flows', 'preflight', '--namespace', namespace);

test.describe(
  'property names, before anything is written',
  {
    tag: '@engine',
    annotation: about({ feature: 'Safety', covers: ['4.14'], purpose, severity: 'critical' }),
  },
  () => {
    test('a healthy deployment has each property the flows use, by name and type, and the flows use them all', async ({
      kestra,
      target,
    }) => {
      const { code, output, faults } = await runPreflight(target.namespaces.production);

      expect({ code, faults }).toEqual({ code: 0, faults: [] });
      const rows = output.split('\n').map((line) => line.trim().split(/\s{2,}/));
      const used = rows
        .filter((row) => row.length === 4 && row[2] === row[3])
        .map((row) => row.slice(0, 3).join(' · '));
      expect(used.toSorted()).toEqual(
        Object.entries(DATABASES)
          .flatMap(([database, { properties }]) =>
            Object.entries(properties)
              .filter(([name]) => !OTHERS[database as keyof typeof DATABASES]?.includes(name))
              .map(([name, { type }]) => `${database} · ${name} · ${type}`),
          )
          .toSorted(),
      );
      expect(await kestra.kv({ mode: 'production' }).get('NOTION_PROPERTIES'), 'by default names').toEqual(
        {},
      );
    });

    test('a contacts database with email in lower case fails, naming that property and the remedy', async ({
      deployment,
    }) => {
      const { namespace } = await deployment({
        flows: ['health-check'],
        schemas: schemasWith('contacts', { Email: 'missing', email: 'email' }),
      });

      const { code, faults } = await runPreflight(namespace);

      expect({ code, faults }).toEqual({
        code: 1,
        faults: [
          'contacts: "Email" (email) is missing, it has "email": rename "email" there, or deploy with --properties FILE that says {"contacts":{"email":"email"}}',
        ],
      });
    });

    test('with that name in the deployment the preflight passes and the flows work', async ({
      lead,
      webhooks,
      kestra,
      deployment,
    }) => {
      const { namespace, notion } = await deployment({
        flows: ['signup-handler', 'assessment-handler'],
        schemas: schemasWith('contacts', { Email: 'missing', email: 'email' }),
        properties: { contacts: { email: 'email' } },
      });
      const { code, faults } = await runPreflight(namespace);
      expect({ code, faults }).toEqual({ code: 0, faults: [] });

      const first = await webhooks.signup(lead, { namespace });
      await expect(kestra.handle(first.executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });
      const second = await webhooks.assessment(lead, { email1SentAt: new Date().toISOString(), namespace });
      await expect(kestra.handle(second.executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });

      expect((await notion.contact(lead)).values).toMatchObject({ email: lead.email, Segment: 'CRITICAL' });
    });

    test('an option that the flows filter by and the select lacks fails, naming it and what it does', async ({
      deployment,
    }) => {
      const { namespace } = await deployment({
        flows: ['health-check'],
        schemas: schemasWith('tracker', {
          'Sequence Type': { type: 'select', options: ['5day', 'postcall', 'onboarding'] },
        }),
      });

      const { code, faults } = await runPreflight(namespace);

      expect({ code, faults }).toEqual({
        code: 1,
        faults: [
          'tracker: "Sequence Type" has no option "noshow", by which the flows filter: add it there: Notion refuses to filter by an option that it does not know',
        ],
      });
    });

    test('a property of another type fails, naming both types', async ({ deployment }) => {
      const { namespace } = await deployment({
        flows: ['health-check'],
        schemas: schemasWith('projects', { 'Created Date': 'rich_text' }),
      });

      const { code, faults } = await runPreflight(namespace);

      expect(code).toBe(1);
      expect(faults).toEqual([
        expect.stringContaining('projects: "Created Date" is rich_text and should be date'),
      ]);
    });
  },
);
