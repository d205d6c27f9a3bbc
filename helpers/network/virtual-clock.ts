import type { CDPSession, Page } from 'puppeteer';

/**
 * A page's clock in our hands: timers and what the page reads as the time stand still but for what `pass` grants. The
 * network goes on, and so do mouse and keyboard. Frames do not: whatever waits for the next one waits for ever, a
 * locator of Puppeteer among them.
 */
export class VirtualClock {
  readonly #session: CDPSession;

  private constructor(session: CDPSession) {
    this.#session = session;
  }

  static async take(page: Page): Promise<VirtualClock> {
    const session = await page.createCDPSession();
    await session.send('Emulation.setVirtualTimePolicy', { policy: 'pause' });
    return new VirtualClock(session);
  }

  /** Lets so much of the page's time pass, at once but for requests under way: the page's time waits for them. */
  async pass(ms: number): Promise<void> {
    const passed = new Promise<void>((resolve) =>
      this.#session.once('Emulation.virtualTimeBudgetExpired', () => resolve()),
    );
    await this.#session.send('Emulation.setVirtualTimePolicy', {
      policy: 'pauseIfNetworkFetchesPending',
      budget: ms,
    });
    await passed;
  }
}
