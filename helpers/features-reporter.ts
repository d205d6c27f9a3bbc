import type { Reporter, Suite, TestCase } from '@playwright/test/reporter';
import { subjectsIn } from './about.ts';
import { readEnv } from './env.ts';
import { type Proof, reportOf, saveReport, tableOf, type Tally } from './feature-counts.ts';
import { isGateReason } from './gates.ts';

type Judged = Pick<TestCase, 'annotations' | 'expectedStatus' | 'outcome'>;

/** Writes and prints what the run's tests say of each feature. */
export default class FeaturesReporter implements Reporter {
  readonly #file: string;
  #suite: Suite | undefined;

  constructor({ outputFile }: { outputFile: string }) {
    this.#file = outputFile;
  }

  onBegin(_: unknown, suite: Suite): void {
    this.#suite = suite;
  }

  onEnd(): void {
    // `--list` ends without a result, and the last run's report stays.
    const ended = this.#suite?.allTests().filter(({ results }) => results.length > 0) ?? [];
    if (ended.length === 0) return;
    const report = reportOf(ended.map(proofOf), false);
    saveReport(this.#file, report);
    if (readEnv().FUNNEL_TOTALS !== 'later') console.log(`\n${tableOf(report)}`);
  }
}

/** What one test counts. A gate's expected failure proves its feature as little as a skip does. */
export function proofOf(test: Judged): Proof {
  const { annotations, expectedStatus } = test;
  const none: Tally = { passed: 0, failed: 0, gated: 0 };
  const subjects = subjectsIn(annotations);
  const outcome = test.outcome();
  if (outcome === 'unexpected') return { ...none, subjects, failed: 1 };
  if (outcome !== 'skipped' && expectedStatus === 'passed') return { ...none, subjects, passed: 1 };
  const gated = annotations.some(({ description }) => isGateReason(description));
  return { ...none, subjects, gated: gated ? 1 : 0 };
}
