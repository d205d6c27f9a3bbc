import { about, expect, test } from '../../fixtures/index.ts';
import { PHONE } from '../../helpers/devices.ts';
import { overhangOf } from '../../helpers/overhang.ts';
import { OperatorPage } from '../../helpers/pages/operator-page.ts';
import { OWN_PAGES } from '../../helpers/site.ts';
import { servesEverybody } from './everybody.ts';

const purpose =
  'Whoever cannot see well, uses a keyboard or a small screen finds the way through all pages as others do.';

/** Names that no design expects. */
const LONG = {
  firstName: 'Wilhelmine-Charlotte Featherstonehaugh-Cholmondeley of Llanfairpwllgwyngyllgogerychwyrndrobwll',
  businessName: 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft',
};

test.use({ mode: 'production' });

test.describe(
  'pages for everybody',
  {
    tag: ['@pages', '@own-website'],
    annotation: about({ feature: 'Assessment', covers: ['4.7', '4.8'], purpose }),
  },
  () => {
    test('on a desktop axe finds nothing on any page in any state', async ({
      newLead,
      page,
      quietWebsite,
    }) => {
      await servesEverybody(page, quietWebsite, newLead(LONG));
    });

    test('on a phone axe finds nothing on any page in any state', async ({
      newLead,
      newPage,
      quietWebsite,
    }) => {
      await servesEverybody(await newPage(PHONE), quietWebsite, newLead(LONG));
    });

    test(
      'the operator’s page serves everybody, with nobody, with a lead and with an answer',
      { annotation: about({ feature: 'Assessment', covers: ['4.9'], purpose }) },
      async ({ lead, page, site, siteClient }) => {
        await siteClient.signsUp(lead);
        const operator = new OperatorPage(page, site);
        const states = {
          empty: () => page.goto(`${site.url}${OWN_PAGES.operator}`),
          'nobody of that address': () => operator.lookUp({ email: `nobody+${lead.email}` }),
          found: () => operator.lookUp(lead),
          told: () => operator.tell('noshow'),
        };

        for (const [name, open] of Object.entries(states)) {
          await open();
          await expect.soft(page, `${name}, on a desktop`).toBeAccessible();
          await page.setViewportSize(PHONE.viewport);
          await expect.soft(page, `${name}, on a phone`).toBeAccessible();
          expect.soft(await overhangOf(page), `${name}: no wider than the screen`).toBe(0);
          await page.setViewportSize({ width: 1280, height: 720 });
        }
      },
    );
  },
);
