import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Reporter, TestCase, TestResult } from '@playwright/test/reporter';
import { reportsFolder } from '../../helpers/reports-folder.ts';
import { CPU, type Hooks } from './hooks.ts';

/** Notes how long each test's fixtures took before and after its own lines. */
export default class HooksReporter implements Reporter {
  readonly #tests: Hooks[] = [];

  onTestEnd({ title }: TestCase, { steps, annotations }: TestResult): void {
    const lasts = (name: string): number => steps.find((step) => step.title === name)?.duration ?? 0;
    const cpu = annotations.find(({ type }) => type === CPU)?.description;
    this.#tests.push({
      title,
      beforeMs: lasts('Before Hooks'),
      afterMs: lasts('After Hooks'),
      ...(cpu === undefined ? {} : { cpuMs: Number(cpu) }),
    });
  }

  onEnd(): void {
    writeFileSync(join(reportsFolder(), 'hooks.json'), JSON.stringify(this.#tests));
  }
}
