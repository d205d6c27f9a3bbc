import { about, expect, test, testCase } from '../../fixtures/index.ts';
import { ANSWER_SETS } from '../../helpers/assessment.ts';
import { BUDGET, BY_NOW, SETTLED } from '../../helpers/budgets.ts';
import { nameAndSenderOf } from '../../helpers/clients/mail-client.ts';

const purpose =
  'Visitors click twice, open two tabs and leave: nobody gets a mail twice, or one he did not earn.';

test.use({ mode: 'production' });

test.describe(
  'visitors who stop, or do a thing twice',
  {
    tag: ['@website', '@blocked:website-webhooks'],
    annotation: about({ feature: 'Assessment', covers: ['4.7', '4.8'], purpose }),
  },
  () => {
    test(
      'a visitor who leaves half-way gets no mail, and Kestra hears nothing',
      { annotation: testCase('TC-4.7.10') },
      async ({ lead, visitorOn, newPage, calls, mailbox }) => {
        const visitor = visitorOn(await newPage());
        await visitor.cameSignedUp(lead);
        await visitor.assessment.open();
        await visitor.assessment.answer(ANSWER_SETS.twoRed.answers.slice(0, 15));
        await visitor.page.close();

        // Whoever tells of sign-ups has had his turn, so a call of the assessment would be there as well.
        await calls.one('signup', lead);
        await expect(calls.of('assessment', lead), 'no call').toSettleAt(0, SETTLED);
        expect((await mailbox.of(lead).read()).map(nameAndSenderOf)).toEqual([
          { mail: 'signup 1', sender: 'website' },
        ]);
      },
    );

    test('a visitor who leaves with the last answer gets mail 1, and Kestra is told', async ({
      lead,
      visitorOn,
      newPage,
      calls,
      mailbox,
    }) => {
      const visitor = visitorOn(await newPage());
      await visitor.cameSignedUp(lead);
      await visitor.assessment.open();
      await visitor.assessment.answer(ANSWER_SETS.twoRed.answers);
      await visitor.page.goto('about:blank');

      const { payload } = await calls.one('assessment', lead);
      expect(payload['email_1_status']).toBe('sent');
      await expect(mailbox.of(lead), 'confirmation and mail 1').toSettleAt(2, BY_NOW);
    });

    test('a double click on the form’s button is one sign-up and one confirmation', async ({
      lead,
      visitor,
      calls,
      mailbox,
    }) => {
      await visitor.landing.open();
      await visitor.landing.fill(lead);
      await visitor.landing.submit.dblclick();
      await visitor.page.waitForURL('**/thank-you**');

      const { executionId } = await calls.one('signup', lead);
      await expect(calls.of('signup', lead), `one call, ${executionId}`).toSettleAt(1, SETTLED);
      await expect(mailbox.of(lead), 'one confirmation').toSettleAt(1, BY_NOW);
    });

    test('double clicks on the answers answer each question once', async ({ lead, visitor, calls }) => {
      await visitor.cameSignedUp(lead);
      await visitor.assessment.open();
      for (const [index, yes] of ANSWER_SETS.twoRed.answers.entries()) {
        await expect(visitor.assessment.number).toHaveText(`Question ${index + 1} of 16`);
        const { yes: yesButton, no: noButton } = visitor.assessment;
        await (yes ? yesButton : noButton).dblclick();
      }

      const { payload } = await calls.one('assessment', lead);
      expect(payload).toMatchObject({ red_systems: 2, orange_systems: 0, green_systems: 6 });
    });

    test('two tabs that both finish give one mail 1 and one schedule, by the first answers', async ({
      lead,
      visitor,
      visitorOn,
      calls,
      kestra,
      mailbox,
    }) => {
      await visitor.cameSignedUp(lead);
      const second = visitorOn(await visitor.page.context().newPage());
      await visitor.assessment.open();
      await second.assessment.open();
      await visitor.assessment.answer(ANSWER_SETS.twoRed.answers);
      const { executionId, payload } = await calls.one('assessment', lead);
      await second.page.bringToFront(); // a tab behind another one draws, and so answers, once a second
      await second.assessment.answer(ANSWER_SETS.allYes.answers);
      await expect(second.assessment.mailState).toContainText(lead.email);

      await expect(kestra.handle(executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });
      expect(payload['red_systems']).toBe(2);
      await expect(calls.of('assessment', lead), 'one call').toSettleAt(1, SETTLED);
      await expect(mailbox.of(lead), 'confirmation and one mail 1').toSettleAt(2, BY_NOW);
      await expect(kestra.mailsOf(executionId), 'four mails wait').toSettleAt(4, BY_NOW);
    });
  },
);
