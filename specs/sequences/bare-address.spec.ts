import { about, expect, test } from '../../fixtures/index.ts';
import { BUDGET, BY_NOW } from '../../helpers/budgets.ts';

const purpose =
  'The journey holds for the one address that the specification demands, without a tag behind it.';

test.use({ mode: 'testing' });

test.describe(
  'the bare address',
  {
    tag: ['@sequence', '@bare-address'],
    annotation: about({ feature: 'Sequences', covers: ['3.1', '3.5', '4.4'], purpose, severity: 'critical' }),
  },
  () => {
    test('sign-up, assessment and the whole sequence reach the one bare address', async ({
      bareLead,
      website,
      kestra,
      mailbox,
      notion,
      deployment,
    }) => {
      // Everybody shares this address: a deployment of its own has no row, ledger or key from another run.
      const own = await deployment({ testing: true });
      const since = new Date();
      const { namespace } = own;
      const signup = await website.signsUp(bareLead, { namespace });
      await expect(kestra.handle(signup.executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });
      const { executionId } = await website.completesAssessment(bareLead, { namespace });

      await expect(kestra.handle(executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });
      await expect(mailbox.of(bareLead, { since }), 'five mails').toSettleAt(5, {
        within: BUDGET.sequenceMs,
        quietFor: BUDGET.quietMs,
      });
      const mails = await mailbox.of(bareLead, { since }).read();
      expect(mails.map(({ sender }) => sender)).toEqual(['website', 'kestra', 'kestra', 'kestra', 'kestra']);
      expect(mails.map(({ to }) => to)).toEqual(mails.map(() => ['lengobaosang@gmail.com']));
      await expect(own.notion.trackerRows(bareLead, '5day')).toHaveTrackerFacts(
        [
          { email_number: 1, status: 'sent', sent_by: 'website' },
          ...[2, 3, 4, 5].map((email_number) => ({ email_number, status: 'sent', sent_by: 'kestra' })),
        ],
        { within: BUDGET.settleMs },
      );
      await expect(notion.contacts(bareLead), 'nothing in the Notion of the others').toSettleAt(0, BY_NOW);
    });
  },
);
