import assert from 'node:assert/strict';
import { test } from 'node:test';
import { skipsIn, tallyOf } from './attached-reporter.ts';
import { mails, mailsSent } from './mails.ts';
import { reasonFor } from './target.ts';

const ended = (annotations: Array<{ type: string; description: string }>, atEnd = annotations) => ({
  annotations,
  results: [{ annotations: atEnd }],
});

test('skips are counted by the power that was wanted, and no other skip is', () => {
  const faults = ended([{ type: 'skip', description: reasonFor('faults') }]);
  const gated = ended([{ type: 'skip', description: 'Blocked since 2025-11-30: needs a webhook' }]);

  assert.equal(
    skipsIn([faults, faults, gated, ended([{ type: 'skip', description: reasonFor('alerts') }])]),
    '2 tests need "faults", 1 tests need "alerts"',
  );
  assert.equal(skipsIn([gated]), '');
});

test('planned mails are those that the tests declare, sent ones those that were counted', () => {
  const whole = ended([mails(5)], [mails(5), mailsSent(5)]);
  const broken = ended([mails(4)], [mails(4), mailsSent(1)]);

  assert.deepEqual(tallyOf([whole, broken, ended([])]), { planned: 9, sent: 6 });
});
