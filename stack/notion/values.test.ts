import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { PropertyType } from './schema.ts';
import {
  type GivenValue,
  type Plain,
  asStored,
  demandValid,
  givenOf,
  makeProperty,
  plainOf,
  toValue,
} from './values.ts';

const property = (type: PropertyType) => makeProperty('P', { type, options: ['low'] }, 0);
const stored = (type: PropertyType, plain: Plain) => plainOf(toValue(property(type), givenOf(type, plain)));
const refusal = (type: PropertyType, given: unknown) => () =>
  demandValid(property(type), given as GivenValue);

test('what is written is what is read, of every type', () => {
  const day = fc.date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true });
  const values: Record<PropertyType, fc.Arbitrary<Plain>> = {
    title: fc.string({ minLength: 1 }),
    rich_text: fc.string({ minLength: 1, maxLength: 9_000, unit: 'binary' }),
    number: fc.double({ noNaN: true }),
    email: fc.emailAddress(),
    select: fc.string({ minLength: 1 }),
    multi_select: fc.array(fc.string({ minLength: 1 })),
    date: day.map((date) => date.toISOString().slice(0, 10)),
    checkbox: fc.boolean(),
  };
  for (const [type, arbitrary] of Object.entries(values) as [PropertyType, fc.Arbitrary<Plain>][]) {
    fc.assert(
      fc.property(arbitrary, (plain) => assert.deepEqual(stored(type, plain), plain)),
      { numRuns: 30 },
    );
  }
});

test('a moment loses its seconds and keeps its offset', () => {
  assert.equal(asStored('2025-11-29T10:30:59.123Z'), '2025-11-29T10:30:00.000+00:00');
  assert.equal(asStored('2025-11-29T10:30:59+05:30'), '2025-11-29T10:30:00.000+05:30');
  assert.equal(asStored('2025-11-29 10:30'), '2025-11-29T10:30:00.000+00:00');
  assert.equal(asStored('2025-11-29'), '2025-11-29');
});

test('what Notion refuses is refused', () => {
  const text = (length: number) => [{ text: { content: 'x'.repeat(length) } }];
  assert.doesNotThrow(refusal('rich_text', { rich_text: text(2_000) }));
  assert.throws(
    refusal('rich_text', { rich_text: text(2_001) }),
    /content\.length should be ≤ `2000`, instead was `2001`/,
  );
  assert.throws(refusal('title', { title: Array(101).fill(text(1)[0]) }), /title\.length should be ≤ `100`/);
  assert.throws(refusal('email', { email: 'x'.repeat(201) }), /email\.length should be ≤ `200`/);
  assert.throws(refusal('email', { rich_text: text(1) }), {
    message: 'P is expected to be email.',
    status: 400,
  });
  assert.throws(refusal('select', { select: { name: 'a, b' } }), /commas not allowed: a, b/);
  assert.throws(refusal('select', { select: { name: '' } }), /should be populated/);
  assert.throws(refusal('select', { select: { id: 'nobody' } }), /invalid select option/);
  for (const start of ['soon', '', '2025-13-01', '2025-11-29T10:30:59 +01:00', '29.11.2025', '1764412200']) {
    assert.throws(refusal('date', { date: { start } }), /date\.start should be a valid ISO 8601 date string/);
  }
});

test('what Notion can do and the stand-in cannot is said to be untaught', () => {
  assert.throws(refusal('title', { title: [{ equation: { expression: 'e' } }] }), { status: 501 });
  assert.throws(refusal('date', { date: { start: '2025-11-29T10:30', time_zone: 'Europe/Berlin' } }), {
    status: 501,
  });
});
