import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { APART, powersOf, powerless, ranOf, readSubjects } from './matrix.ts';
import { page, verdictOn } from './report.ts';
import type { Trial } from './run.ts';
import { type Ending, endingsIn } from './verdict.ts';

const ended = (testCase: string, status: string, message = ''): Ending => ({
  file: 'website/a.spec.ts',
  title: `the test of ${testCase}`,
  status,
  message,
  testCases: [testCase],
});

const trial = (named: string, ...endings: Ending[]): Trial => ({
  mutant: {
    id: 'x',
    kind: 'site: payload',
    harm: 'The coach reads a wrong name.',
    edits: [{ file: 'website/a.ts', find: 'a', replace: 'b' }],
    specs: ['specs/website/a.spec.ts'],
    killed_by: { test: `the test of ${named}`, reason: 'name' },
  },
  fate: 'killed',
  endings,
  tookMs: 1_000,
});

const spec = 'specs/website/a.spec.ts';
const subjects = ['TC-4.8.1', 'TC-4.8.2', 'TC-4.8.3', spec].map((id) => ({ id, spec }));
const killedOf = (...trials: Trial[]): Record<string, string> =>
  Object.fromEntries(
    powersOf(subjects, trials).map((power) => [power.id, `${power.killed}, ${ranOf(power)}`]),
  );

test('a number and its spec file kill what their test noticed, and the powerless come first', () => {
  const trials = [
    trial('TC-4.8.2', ended('TC-4.8.1', 'passed'), ended('TC-4.8.2', 'failed', 'another name')),
    trial('TC-4.8.2', ended('TC-4.8.1', 'skipped'), ended('TC-4.8.2', 'failed', 'no name')),
  ];

  assert.deepEqual(Object.entries(killedOf(...trials)), [
    ['TC-4.8.1', '0, ran against 1'],
    ['TC-4.8.3', '0, never ran'],
    ['TC-4.8.2', '2, ran against 2'],
    [spec, '2, ran against 2'],
  ]);
});

test('a test that ran out of time noticed nothing', () => {
  const late = trial('TC-4.8.1', ended('TC-4.8.1', 'timedOut', 'Test timeout exceeded'));
  assert.equal(killedOf(late)['TC-4.8.1'], '0, ran against 1');
});

test('where all fail alike with their visitor, the test that the mutant names counts alone', () => {
  const alike = (testCase: string, tag: string): Ending =>
    ended(
      testCase,
      'failed',
      `Nobody called christmas-signup for lead+${tag}@gmail.test in 20${tag.length} ms`,
    );
  const stopped = trial(
    'TC-4.8.2',
    alike('TC-4.8.1', 'a1'),
    alike('TC-4.8.2', 'b'),
    ended('TC-4.8.3', 'failed', 'x'),
  );

  assert.deepEqual(killedOf(stopped), {
    'TC-4.8.1': '0, ran against 1',
    'TC-4.8.2': '1, ran against 1',
    'TC-4.8.3': '1, ran against 1',
    [spec]: '1, ran against 1',
  });
});

test('what is about neither flows nor site stands apart, and exists', async () => {
  assert.deepEqual(
    Object.keys(APART).filter((place) => !existsSync(place)),
    [],
  );
  const all = await readSubjects();
  const ids = powersOf(all, []).map(({ id }) => id);
  assert.ok(ids.includes('TC-4.10.1') && ids.includes('specs/puppeteer/sign-up.spec.ts'));
  assert.ok(all.some(({ id }) => id === 'TC-4.12.15') && !ids.includes('TC-4.12.15'), 'with its spec');
  assert.deepEqual(
    ids.filter((id) => id.startsWith('specs/harness/')),
    [],
  );
});

test('page and last line tell how many are powerless', () => {
  const trials = [trial('TC-4.8.1', ended('TC-4.8.1', 'failed', 'name'))];
  const powers = powersOf(subjects, trials);

  assert.equal(powerless(powers).length, 2);
  assert.equal(
    verdictOn(powers),
    '4 test cases and spec files: 2 kill a mutant, 2 are powerless, 2 of which never ran',
  );
  const html = page(trials, powers);
  assert.ok(html.indexOf('TC-4.8.2') < html.indexOf('<b>TC-4.8.1'), 'the powerless first');
  assert.match(html, /never ran/);
  assert.match(html, /specs\/harness: matchers/);
});

test('an ending carries the numbers that its test was given', () => {
  const report = {
    suites: [
      {
        specs: ['TC-4.8.1', undefined].map((testCase) => ({
          title: 'a test',
          file: 'a.spec.ts',
          tests: [
            {
              annotations: [
                { type: 'allure.label.epic', description: 'Sales funnel' },
                ...(testCase ? [{ type: 'allure.id', description: testCase }] : []),
              ],
              results: [{ status: 'passed', errors: [] }],
            },
          ],
        })),
      },
    ],
  };

  assert.deepEqual(
    endingsIn(report).map(({ testCases }) => testCases),
    [['TC-4.8.1'], undefined],
  );
});
