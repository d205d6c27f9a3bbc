import type { Locator, Page } from '@playwright/test';
import type { Lead } from '../factories/lead.ts';
import type { Secondary } from '../factories/payloads.ts';
import { OWN_PAGES, type Site } from '../site.ts';

/** What the buttons say. */
export const BUTTONS: Record<Secondary, string> = {
  noshow: 'Call missed',
  postcall: 'Said maybe',
  onboarding: 'Has paid',
};

/** The reference website's stand-in for calendar, CRM and payment system. */
export class OperatorPage {
  readonly told: Locator;
  readonly #page: Page;
  readonly #site: Site;

  constructor(page: Page, site: Site) {
    this.#page = page;
    this.#site = site;
    this.told = page.getByRole('status');
  }

  async lookUp(lead: Pick<Lead, 'email'>): Promise<void> {
    await this.#page.goto(`${this.#site.url}${OWN_PAGES.operator}`);
    await this.#page.getByLabel('E-mail address of the lead').fill(lead.email);
    await this.#page.getByRole('button', { name: 'Look up' }).click();
    await this.#page.getByRole('button', { name: BUTTONS.noshow }).waitFor();
  }

  /** Presses the button of that event and waits for what the page says of it. */
  async tell(event: Secondary): Promise<void> {
    await this.#page.getByRole('button', { name: BUTTONS[event] }).click();
    await this.told.waitFor();
  }
}
