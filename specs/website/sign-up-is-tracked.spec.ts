import { about, expect, test, testCase } from '../../fixtures/index.ts';
import { BUDGET, BY_NOW, SETTLED } from '../../helpers/budgets.ts';
import { nameAndSenderOf } from '../../helpers/clients/mail-client.ts';

const purpose =
  'A visitor who sends the form is known to the team, and gets one confirmation and nothing else.';

const MINUTE = 60_000;

test.use({ mode: 'production' });

test.describe(
  'sign-up on the website',
  {
    tag: ['@website', '@blocked:website-webhooks'],
    annotation: about({
      feature: 'Lead capture',
      covers: ['4.8', '3.1'],
      purpose,
      severity: 'critical',
    }),
  },
  () => {
    test(
      'sending the form begins one execution of signup-handler, and it ends well',
      { annotation: testCase('TC-4.8.1') },
      async ({ lead, visitor, calls, kestra }) => {
        await visitor.signsUp(lead);

        const { executionId, flowId } = await calls.one('signup', lead);
        await expect(kestra.handle(executionId), 'the handler ends well').toReachState('SUCCESS', {
          within: BUDGET.handlerMs,
        });
        expect(flowId).toBe('signup-handler');
        await expect(calls.of('signup', lead), 'one call').toSettleAt(1, SETTLED);
      },
    );

    test(
      'the call carries address, first name, business name and source, and nothing else of the form',
      { annotation: testCase('TC-4.8.2') },
      async ({ newLead, visitor, calls }) => {
        const lead = newLead({ firstName: 'Ada Maria Park' });
        await visitor.signsUp(lead);

        const { payload } = await calls.one('signup', lead);
        expect(payload).toEqual({
          email: lead.email,
          first_name: 'Ada',
          business_name: lead.businessName,
          source: 'website',
        });
      },
    );

    test(
      'the contact stands in Notion with names, status and the day',
      { annotation: testCase('TC-4.8.3') },
      async ({ lead, visitor, notion }) => {
        const before = Date.now() - MINUTE; // Notion keeps no seconds
        await visitor.signsUp(lead);

        const { values } = await notion.contact(lead);
        expect(values).toMatchObject({
          Email: lead.email,
          first_name: lead.firstName,
          'Business Name': lead.businessName,
          'Christmas Campaign Status': 'Signed Up',
        });
        expect(Date.parse(String(values['Signup Date']))).toBeGreaterThanOrEqual(before);
      },
    );

    test(
      'the website confirms by mail, and Kestra sends and schedules nothing',
      { annotation: testCase('TC-4.8.4') },
      async ({ lead, visitor, calls, kestra, mailbox }) => {
        await visitor.signsUp(lead);

        const { executionId } = await calls.one('signup', lead);
        await expect(kestra.subtreeOf(executionId), 'no execution below').toSettleAt(0, SETTLED);
        await expect(mailbox.of(lead), 'the confirmation alone').toSettleAt(1, BY_NOW);
        const [confirmation] = await mailbox.of(lead).read();
        expect(confirmation && nameAndSenderOf(confirmation)).toEqual({
          mail: 'signup 1',
          sender: 'website',
        });
        expect(confirmation?.html).toContain('/assessment"');
      },
    );

    test(
      'no tracker row is opened',
      { annotation: testCase('TC-4.8.5') },
      async ({ lead, siteClient, calls, kestra, notion }) => {
        await siteClient.signsUp(lead);

        const { executionId } = await calls.one('signup', lead);
        await expect(kestra.handle(executionId), 'Kestra had its turn').toReachState('SUCCESS', {
          within: BUDGET.handlerMs,
        });
        await expect(notion.contacts(lead), 'the contact').toSettleAt(1, BY_NOW);
        await expect(notion.trackerRows(lead), 'no row').toSettleAt(0, SETTLED);
        await expect(calls.of('assessment', lead), 'no call that would open one').toSettleAt(0, BY_NOW);
      },
    );
  },
);
