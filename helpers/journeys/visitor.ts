import type { Page } from '@playwright/test';
import type { AnswerSet } from '../assessment.ts';
import type { SiteClient, Tracked } from '../clients/site-client.ts';
import type { Lead } from '../factories/lead.ts';
import { AssessmentPage } from '../pages/assessment-page.ts';
import { BookCallPage, BookedPage } from '../pages/booking-pages.ts';
import { LandingPage } from '../pages/landing-page.ts';
import { OperatorPage } from '../pages/operator-page.ts';
import { PAGES, type Site } from '../site.ts';

/** Told after each step of a journey, with the page as the visitor sees it then. */
export type OnStep = (name: string, page: Page) => Promise<void>;

export interface VisitorSettings {
  site: Site;
  byHttp: SiteClient;
  onStep: OnStep;
  tracked: Tracked;
}

/** A visitor in a browser. */
export class Visitor {
  readonly page: Page;
  readonly landing: LandingPage;
  readonly assessment: AssessmentPage;
  readonly bookCall: BookCallPage;
  readonly booked: BookedPage;
  readonly operator: OperatorPage;
  readonly #site: Site;
  readonly #byHttp: SiteClient;
  readonly #onStep: OnStep;
  readonly #tracked: Tracked;

  constructor(page: Page, { site, byHttp, onStep, tracked }: VisitorSettings) {
    this.page = page;
    this.landing = new LandingPage(page, site);
    this.assessment = new AssessmentPage(page, site);
    this.bookCall = new BookCallPage(page, site);
    this.booked = new BookedPage(page);
    this.operator = new OperatorPage(page, site);
    this.#site = site;
    this.#byHttp = byHttp;
    this.#onStep = onStep;
    this.#tracked = tracked;
  }

  /** Fills the form in and sends it; ends on the thank-you page, with the sign-up tracked. */
  async signsUp(lead: Lead): Promise<void> {
    await this.landing.open();
    await this.#onStep('landing', this.page);
    await this.landing.fill(lead);
    await this.#onStep('form filled in', this.page);
    await this.landing.send();
    await this.#onStep('thank-you', this.page);
    await this.#tracked(lead);
  }

  /** Comes with a sign-up that went by HTTP, and the browser remembers what the form would have left in it. */
  async cameSignedUp(lead: Lead): Promise<void> {
    const leadId = await this.#byHttp.signsUp(lead);
    await this.page.goto(`${this.#site.url}${PAGES.thankYou}`);
    await this.page.evaluate(
      (kept) => Object.entries(kept).forEach(([key, value]) => localStorage.setItem(key, value)),
      {
        'xmas-lead-id': leadId,
        'xmas-user-email': lead.email,
        'xmas-user-name': lead.firstName,
        'xmas-business-name': lead.businessName,
      },
    );
  }

  /** Answers all sixteen questions; ends on the results. */
  async answersAll({ answers }: AnswerSet): Promise<void> {
    await this.assessment.open();
    await this.#onStep('first question', this.page);
    await this.assessment.answer(answers);
    await this.#onStep('results', this.page);
  }

  /** From the results over the details to the booking; returns the booked moment. */
  async booksCall(time = '10:30'): Promise<string> {
    await this.assessment.toDetails.click();
    await this.page.waitForURL(`**${PAGES.diagnostic}`);
    await this.#onStep('diagnostic', this.page);
    await this.page.getByRole('link', { name: 'Book the call' }).click();
    await this.bookCall.confirm.waitFor();
    await this.#onStep('calendar', this.page);
    const booked = await this.bookCall.book(time);
    await this.#onStep('booked', this.page);
    return booked;
  }
}
