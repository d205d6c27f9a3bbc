import assert from 'node:assert/strict';
import { test } from 'node:test';
import { about, covers, subjectsIn, testCase } from './about.ts';
import { proofOf } from './features-reporter.ts';
import { decide, type Gate } from './gates.ts';

const annotations = about({ feature: 'Sequences', covers: ['2.5', '4.10'], purpose: 'Why.' });
const none = { subjects: ['2.5', '4.10'], passed: 0, failed: 0, gated: 0 };
const owed: Gate = {
  needs: 'the page',
  owner: 'its team',
  issue: 'https://tracker.test/41',
  since: '2025-12-01',
};
const decision = decide(['@blocked:page'], {
  gates: { '@blocked:page': owed },
  open: [],
  powers: () => new Set(),
  dialect: () => undefined,
});
const reason = { type: 'skip', description: decision.kind === 'skip' ? decision.reason : '' };

test('a test proves what its describe covers, what it covers itself, and the feature in its number', () => {
  assert.deepEqual(subjectsIn(annotations), ['2.5', '4.10']);
  assert.deepEqual(subjectsIn([...annotations, covers('4.1'), testCase('TC-4.11.1'), covers('2.5')]), [
    '2.5',
    '4.10',
    '4.1',
    '4.11',
  ]);
});

test('a test of the harness says so, and one without about proves nothing', () => {
  assert.deepEqual(subjectsIn(about({ feature: 'Harness', purpose: 'Why.' })), ['harness']);
  assert.deepEqual(subjectsIn([{ type: 'description', description: '4.11 Webhooks end to end' }]), []);
});

test('passed, failed and gated are told apart', () => {
  const of = (
    outcome: 'expected' | 'unexpected' | 'skipped',
    expectedStatus: 'passed' | 'failed' | 'skipped',
    more = [reason],
  ) => proofOf({ annotations: [...annotations, ...more], expectedStatus, outcome: () => outcome });

  assert.deepEqual(of('expected', 'passed', []), { ...none, passed: 1 });
  assert.deepEqual(of('unexpected', 'passed', []), { ...none, failed: 1 });
  assert.deepEqual(of('skipped', 'skipped'), { ...none, gated: 1 });
  assert.deepEqual(of('expected', 'failed'), { ...none, gated: 1 }, 'failed as the gate foretold');
  assert.deepEqual(of('unexpected', 'failed'), { ...none, failed: 1 }, 'passed although the gate is closed');
  assert.deepEqual(of('skipped', 'skipped', []), none, 'interrupted before its turn');
});
