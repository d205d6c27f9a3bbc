import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { masked, plainText } from './plain-text.ts';

describe('text for a terminal', () => {
  test('an address in a list gives away neither name nor tag', () => {
    assert.equal(masked('lengobaosang+3f00aa@gmail.com'), 'l…+3f…@gmail.com');
    assert.equal(masked('ada@mail.test'), 'a…@mail.test');
    assert.equal(masked('no address at all'), '…');
  });

  test('what a stranger chose cannot move the cursor, break the line or turn the direction', () => {
    assert.equal(plainText('a\u001B[2Jb\r\nc\u202Ed\u2028e'), 'a [2Jb c d e');
    assert.equal(plainText('x'.repeat(500)).length, 250);
  });
});
