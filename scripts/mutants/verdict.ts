import { z } from 'zod';
import { testCasesIn } from '../../helpers/about.ts';
import type { Mutant } from './mutant.ts';

interface Suite {
  file?: string | undefined;
  suites?: Suite[] | undefined;
  specs: Array<{
    title: string;
    file: string;
    tests: Array<{
      annotations: Array<{ type: string; description?: string | undefined }>;
      results: Result[];
    }>;
  }>;
}
interface Result {
  status: string;
  errors: Array<{ message?: string | undefined }>;
}

const Suite: z.ZodType<Suite> = z.looseObject({
  file: z.string().optional(),
  specs: z.array(
    z.looseObject({
      title: z.string(),
      file: z.string(),
      tests: z.array(
        z.looseObject({
          annotations: z.array(z.looseObject({ type: z.string(), description: z.string().optional() })),
          results: z.array(
            z.looseObject({
              status: z.string(),
              errors: z.array(z.looseObject({ message: z.string().optional() })),
            }),
          ),
        }),
      ),
    }),
  ),
  get suites() {
    return z.array(Suite).optional();
  },
});
const Results = z.looseObject({ suites: z.array(Suite) });

/** How one test ended, and what it said. */
export interface Ending {
  file: string;
  title: string;
  status: string;
  /** Without colours. */
  message: string;
  /** Its numbers in the specification's inventory, such as TC-4.10.1. */
  testCases?: string[];
}

/** The endings in a Playwright JSON report, each test's last result. */
export function endingsIn(report: unknown): Ending[] {
  const endings = (suites: readonly Suite[]): Ending[] =>
    suites.flatMap(({ specs, suites: inner = [] }) => [
      ...specs.flatMap(({ title, file, tests }) =>
        tests.flatMap(({ annotations, results }) => {
          const last = results.at(-1);
          if (!last) return [];
          const message = last.errors.map((error) => plain(error.message ?? '')).join('\n');
          const testCases = testCasesIn(annotations);
          return [
            { file, title, status: last.status, message, ...(testCases.length > 0 ? { testCases } : {}) },
          ];
        }),
      ),
      ...endings(inner),
    ]);
  return endings(Results.parse(report).suites);
}

/** The failures in what Python's unittest says, whatever was raised. */
export function failuresIn(said: string): Ending[] {
  return said
    .split(/^={10,}\n/m)
    .slice(1)
    .map((block): Ending => {
      const [, title = '', place = ''] = /^(?:FAIL|ERROR): (\S+)(?: \((\S+?)\))?/.exec(block) ?? [];
      // After the traceback, the first line that is not indented.
      const message = /^Traceback [\s\S]*?\n(?=\S)(.*)/m.exec(block)?.[1] ?? '';
      const module = place.split('.').find((part) => part.startsWith('test_')) ?? title;
      return { file: `flows/tests/${module}.py`, title, status: 'failed', message };
    });
}

// eslint-disable-next-line no-control-regex -- the colours of a terminal begin with one
const plain = (text: string): string => text.replaceAll(/\u001b\[[0-9;]*m/g, '');

/** Whether a test failed, or ran out of time. */
export const isRed = ({ status }: Ending): boolean => status === 'failed' || status === 'timedOut';

/** `killed` by the right test for its own reason, `by accident` by another test or for another reason, or alive. */
export type Fate = 'killed' | 'by accident' | 'survived' | 'not deployed' | 'not run';

/** What became of a mutant, by how its specs ended. */
export function fateOf({ killed_by }: Mutant, endings: readonly Ending[]): Fate {
  const failed = endings.filter(isRed);
  // Of a generated mutant nobody knows the consequence beforehand.
  if (!killed_by) {
    if (failed.length === 0) return 'survived';
    return failed.some(({ status }) => status === 'failed') ? 'killed' : 'by accident';
  }
  const expected = endings.filter(({ title }) => title.includes(killed_by.test));
  if (expected.every(({ status }) => status === 'skipped')) return 'not run';
  if (failed.length === 0) return 'survived';
  const reason = new RegExp(killed_by.reason, 'is');
  // A test that ran out of time says nothing of its own, whatever it was waiting for.
  const rightly = failed.some(
    ({ title, status, message }) =>
      status === 'failed' && title.includes(killed_by.test) && reason.test(message),
  );
  return rightly ? 'killed' : 'by accident';
}
