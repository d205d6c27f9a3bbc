import type { Visitor } from '../../helpers/journeys/visitor.ts';
import { about, expect, test } from '../../fixtures/index.ts';
import { ANSWER_SETS } from '../../helpers/assessment.ts';
import { BY_NOW, SETTLED } from '../../helpers/budgets.ts';
import { holdBack } from '../../helpers/network/hold-back.ts';

const purpose =
  'Visitors come from trains and cellars: a slow or lost network costs nobody his sign-up or his results.';

/** A network on which what is posted waits until it is let go. */
const holdPosts = ({ page }: Visitor) => holdBack(page, (request) => request.method() === 'POST');

test.use({ mode: 'production' });

test.describe(
  'bad networks',
  {
    tag: ['@website', '@blocked:website-webhooks'],
    annotation: about({ feature: 'Lead capture', covers: ['4.7', '4.8'], purpose }),
  },
  () => {
    test('on a slow network the button waits, and a second click does not sign up again', async ({
      lead,
      visitor,
      calls,
      mailbox,
    }) => {
      await visitor.landing.open();
      await visitor.landing.fill(lead);
      const letGo = await holdPosts(visitor);
      await visitor.landing.submit.click();
      await expect(visitor.landing.submit).toHaveAttribute('aria-disabled', 'true');
      // Its state says that it waits; a visitor clicks all the same.
      await visitor.landing.submit.click({ force: true });
      letGo();
      await visitor.page.waitForURL('**/thank-you**');

      const { executionId } = await calls.one('signup', lead);
      await expect(calls.of('signup', lead), `one call, ${executionId}`).toSettleAt(1, SETTLED);
      await expect(mailbox.of(lead), 'one confirmation').toSettleAt(1, BY_NOW);
    });

    test('on a slow network the results show at once, and then that they were mailed', async ({
      lead,
      visitor,
      calls,
    }) => {
      await visitor.cameSignedUp(lead);
      await visitor.assessment.open();
      await visitor.assessment.answer(ANSWER_SETS.twoRed.answers.slice(0, 15));
      const letGo = await holdPosts(visitor);
      await visitor.assessment.yes.click();

      await expect(visitor.assessment.results).toContainText('600 out of 800');
      await expect(visitor.assessment.mailState).toContainText('One moment');
      letGo();
      await expect(visitor.assessment.mailState).toContainText('on their way to');
      expect((await calls.one('assessment', lead)).payload['email_1_status']).toBe('sent');
    });

    test('without a network the form says so and keeps what was typed, and then it works', async ({
      lead,
      visitor,
      calls,
    }) => {
      await visitor.landing.open();
      await visitor.landing.fill(lead);
      await visitor.page.context().setOffline(true);
      await visitor.landing.submit.click();
      await expect(visitor.page.getByRole('alert')).toContainText('Please try again');
      await visitor.page.context().setOffline(false);
      await visitor.landing.send();

      expect((await calls.one('signup', lead)).payload['email']).toBe(lead.email);
    });

    test('answers given without a network are handed in after a reload', async ({ lead, visitor, calls }) => {
      await visitor.cameSignedUp(lead);
      await visitor.assessment.open();
      await visitor.page.context().setOffline(true);
      await visitor.assessment.answer(ANSWER_SETS.twoRed.answers);
      await expect(visitor.assessment.mailState).toContainText('could not mail them');
      await visitor.page.context().setOffline(false);
      await visitor.page.reload();

      await expect(visitor.assessment.mailState).toContainText('on their way to');
      expect((await calls.one('assessment', lead)).payload['red_systems']).toBe(2);
    });
  },
);
