import { about, expect, test } from '../../fixtures/index.ts';
import { BUDGET, BY_NOW, SETTLED } from '../../helpers/budgets.ts';
import type { Call } from '../../helpers/clients/faults-client.ts';
import { tagOf } from '../../helpers/clients/mail-client.ts';
import { mailOrder } from '../../helpers/factories/mail-order.ts';

const purpose = 'Delivery comes first: whatever Notion does, the mail goes, and what Notion missed is told.';

const HOUR = 3_600_000;

/** How often each address was asked, the least first. */
const timesOf = (calls: readonly Call[]): number[] => {
  const paths = calls.map(({ path }) => path);
  const times = [...new Set(paths)].map((path) => paths.filter((one) => one === path).length);
  return times.toSorted((a, b) => a - b);
};

test.use({ mode: 'production' });

test.describe(
  'Notion in trouble',
  {
    tag: '@resilience',
    annotation: about({ feature: 'Resilience', covers: ['2.2', '2.6'], purpose, severity: 'critical' }),
  },
  () => {
    test(
      'with Notion answering 500 the mail goes out from the static template, and the loss is told',
      { tag: '@blocked:own-dates' },
      async ({ lead, webhooks, kestra, mailbox, faults }) => {
        await faults.at('notion', lead, { status: 500 });
        const email1SentAt = new Date(Date.now() - 25 * HOUR).toISOString(); // mail 2 is due at once
        const { executionId } = await webhooks.assessment(lead, { email1SentAt });

        await expect(kestra.handle(executionId), 'scheduled, with a loss').toReachState('WARNING', {
          within: BUDGET.handlerMs,
        });
        await expect(mailbox.of(lead), 'one mail').toSettleAt(1, {
          within: BUDGET.mailMs,
          quietFor: BUDGET.quietMs,
        });
        const [sent] = await mailbox.of(lead).read();
        expect(sent?.subject).toBe(`${lead.firstName}, a first look at your roadmap`);
        const [mail] = await kestra.mailsOf(executionId).read();
        const execution = kestra.handle(String(mail?.id));
        await expect(execution, 'delivered, with a loss').toReachState('WARNING', { within: BUDGET.mailMs });
        await expect(execution, 'says what was lost').toHaveLogged(
          /static fall-back[\s\S]*Notion missed: find_contact.*write_analytics/,
          { within: BUDGET.settleMs, minLevel: 'WARN', taskId: 'tell' },
        );
        // Two pages of analytics, each looked for twice after that; the template; contact and row, by handler and mail.
        expect(timesOf(await faults.callsOf('notion', lead)), 'three tries of each').toEqual([2, 3, 4, 6, 6]);
      },
    );

    test('with Notion answering nothing at all the mail goes out', async ({
      lead,
      kestra,
      mailbox,
      deployment,
    }) => {
      const settings = { NOTION_TIMEOUT: 'PT1S' };
      const { namespace, faults } = await deployment({ flows: ['send-email'], settings });
      await faults.at('notion', lead, { hang: true });
      const mail = await kestra.start('send-email', mailOrder(lead, 3), { namespace });

      await expect(mail, 'delivered, with a loss').toReachState('WARNING', { within: BUDGET.mailMs });
      await expect(mailbox.of(lead), 'one mail').toSettleAt(1, SETTLED);
    });

    test('after a 429 Notion is asked again as it told, and misses nothing', async ({
      lead,
      website,
      kestra,
      mailbox,
      notion,
      faults,
    }) => {
      const { executionId } = await website.signsUp(lead);
      await expect(kestra.handle(executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });
      // The mail's only PATCH is the contact's. Twice: the engine's HTTP client sits out the first one, the flow's retry the second.
      await faults.at('notion', lead, {
        method: 'PATCH',
        status: 429,
        headers: { 'retry-after': '2' },
        count: 2,
      });
      const mail = await kestra.start('send-email', mailOrder(lead, 4));

      await expect(mail, 'nothing lost').toReachState('SUCCESS', { within: BUDGET.mailMs });
      const writes = (await faults.callsOf('notion', lead)).filter(({ method }) => method === 'PATCH');
      expect(writes.map(({ status }) => status)).toEqual([429, 429, 200]);
      expect(Number(writes[1]?.at) - Number(writes[0]?.at), 'ms until asked again').toBeGreaterThanOrEqual(
        1_990,
      );
      const [sent] = await mailbox.of(lead, { sender: 'kestra' }).read();
      await expect(notion.trackerRows(lead, '5day')).toHaveTrackerFacts(
        [{ email_number: 4, status: 'sent', sent_by: 'kestra', resend_id: String(sent?.id) }],
        { within: BUDGET.settleMs },
      );
      expect((await notion.contact(lead)).values['Last Email Sent']).toEqual(expect.any(String));
    });

    test('with Notion failing once, a second try writes what it missed', async ({
      lead,
      website,
      kestra,
      notion,
      faults,
    }) => {
      const signup = await website.signsUp(lead);
      await expect(kestra.handle(signup.executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });
      await faults.at('notion', lead, { method: 'PATCH', status: 500, count: 1 });
      const { executionId } = await website.completesAssessment(lead);

      await expect(kestra.handle(executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });
      expect((await notion.contact(lead)).values).toMatchObject({ 'Assessment Score': lead.score });
    });

    test(
      'with Notion refusing every change for good, mails are scheduled and sent, and each says what was missed',
      { tag: '@blocked:own-dates' },
      async ({ lead, website, webhooks, kestra, mailbox, notion, faults }) => {
        const signup = await website.signsUp(lead);
        await expect(kestra.handle(signup.executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });
        await notion.addTrackerRow(lead, '5day');
        await faults.at('notion', lead, { method: 'PATCH', status: 500 });
        const email1SentAt = new Date(Date.now() - 25 * HOUR).toISOString(); // mail 2 is due at once
        const { executionId } = await webhooks.assessment(lead, { email1SentAt });

        await expect(kestra.handle(executionId), 'scheduled, with a loss').toReachState('WARNING', {
          within: BUDGET.handlerMs,
        });
        await expect(kestra.mailsOf(executionId), 'four mails').toSettleAt(4, BY_NOW);
        const [engine] = await kestra.subtreeOf(executionId).read();
        await expect(kestra.handle(String(engine?.id)), 'says what').toHaveLogged(
          'Notion missed: write_contact, write_row',
          { within: BUDGET.settleMs, minLevel: 'WARN', taskId: 'tell' },
        );
        await expect(mailbox.of(lead, { sender: 'kestra' }), 'mail 2').toSettleAt(1, {
          within: BUDGET.mailMs,
          quietFor: BUDGET.quietMs,
        });
        const [mail2] = await kestra.mailsOf(executionId).read();
        const execution = kestra.handle(String(mail2?.id));
        await expect(execution, 'delivered, with a loss').toReachState('WARNING', { within: BUDGET.mailMs });
        await expect(execution, 'says what').toHaveLogged('Notion missed: write_contact, write_row', {
          within: BUDGET.settleMs,
          minLevel: 'WARN',
          taskId: 'tell',
        });
      },
    );

    test('with Notion gone from the webhook on, all four mails still go out, from the static templates', async ({
      lead,
      website,
      kestra,
      mailbox,
      faults,
    }) => {
      await faults.at('notion', lead, { status: 500 });
      const { executionId } = await website.completesAssessment(lead, { mode: 'testing' });

      await expect(kestra.handle(executionId), 'scheduled, with a loss').toReachState('WARNING', {
        within: BUDGET.handlerMs,
      });
      await expect(mailbox.of(lead, { sender: 'kestra' }), 'mails 2 to 5').toSettleAt(4, {
        within: BUDGET.sequenceMs,
        quietFor: BUDGET.quietMs,
      });
      const mails = await mailbox.of(lead, { sender: 'kestra' }).read();
      expect(mails.map((mail) => `${tagOf(mail, 'email_number')}: ${mail.subject}`).toSorted()).toEqual([
        `2: ${lead.firstName}, a first look at your roadmap`,
        `3: ${lead.firstName}, the bottleneck most owners meet first`,
        `4: ${lead.firstName}, what we could do together for ${lead.businessName}`,
        `5: ${lead.firstName}, a last reminder`,
      ]);
    });
  },
);
