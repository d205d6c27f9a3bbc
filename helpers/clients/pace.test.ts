import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Pace } from './pace.ts';

test('a burst goes through, then the calls are spread, and a pause earns a new burst and no more', () => {
  let now = 1_000_000;
  const pace = new Pace({ everyMs: 300, burst: 3, now: () => now });

  assert.deepEqual(
    [1, 2, 3, 4, 5].map(() => pace.take()),
    [0, 0, 0, 300, 600],
  );
  now += 60_000;
  assert.deepEqual(
    [1, 2, 3, 4].map(() => pace.take()),
    [0, 0, 0, 300],
  );
});
