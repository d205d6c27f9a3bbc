import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { test } from 'node:test';
import {
  add,
  closingLine,
  countNodeFiles,
  countNodeTests,
  countPlaywright,
  countUnittestFiles,
  countUnittests,
  withExitCode,
} from './counts.ts';
import unitFiles from './unit-files.mjs';

test("node's summary is read in both its forms", () => {
  const numbers = ['tests 9', 'pass 5', 'fail 1', 'cancelled 1', 'skipped 1', 'todo 1'];
  const expected = { passed: 5, failed: 2, skipped: 2 };

  assert.deepEqual(countNodeTests(numbers.map((line) => `ℹ ${line}`).join('\n')), expected);
  assert.deepEqual(countNodeTests(numbers.map((line) => `# ${line}`).join('\n')), expected);
});

test("unittest's summary is read when all is well and when not", () => {
  assert.deepEqual(countUnittests('Ran 12 tests in 0.1s\n\nOK\n'), { passed: 12, failed: 0, skipped: 0 });
  assert.deepEqual(countUnittests('Ran 1 test in 0.1s\n\nOK (skipped=1)\n'), {
    passed: 0,
    failed: 0,
    skipped: 1,
  });
  assert.deepEqual(countUnittests('Ran 12 tests in 0.1s\n\nFAILED (failures=1, errors=2, skipped=3)\n'), {
    passed: 6,
    failed: 3,
    skipped: 3,
  });
});

test("Playwright's report is counted by outcome", () => {
  const stats = { expected: 7, unexpected: 1, flaky: 1, skipped: 2, duration: 3 };

  assert.deepEqual(countPlaywright({ stats }), { passed: 8, failed: 1, skipped: 2 });
});

test('a step that fails without a failed test counts as one failure', () => {
  assert.equal(withExitCode({ passed: 3, failed: 0, skipped: 0 }, 1).failed, 1);
  assert.equal(withExitCode({ passed: 3, failed: 2, skipped: 0 }, 1).failed, 2);
  assert.equal(withExitCode({ passed: 3, failed: 0, skipped: 0 }, 0).failed, 0);
});

test('the closing line has the totals', () => {
  const total = add({ passed: 1, failed: 0, skipped: 2 }, { passed: 3, failed: 1, skipped: 0 });

  assert.equal(closingLine(total), '4 passed, 1 failed, 2 skipped');
});

test('the outcomes of each unit test file are told and read back', async () => {
  async function* events() {
    const file = resolve('scripts/a.test.ts');
    yield { type: 'test:pass', data: { file } };
    yield { type: 'test:pass', data: { file, details: { type: 'suite' } } };
    yield { type: 'test:pass', data: { file, skip: true } };
    yield { type: 'test:diagnostic', data: {} };
    yield { type: 'test:fail', data: { file: resolve('helpers/b.test.ts') } };
  }
  let output = '';
  for await (const line of unitFiles(events())) output += line;

  assert.deepEqual(
    countNodeFiles(output),
    new Map([
      ['helpers/b.test.ts', { passed: 0, failed: 1, skipped: 0 }],
      ['scripts/a.test.ts', { passed: 1, failed: 0, skipped: 1 }],
    ]),
  );
});

test("unittest's tests are counted by file, a test with several failed parts once", () => {
  const output = [
    'test_ok (tests.test_mail.Compose.test_ok) ... ok',
    'test_doc (tests.test_mail.Compose.test_doc)',
    'What it is for. ... ok',
    'test_off (tests.test_mail.Compose.test_off) ... skipped "no"',
    'test_parts (tests.test_payload.Body.test_parts) ... ',
    '  test_parts (tests.test_payload.Body.test_parts) (i=1) ... FAIL',
    '  test_parts (tests.test_payload.Body.test_parts) (i=2) ... FAIL',
    'test_old (tests.test_payload.Body) ... ERROR', // before Python 3.11
    'FAIL: test_parts (tests.test_payload.Body.test_parts) (i=1)',
    'FAIL: test_parts (tests.test_payload.Body.test_parts) (i=2)',
    'ERROR: test_old (tests.test_payload.Body)',
    'Ran 5 tests in 0.1s',
  ].join('\n');

  assert.deepEqual(
    countUnittestFiles(output, 'flows/tests'),
    new Map([
      ['flows/tests/test_mail.py', { passed: 2, failed: 0, skipped: 1 }],
      ['flows/tests/test_payload.py', { passed: 0, failed: 2, skipped: 0 }],
    ]),
  );
});
