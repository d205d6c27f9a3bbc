import assert from 'node:assert/strict';
import { test } from 'node:test';
import { claimsOf, senderOf } from './resend-mails.ts';
import type { Row } from './notion-rows.ts';

const row = (values: Row['values']): Row => ({ id: 'row', url: '', createdAt: new Date(0), values });
const noshow = row({ 'Sequence Type': 'noshow', 'Email 1 Resend ID': 'm-1', 'Email 2 Resend ID': '' });
const tags = { deployment: 'christmas-nightly', sequence_type: 'noshow', email_number: '1' };

test('Kestra’s is what one row claims and our tags speak for; what nobody claims is the website’s', () => {
  const claims = claimsOf([noshow]);

  assert.deepEqual(claims, [{ resendId: 'm-1', sequence: 'noshow', number: 1 }]);
  assert.equal(senderOf({ id: 'm-1', tags }, claims), 'kestra');
  assert.equal(
    senderOf({ id: 'm-9', tags: { sequence_type: '5day', email_number: '1' } }, claims),
    'website',
  );
});

test('one witness alone proves nothing', () => {
  const claims = claimsOf([noshow]);

  assert.equal(senderOf({ id: 'm-2', tags }, claims), 'unproven', 'tags without a row');
  assert.equal(senderOf({ id: 'm-1', tags: {} }, claims), 'unproven', 'a row without tags');
  assert.equal(
    senderOf({ id: 'm-1', tags: { ...tags, email_number: '2' } }, claims),
    'unproven',
    'another mail',
  );
  assert.equal(senderOf({ id: 'm-1', tags }, claimsOf([noshow, noshow])), 'unproven', 'claimed twice');
});
