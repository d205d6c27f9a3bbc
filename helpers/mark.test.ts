import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeBareLead, makeLead } from './factories/lead.ts';
import { begunAt, markIn, markOfLead, newMark } from './mark.ts';
import { TEST_MAILBOX } from './test-mailbox.ts';

const BEGUN = Date.parse('2026-11-25T03:00:00Z');

test('a mark tells when its run began, and no two runs share one', () => {
  assert.equal(begunAt(newMark(BEGUN)).getTime(), BEGUN);
  assert.notEqual(newMark(BEGUN), newMark(BEGUN));
  assert.throws(() => begunAt('christmas'), /No run's mark: 9 characters/);
});

test('a lead of a marked run carries the mark in its address, the bare one in its business', () => {
  const mark = newMark(BEGUN);
  const tagged = makeLead(TEST_MAILBOX, {}, mark);
  const bare = makeBareLead(TEST_MAILBOX, {}, mark);

  assert.equal(markIn(tagged.email), mark);
  assert.equal(bare.email, TEST_MAILBOX);
  assert.equal(markIn(bare.email), undefined);
  assert.equal(markOfLead({ email: bare.email, business_name: bare.businessName }), mark);
});

test('what a person wrote holds no mark', () => {
  for (const text of [TEST_MAILBOX, makeLead(TEST_MAILBOX).email, 'Nails (nice place)', '', null, 7]) {
    assert.equal(markIn(text), undefined, String(text));
  }
});
