import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Gate } from './gates.ts';
import { linesOf } from './gates-reporter.ts';

const gate = (since: string, owner: string): Gate => ({ needs: 'a call', owner, issue: 'a page', since });
const gates = { '@blocked:young': gate('2026-02-01', 'Bo'), '@blocked:old': gate('2025-12-01', 'Al') };
type Ended = Parameters<typeof linesOf>[0][number];
const ended = (
  tag: string,
  outcome: ReturnType<Ended['outcome']>,
  expectedStatus: Ended['expectedStatus'] = 'passed',
): Ended => ({ tags: ['@website', tag], expectedStatus, outcome: () => outcome });

test('each gate that a test bears is told once, the oldest first, with what its tests showed', () => {
  const lines = linesOf(
    [
      ended('@blocked:young', 'skipped'),
      ended('@blocked:old', 'expected', 'failed'),
      ended('@blocked:old', 'expected', 'failed'),
      ended('@blocked:old', 'expected'),
      ended('@blocked:old', 'unexpected', 'failed'),
    ],
    gates,
  );

  assert.deepEqual(lines, [
    '  @blocked:old  since 2025-12-01, Al owes: a call',
    '    4 tests: 2 showed what is missing, 1 ran, the target has what is owed, 1 red',
    '  @blocked:young  since 2026-02-01, Bo owes: a call',
    '    1 tests: 1 skipped or not run',
  ]);
});

test('a run without a gated test tells of no gate', () => {
  assert.deepEqual(linesOf([ended('@webhook', 'expected')], gates), []);
});
