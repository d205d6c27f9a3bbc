import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { SEED } from '../helpers/seed.ts';
import { parseJson } from './json.ts';

const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

test('what is nested a hundred deep is read, and what is deeper is not, be it lists, objects or cut off', () => {
  assert.notEqual(parseJson(nested(100)), undefined);
  for (const text of [
    nested(101),
    nested(1_000_000),
    '['.repeat(5_000_000),
    '{"a":'.repeat(101) + '1' + '}'.repeat(101),
  ])
    assert.equal(parseJson(text), undefined);
});

test('any other JSON is read as it is, brackets and quotes in its texts included', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 20 }), (value) => {
      assert.deepEqual(parseJson(JSON.stringify(value)), JSON.parse(JSON.stringify(value)));
    }),
    { seed: SEED },
  );
  for (const text of ['[['.repeat(200), '\\"[['.repeat(200), '"'.repeat(200), '\\'.repeat(201)])
    assert.equal(parseJson(JSON.stringify([text, { [text]: text }])) === undefined, false, text);
});

test('what is no JSON is nothing', () => {
  for (const text of ['', '{', '"', 'NaN', "{'a':1}", '"\\', '\u0000'])
    assert.equal(parseJson(text), undefined, text);
});
