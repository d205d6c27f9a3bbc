import type { Reporter, Suite } from '@playwright/test/reporter';
import { forgetWaits, waitsNow } from './progress.ts';
import { reportsFolder } from './reports-folder.ts';

const EVERY_MS = 20_000;

/** Says every 20 s how far the run is and what its tests wait for, as long as one waits for long. */
export default class ProgressReporter implements Reporter {
  #timer: NodeJS.Timeout | undefined;
  #total = 0;
  #ended = 0;

  onBegin(_: unknown, suite: Suite): void {
    const reports = reportsFolder();
    forgetWaits(reports);
    this.#total = suite.allTests().length;
    const begun = Date.now();
    this.#timer = setInterval(() => {
      const waits = waitsNow(reports);
      if (waits.length === 0) return;
      const minutes = ((Date.now() - begun) / 60_000).toFixed(1);
      console.log(
        [`… ${minutes} min, ${this.#ended} of ${this.#total} tests have ended; waiting for`, ...waits].join(
          '\n    ',
        ),
      );
    }, EVERY_MS);
    this.#timer.unref();
  }

  onTestEnd(): void {
    this.#ended += 1;
  }

  onEnd(): void {
    clearInterval(this.#timer);
    forgetWaits(reportsFolder());
  }
}
