import { about, expect } from '../../fixtures/index.ts';
import { BUDGET } from '../../helpers/budgets.ts';
import { test } from '../harness/pages.ts';

const purpose =
  'Whoever reads the health-check knows whether to share a database, or to mend a key or an address.';

const ERRORS = { within: BUDGET.settleMs, minLevel: 'ERROR' } as const;
const NOT_FOUND = 'does not find it; share it with the integration, or deploy again with its address';

test.describe(
  'health-check of what services answer',
  { tag: '@engine', annotation: about({ feature: 'Safety', covers: ['1.3'], purpose }) },
  () => {
    test('a key of Resend’s that may do everything is usable, too', async ({ kestra, deployment, serve }) => {
      const elsewhere = await serve({ '/emails?limit=1': { status: 200, body: '{"data":[]}' } });
      const { namespace } = await deployment({
        flows: ['health-check'],
        change: (flow) => flow.replace('{{ renderOnce(vars.resend) }}', elsewhere),
      });
      const check = await kestra.start('health-check', {}, { namespace });

      await expect(check).toReachState('SUCCESS', { within: BUDGET.handlerMs });
      const { taskRunList } = await check.read();
      const asked = taskRunList.find(({ taskId }) => taskId === 'resend_key');
      expect(asked?.outputs, 'it was asked there').toMatchObject({ code: 200 });
    });

    test('each refusal of a database, of its query and of a key is told by what it means', async ({
      kestra,
      deployment,
      serve,
    }) => {
      const refusal = (status: number) => ({ status, body: '{}' });
      const pages = {
        '/contacts': refusal(400),
        '/tracker': refusal(401),
        '/analytics': refusal(403),
        '/projects': refusal(404),
        '/emails?limit=1': refusal(403),
        '/query': refusal(400),
      };
      const elsewhere = await serve(pages);
      const notion = '{{ renderOnce(vars.notion) }}/v1/data_sources/';
      const sources = "{{ kv('NOTION_SOURCES', namespace=flow.namespace)";
      const { namespace } = await deployment({
        flows: ['health-check'],
        change: (flow) =>
          flow
            .replace(
              `"${notion}${sources}[taskrun.value] }}"`,
              `"{{ taskrun.value == 'templates' ? (renderOnce(vars.notion) ~ '/v1/data_sources/' ~ kv('NOTION_SOURCES', namespace=flow.namespace).templates) : ('${elsewhere}/' ~ taskrun.value) }}"`,
            )
            .replace(`${notion}${sources}.templates }}/query`, `${elsewhere}/query`)
            .replace('{{ renderOnce(vars.resend) }}', elsewhere),
      });
      const meanings = [
        [400, 'answers 400'],
        [401, 'refuses it'],
        [403, 'refuses it'],
        [404, NOT_FOUND],
      ] as const;

      for (const [status, meaning] of meanings) {
        pages['/query'] = refusal(status);
        const check = await kestra.start('health-check', {}, { namespace });
        await expect(check).toReachState('FAILED', { within: BUDGET.handlerMs });
        await expect(check).toHaveLogged(
          `Mails go, but: templates: Notion ${meaning} when asked for them`,
          ERRORS,
        );
        await expect(check).toHaveLogged(
          `Not usable: contacts: Notion answers 400; tracker: Notion refuses it; analytics: Notion refuses it; ` +
            `projects: Notion ${NOT_FOUND}; RESEND_API_KEY: Resend refuses it`,
          ERRORS,
        );
      }
    });
  },
);
