import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readSince } from './since.ts';

const now = new Date('2025-12-03T12:00:00Z');

describe('--since', () => {
  test('takes a span back from now, or a moment with its offset', () => {
    const read = ['90m', '2h', '3d', '2025-12-03T08:00:00+01:00', '2025-12-01T00:00:00Z'].map((text) =>
      readSince(text, now).toISOString(),
    );

    assert.deepEqual(read, [
      '2025-12-03T10:30:00.000Z',
      '2025-12-03T10:00:00.000Z',
      '2025-11-30T12:00:00.000Z',
      '2025-12-03T07:00:00.000Z',
      '2025-12-01T00:00:00.000Z',
    ]);
  });

  test('refuses what says no moment, without an offset, or in the future, and says what to give', () => {
    for (const [text, reason] of [
      ['yesterday', /^--since: 9 characters that say no moment; give a span such as 90m, 2h or 3d/],
      ['2025-12-01T08:00:00', /^--since: 19 characters that say no moment/],
      ['2025-13-01T08:00:00Z', /^--since: 20 characters that say no moment/],
      ['2025-12-04T00:00:00Z', /^--since: that moment is yet to come/],
      ['', /^--since: 0 characters/],
    ] as const) {
      assert.throws(() => readSince(text, now), { message: reason });
    }
  });
});
