import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  faultsIn,
  type FeaturesReport,
  type Proof,
  readProofs,
  reportOf,
  saveReport,
  tableOf,
} from './feature-counts.ts';
import { type FeatureId, FEATURES, featureIds, type Subject } from './features.ts';

const unplanned = featureIds.filter((id) => !FEATURES[id].planned);
const passes = (passed: number, ...subjects: Subject[]): Proof => ({ subjects, passed, failed: 0, gated: 0 });
const [some, gone] = [unplanned[0], unplanned.at(-1)];
assert(some && gone);
/** What a registry that still plans a feature would report. */
const planning = (id: FeatureId, proofs: Proof[]): FeaturesReport => {
  const { features, ...rest } = reportOf(proofs, true);
  return { ...rest, features: features.map((row) => (row.id === id ? { ...row, planned: 'issue 9' } : row)) };
};
const allGood = unplanned.map((id) => passes(1, id));

test('a test counts for each feature it proves, the harness among them', () => {
  const failing: Proof = { subjects: ['2.3', '2.4'], passed: 0, failed: 1, gated: 1 };
  const { features, harness } = reportOf([passes(19, '4.11', '2.3'), failing, passes(3, 'harness')], false);
  const told = Object.fromEntries(features.map((row) => [row.id, [row.passed, row.failed, row.gated]]));

  assert.deepEqual(
    [told['4.11'], told['2.3'], told['2.4'], told['4.1']],
    [
      [19, 0, 0],
      [19, 1, 1],
      [0, 1, 1],
      [0, 0, 0],
    ],
  );
  assert.deepEqual(harness, { passed: 3, failed: 0, gated: 0 });
});

test('the table has a line for each feature: how many passed of all, and what keeps it from more', () => {
  const proofs: Proof[] = [passes(19, '4.11'), { subjects: ['2.3'], passed: 1, failed: 2, gated: 3 }];
  const whole = tableOf(reportOf(proofs, true));

  assert.match(whole, /^ {2}4\.11 +19\/19 +Webhooks end to end$/m);
  assert.match(whole, /^ {2}2\.3 +1\/6 .*\(2 FAILED, 3 gated\)$/m);
  assert.match(whole, /^ {2}2\.4 +0\/0 .*\(NOTHING RAN\)$/m);
  assert.match(tableOf(planning('2.4', proofs)), /^ {2}2\.4 +planned .*\(issue 9\)$/m);
  assert.match(whole, /1 of 32 features proven/);
});

test('the table of a part names what the part had, and says that it is one', () => {
  const lines = tableOf(reportOf([passes(2, '4.11'), passes(5, 'harness')], false)).split('\n');

  assert.deepEqual(
    lines.slice(1, -1).map((line) => line.trim().split(/ +/).slice(0, 2)),
    [
      ['4.11', '2/2'],
      ['harness', '5/5'],
    ],
  );
  assert.match(lines.at(-1) ?? '', /Only what this run had of 32 features/);
});

test('with a pass for every feature that is not planned, nothing is wrong', () => {
  assert.deepEqual(faultsIn(reportOf(allGood, true)), []);
});

test('a feature that nothing passed for is named: none ran, all failed, or all are gated', () => {
  const others = allGood.filter(({ subjects }) => !subjects.includes(gone));
  const failed: Proof = { subjects: [gone], passed: 0, failed: 1, gated: 0 };
  const gated: Proof = { subjects: [gone], passed: 0, failed: 0, gated: 1 };

  for (const rest of [others, [...others, failed], [...others, gated]]) {
    assert.deepEqual(faultsIn(reportOf(rest, true)), [
      `Nothing that ran and passed proves: ${gone} ${FEATURES[gone].title}`,
    ]);
  }
});

test('a planned feature is no longer planned once a test of it ran; a gated one may wait with it', () => {
  const others = allGood.filter(({ subjects }) => !subjects.includes(gone));
  const gated: Proof = { subjects: [gone], passed: 0, failed: 0, gated: 1 };

  assert.deepEqual(faultsIn(planning(gone, others)), []);
  assert.deepEqual(faultsIn(planning(gone, [...others, gated])), []);
  assert.match(
    faultsIn(planning(gone, allGood)).join(),
    new RegExp(`planned no longer.*features\\.ts: ${gone} `),
  );
});

test('what a run saved can be added to, and a run that saved nothing adds nothing', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'features-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'features.json');
  const saved = reportOf([passes(2, some), passes(4, 'harness')], false);

  assert.deepEqual(readProofs(file), []);
  saveReport(file, saved);
  assert.deepEqual(reportOf(readProofs(file), false), saved);
});
