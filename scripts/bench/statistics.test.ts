import assert from 'node:assert/strict';
import { test } from 'node:test';
import { byStep, cpuMsOf, readyMsOf, type Start } from './start.ts';
import { histogram, median, percentile } from './statistics.ts';

const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);

test('a percentile is the nearest rank, whatever the order of the samples', () => {
  assert.equal(percentile(hundred, 0.95), 95);
  assert.equal(percentile(hundred, 0.955), 96);
  assert.equal(percentile(hundred, 1), 100);
  assert.equal(percentile([7], 0.01), 7);
  assert.equal(percentile([30, 10, 20], 0.95), 30);
});

test('the median of an even number of samples is one that was seen', () => {
  assert.equal(median([4, 1, 3, 2]), 2);
  assert.equal(median([9, 1, 5]), 5);
});

test('of no samples there is no percentile, and no share but above 0 and up to 1', () => {
  assert.throws(() => percentile([], 0.5), /no samples/);
  for (const share of [0, -1, 1.5, Number.NaN]) assert.throws(() => percentile([1], share), /share/);
});

test('samples leave as many as they were, those beyond the end in the last bin', () => {
  assert.deepEqual(histogram([0, 9.9, 10, 19, 20, 500], 20, 2), [2, 4]);
});

test('a start is told by its steps, which sum up to all of it', () => {
  const start: Start = {
    steps: [
      { what: 'stand-ins listen', atMs: 500, cpuMs: 400 },
      { what: 'Kestra answers', atMs: 3_000, cpuMs: 5_000 },
      { what: 'its file is written', atMs: 4_100, cpuMs: 7_000 },
    ],
    residentBytes: 1,
  };

  assert.deepEqual(byStep(start, 'atMs'), {
    'stand-ins listen': 500,
    'Kestra answers': 2_500,
    'its file is written': 1_100,
  });
  assert.deepEqual(Object.values(byStep(start, 'cpuMs')), [400, 4_600, 2_000]);
  assert.deepEqual([readyMsOf(start), cpuMsOf(start)], [4_100, 7_000]);
});
