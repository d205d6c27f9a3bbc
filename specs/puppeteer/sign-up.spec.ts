import { about, expect, test } from '../../fixtures/index.ts';
import { BUDGET, BY_NOW, SETTLED } from '../../helpers/budgets.ts';
import { nameAndSenderOf } from '../../helpers/clients/mail-client.ts';
import { PAGES, SITE_API } from '../../helpers/site.ts';
import { consistsOf } from './network.ts';

const purpose =
  'A visitor’s sign-up reaches Notion and nobody else: his browser talks to the site alone and learns no key.';

test.describe(
  'sign-up, by the browser’s own record',
  {
    tag: ['@puppeteer', '@website', '@blocked:website-webhooks'],
    annotation: about({ feature: 'Lead capture', covers: ['4.8'], purpose, severity: 'critical' }),
  },
  () => {
    test('a typed form becomes a contact and the website’s confirmation, and the browser made six requests', async ({
      lead,
      recordedVisitor: visitor,
      calls,
      kestra,
      notion,
      mailbox,
      target,
      site,
    }) => {
      await visitor.signsUp(lead);

      const { executionId, payload } = await calls.one('signup', lead);
      expect(payload).toMatchObject({ email: lead.email, first_name: lead.firstName });
      await expect(kestra.handle(executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });
      await expect(notion.contacts(lead), 'a contact').toSettleAt(1, BY_NOW);
      await expect(notion.trackerRows(lead), 'no row').toSettleAt(0, SETTLED);
      expect((await mailbox.of(lead).read()).map(nameAndSenderOf), 'no mail by Kestra').toEqual([
        { mail: 'signup 1', sender: 'website' },
      ]);

      const { firstName: name, email } = lead;
      await consistsOf(await visitor.recording(), { target, site }, [
        `GET ${PAGES.landing}`,
        'GET /assets/site.css',
        'GET /assets/landing.js',
        `POST ${SITE_API.signUp}`,
        `GET ${PAGES.thankYou}?${new URLSearchParams({ name, email }).toString()}`,
        'GET /assets/site.css',
      ]);
    });
  },
);
