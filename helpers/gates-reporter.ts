import type { Reporter, Suite, TestCase } from '@playwright/test/reporter';
import { type Gate, GATES } from './gates.ts';

type Ended = Pick<TestCase, 'tags' | 'expectedStatus' | 'outcome'>;

/** Says of each gate in the run what is owed, by whom, since when, and what its tests showed. */
export default class GatesReporter implements Reporter {
  #suite: Suite | undefined;

  onBegin(_: unknown, suite: Suite): void {
    this.#suite = suite;
  }

  onEnd(): void {
    const tests = this.#suite?.allTests() ?? [];
    const lines = linesOf(tests, GATES);
    if (lines.length > 0) console.log(`\nGates, the oldest first\n${lines.join('\n')}`);
  }
}

/** Two lines a gate that a test bears. */
export function linesOf(tests: readonly Ended[], gates: Readonly<Record<string, Gate>>): string[] {
  return Object.entries(gates)
    .toSorted(([, a], [, b]) => a.since.localeCompare(b.since))
    .flatMap(([tag, gate]) => {
      const behind = tests.filter(({ tags }) => tags.includes(tag));
      if (behind.length === 0) return [];
      return [
        `  ${tag}  since ${gate.since}, ${gate.owner} owes: ${gate.needs}`,
        `    ${behind.length} tests: ${tallyOf(behind)}`,
      ];
    });
}

function tallyOf(tests: readonly Ended[]): string {
  const found = new Map<string, number>();
  for (const test of tests) found.set(endOf(test), (found.get(endOf(test)) ?? 0) + 1);
  return [...found].map(([end, count]) => `${count} ${end}`).join(', ');
}

function endOf(test: Ended): string {
  const outcome = test.outcome();
  if (outcome === 'skipped') return 'skipped or not run';
  if (outcome === 'unexpected') return 'red';
  return test.expectedStatus === 'failed' ? 'showed what is missing' : 'ran, the target has what is owed';
}
