import { about, expect, test } from '../../fixtures/index.ts';
import { BUDGET } from '../../helpers/budgets.ts';

const purpose = 'Before a night is lost, one flow tells which secret or database cannot be used.';

test.describe(
  'health-check',
  { tag: '@engine', annotation: about({ feature: 'Safety', covers: ['1.3'], purpose }) },
  () => {
    test('with everything in place it ends well', async ({ kestra }) => {
      const check = await kestra.start('health-check', {});

      await expect(check).toReachState('SUCCESS', { within: BUDGET.handlerMs });
    });

    test('a database that cannot be read is named', async ({ kestra, deployment }) => {
      const { namespace } = await deployment({
        settings: {
          NOTION_SOURCES: {
            contacts: '00000000-0000-4000-8000-000000000000',
            tracker: '00000000-0000-4000-8000-000000000000',
            templates: '00000000-0000-4000-8000-000000000000',
            analytics: '00000000-0000-4000-8000-000000000000',
          },
        },
      });
      const check = await kestra.start('health-check', {}, { namespace });

      await expect(check).toReachState('FAILED', { within: BUDGET.handlerMs });
      await expect(check, 'all four, and nothing else').toHaveLogged(
        /Not usable: analytics, contacts, templates, tracker$/m,
        { within: BUDGET.settleMs, minLevel: 'ERROR' },
      );
    });
  },
);
