import { basename } from 'node:path';
import type { Reporter } from '@playwright/test/reporter';
import { visualBaselines } from './visual-baselines.ts';

/** Says when nothing is compared: a project that does not exist tells nobody so by itself. */
export default class VisualReporter implements Reporter {
  onBegin(): void {
    const { folder, on } = visualBaselines();
    if (on) return;
    console.log(
      `Visual comparison is off: no pictures for ${basename(folder)}. To make them: npm run visual`,
    );
  }
}
