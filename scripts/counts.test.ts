import assert from 'node:assert/strict';
import { test } from 'node:test';
import { add, closingLine, countNodeTests, countPlaywright, countUnittests, withExitCode } from './counts.ts';

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
