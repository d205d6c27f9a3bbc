import type { Page } from '@playwright/test';
import type { AnswerSet } from '../assessment.ts';
import type { Lead } from '../factories/lead.ts';
import { AssessmentPage } from '../pages/assessment-page.ts';
import { BookCallPage, BookedPage } from '../pages/booking-pages.ts';
import { LandingPage } from '../pages/landing-page.ts';
import { OWN_PAGES, PAGES, type Site } from '../site.ts';

/** A day on which somebody could have booked. */
const CALL = { date: '2025-12-10', time: '10:30' };

/**
 * The reference website's pages in every state that a visitor can meet, by name. Each is reached by its address and what the
 * browser remembers, so that it costs few clicks; it is there when the function returns.
 */
export function pageStates(
  page: Page,
  site: Site,
  lead: Pick<Lead, 'email' | 'firstName' | 'businessName'>,
  set: AnswerSet,
) {
  const landing = new LandingPage(page, site);
  const assessment = new AssessmentPage(page, site);
  const bookCall = new BookCallPage(page, site);
  const booked = new BookedPage(page);

  const at = (path: string, query: Record<string, string> = {}) =>
    page.goto(`${site.url}${path}?${new URLSearchParams(query).toString()}`);
  const heading = (text: string) => page.getByRole('heading', { level: 1, name: text }).waitFor();

  /** Goes there as the browser of somebody who has signed up and given these answers. */
  async function signedUp(
    path: string,
    answers: readonly boolean[] = [],
    query: Record<string, string> = {},
  ) {
    await at(OWN_PAGES.privacy); // any page of the site: its memory is the site's
    const id = crypto.randomUUID();
    await page.evaluate(
      ({ kept, progress }) => {
        localStorage.clear();
        sessionStorage.clear();
        for (const [key, value] of Object.entries(kept)) localStorage.setItem(key, value);
        sessionStorage.setItem('xmas-answers', JSON.stringify(progress));
      },
      {
        kept: {
          'xmas-lead-id': id,
          'xmas-user-email': lead.email,
          'xmas-user-name': lead.firstName,
          'xmas-business-name': lead.businessName,
        },
        progress: { lead: id, answers, posted: false },
      },
    );
    await at(path, query);
  }

  async function results(): Promise<void> {
    await signedUp(PAGES.assessment, set.answers);
    await page.getByText(/Your results are (on their way|here)/).waitFor();
  }

  return {
    landing: () => landing.open(),
    'landing with faults': async () => {
      await landing.open();
      await landing.submit.click();
      await landing.faultOf('privacy').waitFor();
    },
    'thank-you': () => at(PAGES.thankYou, { name: lead.firstName, email: lead.email }),
    'assessment of a stranger': async () => {
      await at(OWN_PAGES.privacy);
      await page.evaluate(() => localStorage.clear());
      await at(PAGES.assessment);
      await heading('Where may we send your results?');
    },
    'first question': async () => {
      await signedUp(PAGES.assessment);
      await assessment.yes.waitFor();
    },
    'second question': async () => {
      await signedUp(PAGES.assessment);
      await assessment.answer([true]);
      await page.getByRole('button', { name: 'Back one question' }).waitFor();
    },
    results,
    diagnostic: async () => {
      await results();
      await at(PAGES.diagnostic);
      await assessment.results.waitFor();
    },
    'diagnostic without results': async () => {
      await signedUp(PAGES.diagnostic);
      await page.getByRole('link', { name: 'To the assessment' }).waitFor();
    },
    calendar: () => bookCall.open(),
    'calendar with a fault': async () => {
      await bookCall.open();
      await bookCall.confirm.click();
      await bookCall.fault.waitFor();
    },
    'calendar by itself': async () => {
      await at(OWN_PAGES.calendar);
      await page.getByRole('radio').first().waitFor();
    },
    booked: async () => {
      await signedUp(PAGES.booked, [], CALL);
      await booked.state.waitFor();
    },
    'nothing booked': async () => {
      await at(PAGES.booked);
      await heading('No call is booked yet.');
    },
    privacy: () => at(OWN_PAGES.privacy),
    'no such page': async () => {
      await at('/no-such-page');
      await heading('There is no such page.');
    },
  };
}
