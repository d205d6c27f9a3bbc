import { about, expect, test, testCase } from '../../fixtures/index.ts';
import { ANSWER_SETS } from '../../helpers/assessment.ts';
import { SETTLED } from '../../helpers/budgets.ts';
import { PHONE } from '../../helpers/devices.ts';
import { overhangOf } from '../../helpers/overhang.ts';

const purpose =
  'However a visitor gets through the sixteen questions, his answers count, and they count once.';

test.use({ mode: 'production' });

test.describe(
  'the assessment’s page',
  {
    tag: ['@website', '@blocked:website-webhooks'],
    annotation: about({ feature: 'Assessment', covers: ['4.7'], purpose }),
  },
  () => {
    test(
      'the page shows score and colours of these answers, and says where it mailed them',
      { annotation: testCase('TC-4.7.9') },
      async ({ lead, visitor, calls }) => {
        await visitor.cameSignedUp(lead);
        await visitor.answersAll(ANSWER_SETS.twoOrange);
        await calls.one('assessment', lead);

        await expect(visitor.assessment.results).toHaveText(
          'Your score is 700 out of 800: 0 red, 2 orange, 6 green.',
        );
        await expect(visitor.assessment.systems).toHaveText([
          'Directionhalf way',
          'Teamhalf way',
          ...['Delivery', 'Money', 'Customer experience', 'Leadership', 'Marketing', 'Routines'].map(
            (system) => `${system}works`,
          ),
        ]);
        await expect(visitor.assessment.mailState).toHaveText(
          `Your results are on their way to ${lead.email}.`,
        );
      },
    );

    test('with the keyboard alone a visitor signs up and answers all questions', async ({
      lead,
      visitor,
      calls,
    }) => {
      const { page } = visitor;
      await visitor.landing.open();
      await visitor.landing.firstName.focus();
      await page.keyboard.type(lead.firstName);
      await page.keyboard.press('Tab');
      await page.keyboard.type(lead.email);
      await page.keyboard.press('Tab');
      await page.keyboard.type(lead.businessName);
      await page.keyboard.press('Tab');
      await page.keyboard.type('5,000');
      await page.keyboard.press('Tab');
      await page.keyboard.type('Prices');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Space');
      await page.keyboard.press('Enter');
      await page.waitForURL('**/thank-you**');
      await page.getByRole('link', { name: 'Begin the assessment' }).focus();
      await page.keyboard.press('Enter');
      for (const [index, yes] of ANSWER_SETS.twoRed.answers.entries()) {
        await expect(visitor.assessment.number).toHaveText(`Question ${index + 1} of 16`);
        // The new question has the focus; YES is the next stop, NO the one after.
        await page.keyboard.press('Tab');
        await page.keyboard.press(yes ? 'Enter' : 'Tab');
        await page.keyboard.press(yes ? 'Shift' : 'Enter');
      }

      await expect(visitor.assessment.results).toContainText('600 out of 800');
      const { payload } = await calls.one('assessment', lead);
      expect(payload).toMatchObject({ email: lead.email, red_systems: 2, green_systems: 6 });
    });

    test('on a phone nothing is wider than the screen, and the answers reach Kestra', async ({
      lead,
      visitorOn,
      newPage,
      calls,
    }) => {
      const visitor = visitorOn(await newPage(PHONE));
      await visitor.signsUp(lead);
      expect(await overhangOf(visitor.page), 'thank-you').toBe(0);
      await visitor.answersAll(ANSWER_SETS.twoRed);
      await expect(visitor.assessment.mailState).toContainText(lead.email);
      expect(await overhangOf(visitor.page), 'results').toBe(0);
      await visitor.booksCall();

      expect(await overhangOf(visitor.page), 'booked').toBe(0);
      expect((await calls.one('assessment', lead)).payload['red_systems']).toBe(2);
    });

    test('back in the assessment, an answer can be changed, and the changed one counts', async ({
      lead,
      visitor,
      calls,
    }) => {
      await visitor.cameSignedUp(lead);
      await visitor.assessment.open();
      const { answers } = ANSWER_SETS.allYes;
      await visitor.assessment.answer([false, false, false]);
      for (const number of [3, 2, 1]) {
        await visitor.page.goBack();
        await expect(visitor.assessment.number).toHaveText(`Question ${number} of 16`);
      }
      await visitor.assessment.answer(answers);

      await expect(visitor.assessment.results).toContainText('800 out of 800');
      const { payload } = await calls.one('assessment', lead);
      expect(payload).toMatchObject({ red_systems: 0, green_systems: 8, assessment_score: 100 });
    });

    test('after a reload half-way the visitor goes on where he was', async ({ lead, visitor, calls }) => {
      await visitor.cameSignedUp(lead);
      await visitor.assessment.open();
      const { answers } = ANSWER_SETS.twoRed;
      await visitor.assessment.answer(answers.slice(0, 7));
      await visitor.page.reload();
      await expect(visitor.assessment.number).toHaveText('Question 8 of 16');
      await visitor.assessment.answer(answers.slice(7), 8);
      const { executionId, payload } = await calls.one('assessment', lead);
      await visitor.page.reload();

      await expect(visitor.assessment.results).toContainText('600 out of 800');
      expect(payload['red_systems']).toBe(2);
      await expect(calls.of('assessment', lead), `one call, ${executionId}`).toSettleAt(1, SETTLED);
    });
  },
);
