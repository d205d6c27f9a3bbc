import type { Locator, Page } from '@playwright/test';
import { BUDGET } from '../budgets.ts';
import { PAGES, type Site } from '../site.ts';

const QUESTIONS = 16;

/** The sixteen questions, and the results that replace them. */
export class AssessmentPage {
  /** "Question n of 16". */
  readonly number: Locator;
  readonly question: Locator;
  readonly yes: Locator;
  readonly no: Locator;
  readonly results: Locator;
  readonly systems: Locator;
  /** Whether the results were mailed. */
  readonly mailState: Locator;
  readonly toDetails: Locator;
  readonly #page: Page;
  readonly #site: Site;

  constructor(page: Page, site: Site) {
    this.#page = page;
    this.#site = site;
    this.number = page.getByText(/^Question \d+ of 16$/);
    this.question = page.getByRole('heading', { level: 1 });
    this.yes = page.getByRole('button', { name: 'YES', exact: true });
    this.no = page.getByRole('button', { name: 'NO', exact: true });
    this.results = page.getByText(/out of 800/);
    this.systems = page.getByRole('list', { name: 'Your eight systems' }).getByRole('listitem');
    this.mailState = page.getByRole('status');
    this.toDetails = page.getByRole('link', { name: 'See what they mean' });
  }

  async open(): Promise<void> {
    await this.#page.goto(`${this.#site.url}${PAGES.assessment}`);
    await this.#isAt(1);
  }

  /** Answers from question `first` on, and waits for what follows the last answer given. */
  async answer(answers: readonly boolean[], first = 1): Promise<void> {
    for (const [index, yes] of answers.entries()) {
      await this.#isAt(first + index);
      await (yes ? this.yes : this.no).click();
    }
    const next = first + answers.length;
    if (next <= QUESTIONS) await this.#isAt(next);
    else await this.results.waitFor();
  }

  async #isAt(number: number): Promise<void> {
    // Bounded, or a question that does not come is told as a test that took too long.
    await this.#page
      .getByText(`Question ${number} of ${QUESTIONS}`, { exact: true })
      .waitFor({ timeout: BUDGET.pageMs });
  }
}
