import { about, expect, test } from '../../fixtures/index.ts';
import { BUDGET } from '../../helpers/budgets.ts';
import { goesOutWithoutNotion } from '../sequences/secondary.ts';

const purpose = 'A day without Notion costs the team its overview, and no lead a mail.';

test.describe(
  'every handler with Notion down from the webhook on',
  {
    tag: '@resilience',
    annotation: about({ feature: 'Resilience', covers: ['2.4', '2.6'], purpose, severity: 'critical' }),
  },
  () => {
    test('all three mails after a missed call still go out', async ({
      lead,
      webhooks,
      kestra,
      mailbox,
      faults,
    }) => {
      await goesOutWithoutNotion(
        'noshow',
        [
          `${lead.firstName}, we missed you today`,
          `${lead.firstName}, still interested in a call about ${lead.businessName}?`,
          `${lead.firstName}, a final check`,
        ],
        { lead, webhooks, kestra, mailbox, faults },
      );
    });

    test('all three mails after a maybe still go out', async ({
      lead,
      webhooks,
      kestra,
      mailbox,
      faults,
    }) => {
      await goesOutWithoutNotion(
        'postcall',
        [
          `Thank you for the call, ${lead.firstName}`,
          `${lead.firstName}, questions on the proposal?`,
          `${lead.firstName}, is this still a priority?`,
        ],
        { lead, webhooks, kestra, mailbox, faults },
      );
    });

    test('all three mails of a customer still go out', async ({
      lead,
      webhooks,
      kestra,
      mailbox,
      faults,
    }) => {
      await goesOutWithoutNotion(
        'onboarding',
        [
          `Welcome, ${lead.firstName}`,
          `${lead.firstName}, a check on your first days`,
          `${lead.firstName}, your progress so far`,
        ],
        { lead, webhooks, kestra, mailbox, faults },
      );
      const asked = (await faults.callsOf('notion', lead)).map(({ path }) => path);
      expect(
        asked.filter((path) => path === asked[0]),
        'three tries to find the project page',
      ).toHaveLength(3);
    });

    test('a sign-up ends with a warning that names what was lost', async ({
      lead,
      webhooks,
      kestra,
      faults,
    }) => {
      await faults.at('notion', lead, { status: 500 });
      const { executionId } = await webhooks.signup(lead);

      const handler = kestra.handle(executionId);
      await expect(handler).toReachState('WARNING', { within: BUDGET.handlerMs });
      await expect(handler, 'says what').toHaveLogged(
        /the contact was not written[\s\S]*Notion missed: find_contact/,
        {
          within: BUDGET.settleMs,
          minLevel: 'WARN',
        },
      );
      expect(await faults.callsOf('notion', lead), 'three tries').toHaveLength(3);
    });

    test('somebody who signs up again while Notion refuses changes is told of as a loss', async ({
      lead,
      webhooks,
      kestra,
      faults,
    }) => {
      const first = await webhooks.signup(lead);
      await expect(kestra.handle(first.executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });
      await faults.at('notion', lead, { method: 'PATCH', status: 500 });
      const { executionId } = await webhooks.signup(lead);

      const handler = kestra.handle(executionId);
      await expect(handler).toReachState('WARNING', { within: BUDGET.handlerMs });
      await expect(handler, 'says what').toHaveLogged('Notion missed: write_contact', {
        within: BUDGET.settleMs,
        minLevel: 'WARN',
      });
    });
  },
);
