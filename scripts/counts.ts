import { z } from 'zod';

export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

export const none: Counts = { passed: 0, failed: 0, skipped: 0 };

export function add(...all: Counts[]): Counts {
  return all.reduce(
    (sum, one) => ({
      passed: sum.passed + one.passed,
      failed: sum.failed + one.failed,
      skipped: sum.skipped + one.skipped,
    }),
    none,
  );
}

/** The closing line that build servers look for. */
export const closingLine = ({ passed, failed, skipped }: Counts): string =>
  `${passed} passed, ${failed} failed, ${skipped} skipped`;

/** Reads the summary of node's test runner. */
export function countNodeTests(output: string): Counts {
  const of = (name: string): number =>
    Number(new RegExp(`^(?:ℹ|#) ${name} (\\d+)$`, 'm').exec(output)?.[1] ?? 0);
  return { passed: of('pass'), failed: of('fail') + of('cancelled'), skipped: of('skipped') + of('todo') };
}

/** Reads the lines of scripts/unit-files.mjs. */
export function countNodeFiles(output: string): Map<string, Counts> {
  const lines = output.matchAll(/^(\S+\.test\.ts): (\d+) passed, (\d+) failed, (\d+) skipped$/gm);
  return new Map(
    [...lines].map(([, file = '', passed, failed, skipped]) => [
      file,
      { passed: Number(passed), failed: Number(failed), skipped: Number(skipped) },
    ]),
  );
}

/** Reads the summary of Python's unittest. */
export function countUnittests(output: string): Counts {
  const of = (name: string): number => Number(new RegExp(`[(\\s]${name}=(\\d+)`).exec(output)?.[1] ?? 0);
  const ran = Number(/^Ran (\d+) tests?/m.exec(output)?.[1] ?? 0);
  const failed = of('failures') + of('errors') + of('unexpected successes');
  const skipped = of('skipped');
  return { passed: Math.max(0, ran - failed - skipped), failed, skipped };
}

const TEST = String.raw`(\w+ \((?:\w+\.)*(test_\w+)\.[\w.]+\))`; // test_it (tests.test_mail.Compose.test_it)

/** Reads what `unittest --verbose` says of each test of a folder, by file. */
export function countUnittestFiles(output: string, folder: string): Map<string, Counts> {
  const testsIn = (before: string, after = ''): Map<string, string> => {
    const found = output.matchAll(new RegExp(`^${before}${TEST}${after}`, 'gm'));
    return new Map([...found].map(([, test = '', module = '']) => [test, `${folder}/${module}.py`]));
  };
  // A subtest's failure bears the name of its test, so several of them are one.
  const failed = testsIn('(?:FAIL|ERROR|UNEXPECTED SUCCESS): ');
  const skipped = testsIn('', String.raw`(?:\n.*)? \.\.\. skipped`);
  const files = new Map<string, Counts>();
  for (const [test, file] of testsIn('')) {
    const outcome = failed.has(test) ? 'failed' : skipped.has(test) ? 'skipped' : 'passed';
    const counts = files.get(file) ?? none;
    files.set(file, { ...counts, [outcome]: counts[outcome] + 1 });
  }
  return files;
}

const PlaywrightReport = z.looseObject({
  stats: z.looseObject({
    expected: z.number(),
    unexpected: z.number(),
    flaky: z.number(),
    skipped: z.number(),
  }),
});

/** Reads Playwright's JSON report. */
export function countPlaywright(report: unknown): Counts {
  const { stats } = PlaywrightReport.parse(report);
  return { passed: stats.expected + stats.flaky, failed: stats.unexpected, skipped: stats.skipped };
}

/** A step that failed without a failed test of its own (lint, a stack that did not start) counts as one failure. */
export function withExitCode(counts: Counts, code: number): Counts {
  return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}
