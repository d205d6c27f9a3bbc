import { about, expect, test, testCase } from '../../fixtures/index.ts';
import { BUDGET, SETTLED } from '../../helpers/budgets.ts';
import { SITE_API } from '../../helpers/site.ts';

const purpose =
  'The form is the first thing a visitor touches: it helps with faults, and no trouble behind it reaches him.';

const NOBODY = 'http://127.0.0.1:9/api/v1/main/executions/webhook/christmas/signup-handler/a-key';

test.use({ mode: 'production' });

test.describe(
  'the sign-up form',
  { tag: '@website', annotation: about({ feature: 'Lead capture', covers: ['4.8'], purpose }) },
  () => {
    test(
      'the thank-you page greets by name, and the browser remembers the visitor for the assessment',
      { tag: '@blocked:website-webhooks', annotation: testCase('TC-4.8.6') },
      async ({ newLead, visitor }) => {
        const lead = newLead({ firstName: '<b>Ada</b> & Co' });
        await visitor.signsUp(lead);

        await expect(visitor.page.getByRole('heading', { level: 1 })).toContainText('<b>Ada</b> & Co');
        await expect(visitor.page.getByRole('main')).toContainText(lead.email);
        const kept = await visitor.page.evaluate(() => Object.fromEntries(Object.entries(localStorage)));
        expect(kept).toMatchObject({
          'xmas-user-email': lead.email,
          'xmas-user-name': lead.firstName,
          'xmas-business-name': lead.businessName,
        });
      },
    );

    test(
      'a form with faults names each field, and nothing is posted',
      { annotation: testCase('TC-4.8.7') },
      async ({ lead, visitor }) => {
        const posted: string[] = [];
        visitor.page.on('request', (request) => {
          if (request.method() === 'POST') posted.push(request.url());
        });
        await visitor.landing.open();
        await visitor.landing.email.fill(lead.email.replace(/\.com$/, '').replace('@', ' @'));
        await visitor.landing.submit.click();

        const fields = ['firstName', 'email', 'monthlyRevenue', 'biggestChallenge', 'privacy'];
        for (const field of fields) await expect(visitor.landing.faultOf(field), field).not.toBeEmpty();
        await expect(visitor.landing.faultOf('businessName'), 'optional').toBeEmpty();
        await expect(visitor.landing.firstName, 'where to begin').toBeFocused();
        expect(posted).toEqual([]);
      },
    );

    test('the server refuses what the page would not let through, and names the field', async ({
      lead,
      siteClient,
      mailbox,
    }) => {
      const bad = {
        email: lead.email.replace(/\.com$/, ''),
        firstName: ' ',
        monthlyRevenue: 'a lot',
        biggestChallenge: '',
        privacy: false,
      };
      const { status, text } = await siteClient.send(SITE_API.signUp, bad);

      expect(status).toBe(400);
      const { errors } = JSON.parse(text) as { errors: Record<string, string> };
      expect(Object.keys(errors).toSorted()).toEqual(Object.keys(bad).toSorted());
      await expect(mailbox.of(lead), 'no mail').toSettleAt(0, SETTLED);
    });
  },
);

test.describe(
  'trouble behind the form',
  { tag: '@own-website', annotation: about({ feature: 'Resilience', covers: ['4.8', '4.1'], purpose }) },
  () => {
    test(
      'a visitor whose sign-up Kestra does not take reaches the next page, and the site tries again and logs it',
      { annotation: testCase('TC-4.8.8') },
      async ({ lead, page, visitorOn, ownWebsite, target, mailbox }) => {
        const { site, log } = await ownWebsite({
          variables: { ...target.websiteVariables('production'), KESTRA_WEBHOOK_SIGNUP: NOBODY },
          retryAfterMs: [100, 200],
        });
        const visitor = visitorOn(page, site);
        await visitor.landing.open();
        await visitor.landing.fill(lead);
        await visitor.landing.send();

        await expect(page.getByRole('heading', { level: 1 })).toContainText(lead.firstName);
        await expect.poll(() => log.join('\n'), { timeout: BUDGET.settleMs }).toContain('SIGNUP: given up');
        expect(
          log.filter((line) => line.includes('TypeError')),
          'three tries',
        ).toHaveLength(3);
        expect(log.join('\n')).not.toContain('a-key');
        await expect(mailbox.of(lead), 'the confirmation all the same').toSettleAt(1, SETTLED);
      },
    );

    test('a webhook that fails once is called again, and Kestra learns of the lead once', async ({
      lead,
      ownWebsite,
      target,
      siteClientOn,
      between,
      calls,
      kestra,
    }) => {
      const real = target.websiteVariables('production')['KESTRA_WEBHOOK_SIGNUP'] ?? '';
      const refusing = await between(real, { refuse: { status: 503, times: 2 } });
      const { site, log } = await ownWebsite({
        variables: { ...target.websiteVariables('production'), KESTRA_WEBHOOK_SIGNUP: refusing.url },
        retryAfterMs: [50, 50, 50],
      });
      await siteClientOn(site).signsUp(lead);

      const { executionId } = await calls.one('signup', lead);
      await expect(kestra.handle(executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });
      await expect(calls.of('signup', lead), 'once').toSettleAt(1, SETTLED);
      expect(refusing.calls, 'two refusals, then the call').toBe(3);
      expect(log.filter((line) => line.includes('it answered 503'))).toHaveLength(2);
    });

    test('a mail 1 that Resend refuses is told to Kestra as failed, and the visitor sees his results', async ({
      lead,
      page,
      visitorOn,
      ownWebsite,
      target,
      calls,
      kestra,
      notion,
    }) => {
      const { site, log } = await ownWebsite({
        variables: { ...target.websiteVariables('production'), RESEND_API_KEY: 'not-a-key' },
      });
      const visitor = visitorOn(page, site);
      await visitor.cameSignedUp(lead);
      await visitor.assessment.open();
      await visitor.assessment.answer(Array.from({ length: 16 }, () => true));

      await expect(visitor.assessment.mailState).toContainText('We could not mail them');
      await expect(visitor.assessment.results).toContainText('800 out of 800');
      const { executionId, payload } = await calls.one('assessment', lead);
      expect(payload['email_1_status']).toBe('failed');
      await expect(kestra.handle(executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });
      await expect(notion.trackerRows(lead, '5day')).toHaveTrackerFacts(
        [{ email_number: 1, status: 'failed', sent_by: 'website', sent_at: null }],
        { within: BUDGET.settleMs },
      );
      expect(log.join('\n')).toContain('The mail "5day 1": Resend answered 403');
      expect(log.join('\n')).not.toContain('not-a-key');
    });
  },
);
