import type { Locator, Page } from '@playwright/test';
import type { Lead } from '../factories/lead.ts';
import { PAGES, type Site } from '../site.ts';

/** The sign-up form. */
export class LandingPage {
  readonly firstName: Locator;
  readonly email: Locator;
  readonly businessName: Locator;
  readonly monthlyRevenue: Locator;
  readonly biggestChallenge: Locator;
  readonly privacy: Locator;
  readonly submit: Locator;
  /** What the form says of one field. */
  readonly faultOf: (field: string) => Locator;
  readonly #page: Page;
  readonly #site: Site;

  constructor(page: Page, site: Site) {
    this.#page = page;
    this.#site = site;
    // By id: the ids are what the real form has, whatever its labels say.
    this.firstName = page.locator('#firstName');
    this.email = page.locator('#email');
    this.businessName = page.locator('#businessName');
    this.monthlyRevenue = page.locator('#monthlyRevenue');
    this.biggestChallenge = page.locator('#biggestChallenge');
    this.privacy = page.locator('#privacy');
    this.submit = page.locator('form [type=submit]');
    this.faultOf = (field) => page.locator(`#${field}-error`);
  }

  async open(): Promise<void> {
    await this.#page.goto(`${this.#site.url}${PAGES.landing}`);
    await this.submit.waitFor();
  }

  async fill(lead: Lead): Promise<void> {
    await this.firstName.fill(lead.firstName);
    await this.email.fill(lead.email);
    // The real form has no such field.
    if (await this.businessName.isVisible()) await this.businessName.fill(lead.businessName);
    await this.monthlyRevenue.selectOption('5k-10k');
    await this.biggestChallenge.selectOption('pricing');
    await this.privacy.check();
  }

  /** Sends the form and waits for the page after it. */
  async send(): Promise<void> {
    await this.submit.click();
    await this.#page.waitForURL(`**${PAGES.thankYou}**`);
  }
}
