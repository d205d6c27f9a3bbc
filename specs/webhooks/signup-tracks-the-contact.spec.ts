import { about, covers, expect, test, testCase } from '../../fixtures/index.ts';
import { BUDGET, BY_NOW, SETTLED } from '../../helpers/budgets.ts';

const purpose = 'A visitor who signs up is known in Notion, once, and gets no mail from Kestra.';

const MINUTE = 60_000;

test.use({ mode: 'production' });

test.describe(
  'sign-up',
  {
    tag: '@webhook',
    annotation: about({ feature: 'Lead capture', covers: ['2.2', '3.1'], purpose, severity: 'critical' }),
  },
  () => {
    test(
      'a sign-up starts an execution that ends well and makes a contact with names, status and date',
      { annotation: [testCase('TC-4.11.1'), covers('4.14')] },
      async ({ lead, website, kestra, notion }) => {
        const before = Date.now() - MINUTE; // Notion keeps no seconds
        const { executionId } = await website.signsUp(lead);

        const handler = kestra.handle(executionId);
        await expect(handler, 'the handler ends well').toReachState('SUCCESS', { within: BUDGET.handlerMs });
        expect((await handler.read()).flowId).toBe('signup-handler');
        const { values } = await notion.contact(lead);
        expect(values).toMatchObject({
          Email: lead.email,
          first_name: lead.firstName,
          'Business Name': lead.businessName,
          'Christmas Campaign Status': 'Signed Up',
        });
        expect(Date.parse(String(values['Signup Date']))).toBeGreaterThanOrEqual(before);
        expect(Date.parse(String(values['Signup Date']))).toBeLessThanOrEqual(Date.now());
      },
    );

    test('the same sign-up again leaves one contact', async ({ lead, website, kestra, notion }) => {
      const first = await website.signsUp(lead);
      await expect(kestra.handle(first.executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });
      const again = await website.signsUp(lead);

      await expect(kestra.handle(again.executionId), 'the second handler ends well').toReachState('SUCCESS', {
        within: BUDGET.handlerMs,
      });
      await expect(notion.contacts(lead), 'one contact').toSettleAt(1, SETTLED);
    });

    test(
      'a sign-up makes one contact, opens no tracker row and lets Kestra send nothing',
      { annotation: testCase('TC-4.11.2') },
      async ({ lead, website, kestra, mailbox, notion }) => {
        const { executionId } = await website.signsUp(lead);
        await expect(kestra.handle(executionId), 'the handler had its turn').toReachState('SUCCESS', {
          within: BUDGET.handlerMs,
        });

        await expect(mailbox.of(lead, { sender: 'kestra' }), 'no mail by Kestra').toSettleAt(0, SETTLED);
        expect(await mailbox.sendersTo(lead), 'only the confirmation').toEqual(['website']);
        await expect(notion.contacts(lead), 'one contact').toSettleAt(1, BY_NOW);
        await expect(kestra.subtreeOf(executionId), 'no execution below the handler').toSettleAt(0, BY_NOW);
        await expect(notion.trackerRows(lead), 'no tracker row').toSettleAt(0, BY_NOW);
      },
    );

    test('a sign-up looks for the contact, makes it at the first try and has nothing to warn of', async ({
      lead,
      website,
      kestra,
      faults,
    }) => {
      const { executionId } = await website.signsUp(lead);
      const handler = kestra.handle(executionId);
      await expect(handler).toReachState('SUCCESS', { within: BUDGET.handlerMs });

      const byKestra = (await faults.callsOf('notion', lead)).filter(({ correlationId }) => correlationId);
      const answers = byKestra.map(
        ({ method, path, status }) => `${method} ${path.replace(/^.*\//, '')} ${status}`,
      );
      expect(answers, 'looked for, and made at the first try').toEqual(['POST query 200', 'POST pages 200']);
      const { taskRunList } = await handler.read();
      const tell = taskRunList.find(({ taskId }) => taskId === 'tell');
      expect(tell?.state.current, 'nothing to warn of').toBe('SKIPPED');
    });

    test('a late sign-up lowers no status and empties no field', async ({
      lead,
      website,
      webhooks,
      kestra,
      notion,
    }) => {
      const assessed = await website.completesAssessment(lead);
      await expect(kestra.handle(assessed.executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });
      const before = await notion.contact(lead);

      const late = await webhooks.send('signup', { email: lead.email });
      await expect(kestra.handle(String(late.executionId))).toReachState('SUCCESS', {
        within: BUDGET.handlerMs,
      });

      const { values } = await notion.contact(lead);
      expect(values).toEqual({ ...before.values, 'Signup Date': expect.any(String) });
      expect(values['Christmas Campaign Status']).toBe('Nurture Sequence');
      expect(values['first_name']).toBe(lead.firstName);
    });
  },
);
