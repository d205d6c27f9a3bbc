import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Reporter, TestCase, TestResult } from '@playwright/test/reporter';
import { reportsFolder } from '../../helpers/reports-folder.ts';
import type { Hooks } from './hooks.ts';

/** Notes how long each test's fixtures took before and after its own lines. */
export default class HooksReporter implements Reporter {
  readonly #tests: Hooks[] = [];

  onTestEnd({ title }: TestCase, { steps, status, workerIndex, errors }: TestResult): void {
    const lasts = (name: string): number => steps.find((step) => step.title === name)?.duration ?? 0;
    this.#tests.push({
      title,
      passed: status === 'passed',
      worker: workerIndex,
      beforeMs: lasts('Before Hooks'),
      afterMs: lasts('After Hooks'),
      ...(errors[0]?.message === undefined ? {} : { error: errors[0].message }),
    });
  }

  onEnd(): void {
    writeFileSync(join(reportsFolder(), 'hooks.json'), JSON.stringify(this.#tests));
  }
}
