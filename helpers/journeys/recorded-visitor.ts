import type { JSHandle, Page } from 'puppeteer';
import type { AnswerSet } from '../assessment.ts';
import type { SiteClient } from '../clients/site-client.ts';
import type { Lead } from '../factories/lead.ts';
import type { Secondary } from '../factories/payloads.ts';
import type { NetworkRecorder } from '../network/recorder.ts';
import type { Recording } from '../network/recording.ts';
import type { VirtualClock } from '../network/virtual-clock.ts';
import { BUTTONS } from '../pages/operator-page.ts';
import { OWN_PAGES, PAGES, type Site } from '../site.ts';

export interface RecordedVisitorSettings {
  site: Site;
  byHttp: SiteClient;
  recorder: NetworkRecorder;
  /** Told after each step, with the page as the visitor sees it then. */
  onStep: (name: string) => Promise<void>;
}

const button = (name: string) => `::-p-aria([name="${name}"][role="button"])`;
/** By its text: what is looked up by role is asked for at the next frame, and none comes while the page's clock is held. */
const buttonSaying = (text: string) => `::-p-xpath(//button[normalize-space()="${text}"])`;
const link = (name: string) => `::-p-aria([name="${name}"][role="link"])`;
const questionOf = (number: number) => `::-p-text(Question ${number} of 16)`;

/** A visitor in a browser that Puppeteer drives, by mouse and keyboard alone; his network is recorded. */
export class RecordedVisitor {
  readonly page: Page;
  readonly #settings: RecordedVisitorSettings;

  constructor(page: Page, settings: RecordedVisitorSettings) {
    this.page = page;
    this.#settings = settings;
  }

  /** What the tab sent and received up to now; nothing is recorded afterwards. */
  async recording(): Promise<Recording> {
    return this.#settings.recorder.stop();
  }

  /** Fills the form in and sends it; ends on the thank-you page. */
  async signsUp(lead: Lead): Promise<void> {
    await this.#opens(PAGES.landing);
    await this.#step('landing');
    await this.#types('#firstName', lead.firstName);
    await this.#types('#email', lead.email);
    // The real form has no such field.
    if (await this.page.$('#businessName')) await this.#types('#businessName', lead.businessName);
    // One key chooses the first option that begins with it. With more, a slow machine takes each for a new search.
    await this.#presses('#monthlyRevenue', '5');
    await this.#presses('#biggestChallenge', 'P');
    await this.#clicks('#privacy');
    await this.#step('form filled in');
    await this.#follows('form [type=submit]');
    await this.#step('thank-you');
  }

  /** Comes with a sign-up that went by HTTP, to the thank-you page; the browser remembers what the form leaves in it. */
  async cameSignedUp(lead: Lead): Promise<void> {
    const leadId = await this.#settings.byHttp.signsUp(lead);
    await this.#opens(PAGES.thankYou);
    await this.page.evaluate(
      (kept) => Object.entries(kept).forEach(([key, value]) => localStorage.setItem(key, value)),
      {
        'xmas-lead-id': leadId,
        'xmas-user-email': lead.email,
        'xmas-user-name': lead.firstName,
        'xmas-business-name': lead.businessName,
      },
    );
    await this.#step('thank-you');
  }

  /** From the thank-you page to the first question. */
  async beginsAssessment(): Promise<void> {
    await this.#follows(link('Begin the assessment'));
    await this.page.waitForSelector(questionOf(1));
    await this.#step('first question');
  }

  /** Answers all sixteen questions; ends on the results, which are mailed. */
  async answersAll({ answers }: AnswerSet): Promise<void> {
    for (const [index, yes] of answers.entries()) {
      await this.page.waitForSelector(questionOf(index + 1));
      await this.#clicks(button(yes ? 'YES' : 'NO'));
    }
    await this.page.waitForSelector('::-p-text(Your results are on their way)');
    await this.#step('results');
  }

  /** The same while the page's clock is held: after each click the page gets that much time. Without frames no picture is taken. */
  async answersAllWithin(pauseMs: number, clock: VirtualClock, { answers }: AnswerSet): Promise<void> {
    for (const [index, yes] of answers.entries()) {
      await this.page.waitForSelector(questionOf(index + 1));
      await this.#pointsAt(buttonSaying(yes ? 'YES' : 'NO'));
      await clock.pass(pauseMs);
    }
    await this.page.waitForSelector('::-p-text(Your results are on their way)');
  }

  /** How long the page took from each click to what it showed next, by its own clock; read it when all is done. */
  async pauses(): Promise<JSHandle<number[]>> {
    return this.page.evaluateHandle(() => {
      const pauses: number[] = [];
      let clickedAt = Number.NaN;
      addEventListener('click', () => (clickedAt = performance.now()), { capture: true });
      const place = document.querySelector('#assessment');
      if (place)
        new MutationObserver(() => pauses.push(performance.now() - clickedAt)).observe(place, {
          childList: true,
        });
      return pauses;
    });
  }

  /** As the operator: looks the lead up and presses the event's button. Returns what the page says of it. */
  async tells(event: Secondary, lead: Pick<Lead, 'email'>): Promise<string> {
    await this.#opens(OWN_PAGES.operator);
    await this.#types('#find', lead.email);
    await this.#follows(button('Look up'));
    await this.#step('lead looked up');
    await this.#follows(button(BUTTONS[event]));
    await this.#step(BUTTONS[event]);
    return this.page.$eval('[role=status]', (said) => said.textContent ?? '');
  }

  async #opens(path: string): Promise<void> {
    await this.page.goto(`${this.#settings.site.url}${path}`);
  }

  /** Through a locator, which waits until the page stands still: this one scrolls smoothly. */
  async #clicks(selector: string): Promise<void> {
    await this.page.locator(selector).click();
  }

  /** At once, where it is now: works without a frame to wait for. */
  async #pointsAt(selector: string): Promise<void> {
    const box = await (await this.page.waitForSelector(selector))?.boundingBox();
    if (!box) throw new Error(`The page shows no ${selector}`);
    await this.page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  }

  /** Clicks, and waits for the page that this leads to. */
  async #follows(selector: string): Promise<void> {
    await Promise.all([this.page.waitForNavigation(), this.#clicks(selector)]);
  }

  async #types(selector: string, text: string): Promise<void> {
    await this.#clicks(selector);
    await this.page.keyboard.type(text);
  }

  /** A click would open the list of a select, which is no part of the page. */
  async #presses(selector: string, key: string): Promise<void> {
    await this.page.focus(selector);
    await this.page.keyboard.type(key);
  }

  async #step(name: string): Promise<void> {
    await this.#settings.onStep(name);
  }
}
