import { about, expect, test } from '../../fixtures/index.ts';
import { BUDGET } from '../../helpers/budgets.ts';
import { nameAndSenderOf } from '../../helpers/clients/mail-client.ts';
import { wholeJourney } from '../../helpers/journeys/whole-journey.ts';
import { RESPONSIBILITIES, sendersByMail, sendersOf, SEQUENCES } from '../../helpers/split.ts';

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
    test('all five funnels reach the one bare address: fifteen mails, two by the website, thirteen by Kestra', async ({
      bareLead,
      website,
      webhooks,
      kestra,
      mailbox,
      notion,
      deployment,
    }) => {
      const elsewhere = await notion.contacts(bareLead).read();
      // Everybody shares this address: a deployment of its own has no row, ledger or key from another run.
      const own = await deployment({ testing: true });
      const begun = await wholeJourney(
        { website, webhooks },
        bareLead,
        ['signup', 'assessment', 'noshow', 'postcall', 'onboarding'],
        { namespace: own.namespace },
      );

      for (const executionId of begun) {
        await expect(kestra.handle(executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });
      }
      await expect(mailbox.of(bareLead), 'fifteen mails').toSettleAt(15, {
        within: BUDGET.sequenceMs,
        quietFor: BUDGET.quietMs,
      });
      const mails = await mailbox.of(bareLead).read();
      expect(sendersByMail(mails.map(nameAndSenderOf))).toEqual(sendersByMail(RESPONSIBILITIES));
      expect(mails.map(({ to }) => to)).toEqual(mails.map(() => ['lengobaosang@gmail.com']));
      for (const sequence of SEQUENCES) {
        await expect(own.notion.trackerRows(bareLead, sequence), sequence).toHaveTrackerFacts(
          sendersOf(sequence).map((sent_by, index) => ({ email_number: index + 1, status: 'sent', sent_by })),
          { within: BUDGET.settleMs },
        );
      }
      expect(await notion.contacts(bareLead).read(), 'nothing in the Notion of the others').toEqual(
        elsewhere,
      );
    });
  },
);
