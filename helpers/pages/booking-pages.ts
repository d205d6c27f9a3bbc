import type { FrameLocator, Locator, Page } from '@playwright/test';
import { PAGES, type Site } from '../site.ts';

/** The page with the calendar in a frame. */
export class BookCallPage {
  readonly calendar: FrameLocator;
  readonly days: Locator;
  readonly times: Locator;
  readonly confirm: Locator;
  readonly fault: Locator;
  readonly #page: Page;
  readonly #site: Site;

  constructor(page: Page, site: Site) {
    this.#page = page;
    this.#site = site;
    this.calendar = page.frameLocator('#calendar');
    this.days = this.calendar.getByRole('group', { name: 'Day' }).getByRole('radio');
    this.times = this.calendar.getByRole('group', { name: /^Time/ }).getByRole('radio');
    this.confirm = this.calendar.getByRole('button', { name: 'Confirm the call' });
    this.fault = this.calendar.getByRole('alert');
  }

  async open(): Promise<void> {
    await this.#page.goto(`${this.#site.url}${PAGES.bookCall}`);
    await this.confirm.waitFor();
  }

  /** Takes the first day and that time; returns the booked moment as the next page's address has it. */
  async book(time: string): Promise<string> {
    await this.days.first().check();
    await this.calendar.getByRole('radio', { name: time }).check();
    await this.confirm.click();
    await this.#page.waitForURL(`**${PAGES.booked}?**`);
    const { searchParams } = new URL(this.#page.url());
    return `${searchParams.get('date')}T${searchParams.get('time')}`;
  }
}

/** What the visitor reads after booking. */
export class BookedPage {
  readonly time: Locator;
  readonly state: Locator;

  constructor(page: Page) {
    this.time = page.locator('#time');
    this.state = page.getByRole('status');
  }
}
