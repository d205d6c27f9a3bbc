import { about, expect, mails, test, testCase } from '../../fixtures/index.ts';
import { BUDGET, BY_NOW, SETTLED } from '../../helpers/budgets.ts';
import { tagOf } from '../../helpers/clients/mail-client.ts';
import { sendsItsMails, waitsItsTime } from './secondary.ts';

const purpose = 'A customer who has paid is welcomed, and nobody else is.';

test.describe(
  'onboarding',
  {
    tag: '@sequence',
    annotation: about({ feature: 'Sequences', covers: ['3.4', '2.5'], purpose, severity: 'critical' }),
  },
  () => {
    test(
      'in production Kestra schedules mails after one hour, one day and three days, and the tracker says so',
      { tag: ['@night', '@blocked:own-dates'], annotation: [testCase('TC-4.12.7'), mails(0)] },
      async ({ lead, webhooks, kestra, notion }) => {
        const row = await waitsItsTime('onboarding', { lead, webhooks, kestra, notion });

        expect(row).toMatchObject({
          'Package Type': 'foundation',
          'Payment Amount': 4500,
          'Payment Date': expect.stringContaining('2025-12-12T16:30'),
        });
        expect((await notion.contact(lead)).values).toMatchObject({
          'Christmas Campaign Status': 'Portal Delivered',
          Phase: 'Phase 1',
        });
      },
    );

    test(
      'in TESTING_MODE all three mails arrive on time, by Kestra alone, and Notion tells the same',
      { tag: ['@night', '@blocked:own-dates'], annotation: mails(3) },
      async ({ lead, webhooks, kestra, mailbox, notion, target }) => {
        await sendsItsMails('onboarding', { lead, webhooks, kestra, mailbox, notion, target }, async () => ({
          portal_url: (await notion.project(lead)).url,
        }));
      },
    );

    test('anything but a payment that is there starts nothing: a warning, no mail, no row', async ({
      newLead,
      webhooks,
      kestra,
      mailbox,
      notion,
    }) => {
      const bodies = [
        [{}, 'is missing'],
        [{ payment_status: 'Paid' }, "is 'Paid', not 'paid'"],
        [{ payment_status: 'completed' }, "is 'completed', not 'paid'"],
        [{ payment_status: ' paid' }, "is ' paid', not 'paid'"],
        [{ payment_confirmed: false }, 'is missing'],
      ] as const;
      const ends = await Promise.all(
        bodies.map(async ([body, said]) => {
          const lead = newLead();
          const { executionId = '' } = await webhooks.send('onboarding', { email: lead.email, ...body });
          const handler = kestra.handle(executionId);
          await expect(handler, JSON.stringify(body)).toReachState('SUCCESS', { within: BUDGET.handlerMs });
          await expect(handler, 'says so').toHaveLogged(
            `payment_status ${said}: onboarding does not start, nothing is sent`,
            { within: BUDGET.settleMs, minLevel: 'WARN' },
          );
          const { outputs } = await handler.read();
          return { lead, executionId, starts: outputs['starts'] };
        }),
      );

      expect(ends.map(({ starts }) => starts)).toEqual(bodies.map(() => false));
      for (const { lead, executionId } of ends) {
        await expect(kestra.subtreeOf(executionId), 'began nothing').toSettleAt(0, BY_NOW);
        await expect(notion.trackerRows(lead), 'no row').toSettleAt(0, BY_NOW);
        await expect(notion.projects(lead), 'no project').toSettleAt(0, BY_NOW);
        await expect(mailbox.of(lead), 'no mail').toSettleAt(0, BY_NOW);
      }
    });

    test('a payload that is refused starts nothing, and says so', async ({ webhooks, kestra }) => {
      const { executionId = '' } = await webhooks.send('onboarding', { payment_status: 'paid' });
      const handler = kestra.handle(executionId);

      await expect(handler).toReachState('FAILED', { within: BUDGET.handlerMs });
      expect((await handler.read()).outputs).toMatchObject({ starts: false });
    });

    test('a customer whose mails cannot be scheduled is told as a failure', async ({
      lead,
      webhooks,
      kestra,
      deployment,
    }) => {
      const settings = { TESTING_MINUTE_SECONDS: 'sixty' };
      const { namespace } = await deployment({ flows: ['onboarding-handler'], settings });
      const { executionId } = await webhooks.secondary('onboarding', lead, { namespace });

      await expect(kestra.handle(executionId)).toReachState('FAILED', { within: BUDGET.handlerMs });
      await expect(kestra.mailsOf(executionId), 'no mail').toSettleAt(0, BY_NOW);
    });

    test('a payment that is confirmed starts it, and twice makes one project page', async ({
      lead,
      webhooks,
      kestra,
      notion,
    }) => {
      const body = { email: lead.email, business_name: lead.businessName, payment_confirmed: true };
      const first = await webhooks.send('onboarding', body, { mode: 'production' });
      await expect(kestra.handle(String(first.executionId))).toReachState('SUCCESS', {
        within: BUDGET.handlerMs,
      });
      const again = await webhooks.send('onboarding', body, { mode: 'production' });
      await expect(kestra.handle(String(again.executionId))).toReachState('SUCCESS', {
        within: BUDGET.handlerMs,
      });

      await expect(kestra.mailsOf(String(first.executionId)), 'three mails').toSettleAt(3, BY_NOW);
      await expect(kestra.mailsOf(String(again.executionId)), 'none again').toSettleAt(0, SETTLED);
      await expect(notion.projects(lead), 'one project').toSettleAt(1, BY_NOW);
      const project = await notion.project(lead);
      const [sequence] = await kestra.subtreeOf(String(again.executionId)).read();
      expect(sequence?.inputs, 'its address is found').toMatchObject({ lead: { portal_url: project.url } });
      expect(project.values).toMatchObject({
        Name: lead.businessName,
        Email: lead.email,
        'Business Name': lead.businessName,
        Status: 'Active',
      });
    });

    test(
      'without the project page the mails go all the same, from a text that does not need it',
      { annotation: mails(3) },
      async ({ lead, webhooks, kestra, mailbox, faults }) => {
        await faults.at('notion', lead, { path: '/v1/pages', method: 'POST', status: 500, count: 3 });
        const { executionId } = await webhooks.secondary('onboarding', lead, { mode: 'testing' });

        await expect(kestra.handle(executionId), 'scheduled, with a loss').toReachState('WARNING', {
          within: BUDGET.handlerMs,
        });
        await expect(mailbox.of(lead), 'three mails').toSettleAt(3, {
          within: BUDGET.sequenceMs,
          quietFor: 0,
        });
        const mail = (await mailbox.of(lead).read()).find((one) => tagOf(one, 'email_number') === '1');
        expect(mail?.subject, 'the static one').toBe(`Welcome, ${lead.firstName}`);
        expect(mail?.html).not.toContain('{{');
      },
    );
  },
);
