import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Outage } from '../../helpers/outage-file.ts';
import { results, STARTED } from './fake-results.ts';
import type { Night } from './history.ts';
import { runOf } from './results.ts';
import { headline, markdownOf, noteOf, textOf } from './texts.ts';
import { type Told, verdictOf } from './verdict.ts';

type Tests = Parameters<typeof results>[0];

const GONE = 'Error: Kestra: GET /api/v1/x got no answer from http://127.0.0.1:1';
const WRONG = 'Error: five mails to ada+1@gmail.com\n\nexpected 5, received 4';
const passed = { id: 'p' };
const outage: Outage = {
  service: 'Kestra',
  what: 'gave no answer',
  wellAt: '2026-01-31T02:05:00.000Z',
  seenAt: '2026-01-31T02:05:10.000Z',
};
const gates = {
  '@blocked:page': { needs: 'a page', owner: 'the site’s team', issue: 'x', since: '2025-12-01' },
  '@blocked:young': { needs: 'a call', owner: 'Bo', issue: 'x', since: '2026-01-30' },
};
const verdict = (tests: Tests, more: Partial<Told> & { errors?: string[] } = {}) =>
  verdictOf({
    run: runOf(results(tests, more.errors), '/repo', more.outage),
    outage: undefined,
    steps: [],
    mails: undefined,
    nights: [],
    commit: 'c1',
    now: new Date('2026-01-31T06:00:00Z'),
    gates,
    ...more,
  });
const night = (startedAt: string, tests: Night['tests'], commit = 'c0'): Night => ({
  startedAt,
  state: 'green',
  commit,
  passed: 1,
  failed: 0,
  gated: 0,
  tests,
});

test('a service that was gone is one outage however many tests failed with it, and no defect', () => {
  const thirty = Array.from({ length: 30 }, (_, index) => ({
    id: `o${index}`,
    status: 'unexpected' as const,
    errors: [GONE],
  }));

  const seen = verdict([passed, ...thirty]);

  assert.equal(seen.state, 'outage');
  assert.deepEqual(seen.outages, [
    { service: 'Kestra', what: 'did not answer, or refused for now', tests: 30 },
  ]);
  assert.equal(seen.night.failed, 0);
  assert.deepEqual(seen.night.tests, { p: true }, 'the failures are no part of any test’s history');
  assert.equal(textOf(seen).match(/Kestra/g)?.length, 2, 'in the headline and in one line');
});

test('with an outage that was looked at, what failed since the service was well is its doing, what failed before is not', () => {
  const before = { id: 'b', status: 'unexpected' as const, errors: [WRONG], at: '2026-01-31T02:01:00.000Z' };
  const within = { id: 'w', status: 'unexpected' as const, errors: [WRONG], at: '2026-01-31T02:06:00.000Z' };

  assert.equal(verdict([passed, within], { outage }).state, 'outage');
  assert.deepEqual(verdict([passed, within], { outage }).outages, [
    { service: 'Kestra', what: 'gave no answer', tests: 1 },
  ]);
  const both = verdict([passed, before, within], { outage });
  assert.equal(both.state, 'red');
  assert.deepEqual(
    both.failed.product.map(({ id }) => id),
    ['b'],
  );
});

test('a set-up that found a service gone is an outage; one that found another fault is a defect', () => {
  assert.equal(verdict([], { errors: [GONE] }).state, 'outage');
  assert.equal(verdict([passed], { errors: ['Error: This run must not pass'] }).state, 'red');
});

test('a night that passed nothing is not green, and neither is one with a step that failed', () => {
  assert.equal(verdict([]).state, 'red');
  assert.equal(verdict([{ id: 's', status: 'skipped', skip: 'Blocked since x' }]).state, 'red');
  assert.equal(verdict([passed], { steps: [{ name: 'drift', code: 1, seconds: 2 }] }).state, 'red');
  assert.equal(verdict([passed], { steps: [{ name: 'suite', code: 0, seconds: 2 }] }).state, 'green');
  assert.equal(
    verdict([], { run: undefined, outage, steps: [{ name: 'doctor', code: 75, seconds: 2 }] }).state,
    'outage',
  );
});

