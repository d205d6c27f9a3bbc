import { about, expect, test } from '../../fixtures/index.ts';
import { ANSWER_SETS } from '../../helpers/assessment.ts';
import { BUDGET } from '../../helpers/budgets.ts';
import { pageStates } from '../../helpers/journeys/page-states.ts';
import { holdBack } from '../../helpers/network/hold-back.ts';
import { BookCallPage } from '../../helpers/pages/booking-pages.ts';

const purpose =
  'A visitor acts on what the last pages say: where to begin, what it costs, and when the call is.';

test.use({ mode: 'production' });

test.describe(
  'pages tell the truth',
  {
    tag: ['@pages', '@own-website'],
    annotation: about({ feature: 'Assessment', covers: ['4.7', '4.10'], purpose }),
  },
  () => {
    test('the page in detail names what to begin with, what to build on, and what the weak spots cost', async ({
      lead,
      page,
      quietWebsite,
    }) => {
      await pageStates(page, quietWebsite, lead, ANSWER_SETS.twoRed).diagnostic();

      const main = page.getByRole('main');
      await expect(main).toContainText(
        'Begin with direction, which our letters call GPS, then look at team (CREW). You can build on routines (AUTOPILOT).',
      );
      await expect(main).toContainText('cost about 11,000 a month');
    });

    test('the page after the booking names day and time as they were chosen, and says that the call is noted', async ({
      lead,
      page,
      quietWebsite,
    }) => {
      await pageStates(page, quietWebsite, lead, ANSWER_SETS.twoRed).booked();

      const main = page.getByRole('main');
      await expect(main).toContainText(/Wednesday,? 10 December 2025/);
      await expect(main).toContainText('10:30');
      await expect(main).toContainText('The call is in our calendar.');
    });

    test('the calendar fits its frame, however late the script of the page around it comes', async ({
      page,
      quietWebsite,
    }) => {
      const letGo = await holdBack(page, (request) => request.url().endsWith('/assets/book-call.js'));
      const bookCall = new BookCallPage(page, quietWebsite);
      const opened = bookCall.open();
      await bookCall.days.first().waitFor();
      // By the second frame that is drawn the calendar has told its height.
      await bookCall.confirm.evaluate(
        () => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))),
      );
      letGo();
      await opened;

      const gapOf = () =>
        bookCall.calendar
          .owner()
          .evaluate(
            (frame: HTMLIFrameElement) => frame.clientHeight - frame.contentDocument!.body.offsetHeight,
          );
      await expect.poll(gapOf, { message: 'neither cut off nor a gap', timeout: BUDGET.pageMs }).toBe(0);
    });
  },
);
