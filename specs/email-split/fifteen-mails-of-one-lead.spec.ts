import { about, expect, mails, test } from '../../fixtures/index.ts';
import { BUDGET } from '../../helpers/budgets.ts';
import { nameAndSenderOf } from '../../helpers/clients/mail-client.ts';
import { wholeJourney } from '../../helpers/journeys/whole-journey.ts';
import { shuffled } from '../../helpers/seed.ts';
import { RESPONSIBILITIES, sendersByMail } from '../../helpers/split.ts';

const purpose =
  'Every mail has one sender: a lead who goes all the way gets fifteen, none twice, none from the wrong one.';

const WEBHOOKS = ['onboarding', 'postcall', 'assessment', 'noshow', 'signup'] as const;

test.use({ mode: 'testing' });

test.describe(
  'a whole journey',
  {
    tag: '@split',
    annotation: about({
      feature: 'E-mail split',
      covers: ['2.4', '4.5', '4.6'],
      purpose,
      severity: 'blocker',
    }),
  },
  () => {
    test('five webhooks at once, in no order: fifteen mails, and each has the one sender who owes it', async ({
      lead,
      website,
      webhooks,
      kestra,
      mailbox,
      notion,
    }) => {
      const begun = await wholeJourney({ website, webhooks }, lead, WEBHOOKS, { atOnce: true });

      for (const executionId of begun) {
        await expect(kestra.handle(executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });
      }
      await expect(mailbox.of(lead), 'fifteen mails').toSettleAt(15, {
        within: BUDGET.sequenceMs,
        quietFor: BUDGET.quietMs,
      });
      const sent = await mailbox.of(lead).read();
      expect(sendersByMail(sent.map(nameAndSenderOf))).toEqual(sendersByMail(RESPONSIBILITIES));
      const rows = await notion.trackerRows(lead).read();
      expect(new Set(rows.map(({ values }) => values['Sequence Type'])).size, 'four sequences').toBe(4);
    });

    test(
      'five webhooks one after the other, in any order: fifteen mails, and each has the one sender who owes it',
      { tag: '@night', annotation: mails(15) },
      async ({ lead, website, webhooks, kestra, mailbox, seed }) => {
        const order = shuffled(WEBHOOKS, seed);
        const seen = `SEED=${seed}: ${order.join(', ')}`;
        for (const webhook of order) {
          const [executionId = ''] = await wholeJourney({ website, webhooks }, lead, [webhook]);
          await expect(kestra.handle(executionId), `${seen}: ${webhook}`).toReachState('SUCCESS', {
            within: BUDGET.handlerMs,
          });
        }

        await expect(mailbox.of(lead), `${seen}: fifteen mails`).toSettleAt(15, {
          within: BUDGET.sequenceMs,
          quietFor: BUDGET.quietMs,
        });
        const sent = await mailbox.of(lead).read();
        expect(sendersByMail(sent.map(nameAndSenderOf)), seen).toEqual(sendersByMail(RESPONSIBILITIES));
      },
    );
  },
);
