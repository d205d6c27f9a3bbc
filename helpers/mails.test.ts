import assert from 'node:assert/strict';
import { test } from 'node:test';
import { demandOneJourney, demandWithin, mails, plannedIn, planIn, sentIn } from './mails.ts';

const spec = (title: string, projectName: string, annotations: object[] = []) => ({
  title,
  file: 'specs/a.spec.ts',
  line: 7,
  tags: ['website'],
  tests: [{ projectName, annotations }],
});
const list = {
  suites: [
    {
      specs: [spec('sends four', 'funnel', [mails(4)])],
      suites: [{ specs: [spec('sends none', 'funnel', [mails(0)])] }],
    },
    { specs: [spec('a matcher', 'harness')] },
  ],
};

test('the mails of a selection are added up through all suites, and the harness’s own tests cause none', () => {
  assert.deepEqual(planIn(list), {
    mails: 4,
    tests: 3,
    journeys: ['specs/a.spec.ts:7 sends four', 'specs/a.spec.ts:7 sends none'],
    undeclared: [],
  });
  assert.doesNotThrow(() => demandWithin(planIn(list), 4));
});

test('above the budget a run does not start, and says planned and budget', () => {
  assert.throws(() => demandWithin(planIn(list), 3), /cause 4 mails, and MAIL_BUDGET is 3/);
});

test('a test that does not say what it causes is named', () => {
  const plan = planIn({ suites: [{ specs: [spec('sends who knows what', 'funnel')] }] });

  assert.throws(() => demandWithin(plan, 60), /specs\/a\.spec\.ts:7 sends who knows what/);
});

test('behind a website with real leads one test makes one lead', () => {
  assert.throws(() => demandOneJourney(planIn(list)), /2 of the selected tests send somebody through it/);
  assert.doesNotThrow(() => demandOneJourney({ journeys: ['one'] }));
});

test('what was planned and what was sent are told apart', () => {
  assert.equal(plannedIn([mails(2)]), 2);
  assert.equal(sentIn([mails(2)]), undefined);
});
