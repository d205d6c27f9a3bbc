import type { PlaywrightResults } from './results.ts';

interface FakeTest {
  id: string;
  title?: string;
  file?: string;
  tags?: string[];
  status?: 'expected' | 'unexpected' | 'skipped';
  expectedStatus?: string;
  /** Why it was skipped. */
  skip?: string;
  errors?: string[];
  result?: string;
  at?: string;
  durationMs?: number;
}

export const STARTED = '2026-01-31T02:00:00.000Z';

/** What Playwright's JSON reporter writes of such tests. */
export const results = (tests: FakeTest[], errors: string[] = []): PlaywrightResults => ({
  config: { rootDir: '/repo/specs' },
  errors: errors.map((message) => ({ message })),
  stats: {
    startTime: STARTED,
    duration: 600_000,
    expected: tests.filter(({ status = 'expected' }) => status === 'expected').length,
    unexpected: tests.filter(({ status }) => status === 'unexpected').length,
    skipped: tests.filter(({ status }) => status === 'skipped').length,
    flaky: 0,
  },
  suites: [{ specs: [], suites: [{ specs: tests.map(specOf) }] }],
});

const specOf = ({
  id,
  title = `test ${id}`,
  file = 'sequences/a.spec.ts',
  tags = ['sequence'],
  status = 'expected',
  expectedStatus = 'passed',
  skip,
  errors = [],
  result = status === 'unexpected' ? 'failed' : 'passed',
  at = STARTED,
  durationMs = 1_000,
}: FakeTest): PlaywrightResults['suites'][number]['specs'][number] => ({
  id,
  title,
  file,
  line: 7,
  tags,
  tests: [
    {
      projectName: 'funnel',
      expectedStatus,
      status,
      annotations: skip === undefined ? [] : [{ type: 'skip', description: skip }],
      results: [
        {
          status: result,
          duration: durationMs,
          startTime: at,
          errors: errors.map((message) => ({ message })),
        },
      ],
    },
  ],
});