test('tests that a gate, a power or an interruption kept from running are told apart', () => {
  const seen = verdict([
    passed,
    { id: 'g', status: 'skipped', skip: 'Blocked since 2025-12-01: needs a page', tags: ['blocked:page'] },
    { id: 'f', expectedStatus: 'failed', tags: ['blocked:young'] },
    { id: 'l', status: 'skipped', skip: 'The target does not grant "faults".' },
    { id: 'n', status: 'skipped' },
    { id: 'i', status: 'unexpected', result: 'interrupted' },
  ]);

  assert.deepEqual([seen.passed, seen.gated, seen.skipped, seen.notRun], [1, 2, 1, 2]);
  assert.equal(seen.state, 'green');
  assert.deepEqual(
    seen.gates.map(({ tag, days, tests }) => ({ tag, days, tests })),
    [
      { tag: '@blocked:page', days: 61, tests: 1 },
      { tag: '@blocked:young', days: 1, tests: 1 },
    ],
  );
  assert.match(textOf(seen), /@blocked:page 61 days, OLD, 1 tests: the site’s team owes a page/);
});

test('flaky is what ends both ways at one commit, or back and forth; a defect that came or was repaired is not', () => {
  const red = { id: 'x', status: 'unexpected' as const, errors: [WRONG] };
  const at = (day: number, passes: boolean, commit?: string) =>
    night(`2026-01-${day}T02:00:00.000Z`, { x: passes }, commit);
  const flaky = (nights: Night[]) => verdict([passed, red], { nights }).flaky.map(({ id }) => id);

  assert.deepEqual(flaky([at(29, true), at(30, true)]), [], 'a defect since tonight');
  assert.deepEqual(flaky([at(28, false), at(29, true), at(30, true)]), ['x'], 'back and forth');
  assert.deepEqual(flaky([at(30, true, 'c1')]), ['x'], 'at one commit');
  assert.deepEqual(flaky([night(STARTED, { x: true }, 'c1')]), [], 'this very night, kept already');
});

test('the summary names kind, owner and place of a defect, the slowest and the mails, and nobody’s address', () => {
  const seen = verdict(
    [
      { ...passed, durationMs: 61_000, title: 'a *slow* one' },
      { id: 'w', status: 'unexpected', errors: [WRONG], tags: ['website'], file: 'website/b.spec.ts' },
      { id: 'h', status: 'unexpected', errors: ['TypeError: x is not a function'] },
    ],
    { mails: { planned: 40, sent: 39 } },
  );

  const text = textOf(seen, 'https://reports.test/1/');
  assert.equal(headline(seen), 'RED: 1 passed, 2 failed, 0 gated');
  assert.match(text, /Product defect \(1\)\n {2}\[website\] test w \(specs\/website\/b\.spec\.ts:7\)/);
  assert.match(text, /Harness defect \(1\)\n {2}\[automation\] test h/);
  assert.match(text, /61\.0 s a \*slow\* one/);
  assert.match(text, /mails 39 sent of 40 planned/);
  assert.match(text, /Report: https:\/\/reports\.test\/1\//);
  const markdown = markdownOf(seen);
  assert.match(markdown, /a \\\*slow\\\* one/, 'Markdown of a title is text');
  const note = noteOf(seen, 'https://reports.test/1/');
  assert.match(note, /Product defect: 1 \(website\)\nHarness defect: 1 \(automation\)/);
  for (const told of [text, markdown, note]) assert.doesNotMatch(told, /ada\+1|gmail/);
  assert.doesNotMatch(note, /five mails|is not a function/, 'a chat is told no message');
});
