import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Filter, type Row, type Sorts, comparator, compile, demandedEmail } from './filter.ts';
import type { PropertyType } from './schema.ts';
import { type Plain, type Property, makeProperty } from './values.ts';

const NOW = Date.parse('2025-11-30T12:00:00Z');

const properties = (
  [
    'title',
    'rich_text',
    'number',
    'email',
    'select',
    'multi_select',
    'date',
    'checkbox',
  ] satisfies PropertyType[]
).map((type, place) => makeProperty(type, { type, options: ['low', 'high', 'top'] }, place));
const scope = {
  now: NOW,
  find: (nameOrId: string) => properties.find(({ name, id }) => name === nameOrId || id === nameOrId),
};

/** A row with one value; all its other properties are empty. */
function rowWith(type: PropertyType, plain: Plain, createdAt = NOW): Row {
  return {
    createdAt,
    editedAt: createdAt,
    created_time: '2025-11-30T12:00:00.000Z',
    last_edited_time: '2025-11-30T12:00:00.000Z',
    plain: (property: Property) => (property.type === type ? plain : null),
  };
}

const holds = (type: PropertyType, plain: Plain, condition: object) =>
  compile({ property: type, [type]: condition } as Filter, scope)(rowWith(type, plain));

const CASES: [type: PropertyType, operator: string, wanted: unknown, yes: Plain[], no: Plain[]][] = [
  ['title', 'equals', 'Ada', ['Ada'], ['ada', 'Ada P', null]],
  ['email', 'does_not_equal', 'a@b.c', ['x@b.c', null], ['a@b.c']],
  ['rich_text', 'contains', 'Bake', ["Ada's Bakery"], ['bakery', null]],
  ['rich_text', 'does_not_contain', 'Bake', ['bakery', null], ["Ada's Bakery"]],
  ['title', 'starts_with', 'Ad', ['Ada'], ['Bad', null]],
  ['title', 'ends_with', 'a', ['Ada'], ['Adam', null]],
  ['title', 'is_empty', true, [null, ''], ['Ada']],
  ['title', 'is_not_empty', true, ['Ada'], [null, '']],
  ['number', 'equals', 0, [0], [1, null]],
  ['number', 'greater_than', 2, [3], [2, null]],
  ['number', 'less_than', 2, [1, -1], [2, null]],
  ['number', 'greater_than_or_equal_to', 2, [2, 3], [1, null]],
  ['number', 'less_than_or_equal_to', 2, [2, 1], [3, null]],
  ['checkbox', 'equals', true, [true], [false]],
  ['checkbox', 'does_not_equal', true, [false], [true]],
  ['select', 'equals', 'low', ['low'], ['high', null]],
  ['select', 'equals', ['low', 'high'], ['low', 'high'], ['top', null]],
  ['select', 'does_not_equal', 'low', ['high', null], ['low']],
  ['multi_select', 'contains', 'low', [['low', 'top']], [['top'], []]],
  ['multi_select', 'does_not_contain', ['low', 'high'], [['top'], []], [['low'], ['high', 'top']]],
  ['date', 'equals', '2025-11-30', ['2025-11-30', '2025-11-30T23:59:00.000+00:00'], ['2025-12-01', null]],
  [
    'date',
    'equals',
    '2025-11-30T10:30:42Z',
    ['2025-11-30T10:30:00.000+00:00'],
    ['2025-11-30T10:31:00.000+00:00'],
  ],
  ['date', 'before', '2025-11-30', ['2025-11-29T23:59:00.000+00:00'], ['2025-11-30', null]],
  [
    'date',
    'after',
    '2025-11-30T10:30:00Z',
    ['2025-11-30T12:31:00.000+02:00'],
    ['2025-11-30T12:30:00.000+02:00'],
  ],
  ['date', 'on_or_before', 'today', ['2025-11-30', '2025-01-01'], ['2025-12-01']],
  ['date', 'on_or_after', 'tomorrow', ['2025-12-01'], ['2025-11-30']],
  ['date', 'on_or_after', 'one_month_ago', ['2025-10-30'], ['2025-10-29']],
  ['date', 'past_week', {}, ['2025-11-23', '2025-11-30'], ['2025-11-22', '2025-12-01']],
  ['date', 'this_week', {}, ['2025-11-30', '2025-12-06'], ['2025-11-29', '2025-12-07']],
  ['date', 'next_year', {}, ['2026-11-30'], ['2026-12-01', '2025-11-29']],
  ['date', 'is_empty', true, [null], ['2025-11-30']],
];

for (const [type, operator, wanted, yes, no] of CASES) {
  test(`${type} ${operator} ${JSON.stringify(wanted)}`, () => {
    for (const plain of yes)
      assert.ok(holds(type, plain, { [operator]: wanted }), `holds for ${String(plain)}`);
    for (const plain of no)
      assert.ok(!holds(type, plain, { [operator]: wanted }), `fails for ${String(plain)}`);
  });
}

test('and, or and timestamps combine, two levels deep', () => {
  const filter: Filter = {
    and: [
      { property: 'title', title: { starts_with: 'A' } },
      {
        or: [
          { property: 'title', title: { ends_with: 'a' } },
          { property: 'title', title: { ends_with: 'b' } },
        ],
      },
      { timestamp: 'created_time', created_time: { on_or_after: '2025-11-30' } },
    ],
  };
  const matches = compile(filter, scope);
  assert.deepEqual(
    ['Ada', 'Arb', 'Ann', 'Bea'].filter((name) => matches(rowWith('title', name))),
    ['Ada', 'Arb'],
  );
});

test('a filter that does not fit the property is refused as Notion refuses it', () => {
  const refusal = (filter: unknown) => () => compile(filter as Filter, scope);
  assert.throws(refusal({ property: 'email', rich_text: { equals: 'x' } }), {
    code: 'validation_error',
    message: /database property email does not match filter rich_text/,
  });
  assert.throws(
    refusal({ property: 'nobody', email: { equals: 'x' } }),
    /Could not find property with name or id: nobody/,
  );
  assert.throws(
    refusal({ property: 'select', select: { equals: 'odd' } }),
    /select option "odd" not found for property/,
  );
  assert.throws(
    refusal({ or: Array(101).fill({ property: 'title', title: { equals: 'x' } }) }),
    /should be ≤ `100`/,
  );
});

test('an index is asked only where every row found must have the address', () => {
  const email = { property: 'email', email: { equals: 'a@b.c' } };
  assert.equal(demandedEmail(email, scope)?.[1], 'a@b.c');
  assert.equal(
    demandedEmail({ and: [{ property: 'number', number: { equals: 1 } }, email] }, scope)?.[1],
    'a@b.c',
  );
  assert.equal(demandedEmail({ or: [email] }, scope), undefined);
  assert.equal(demandedEmail({ property: 'email', email: { contains: 'a' } }, scope), undefined);
});

test('rows sort by several rules, options in their own order, and rows without a value last', () => {
  const sorted = (type: PropertyType, plains: Plain[], direction: 'ascending' | 'descending') => {
    const sorts: Sorts = [{ property: type, direction }];
    const compare = comparator(sorts, scope);
    return plains
      .map((plain) => rowWith(type, plain))
      .toSorted(compare)
      .map((row) => row.plain({ type } as Property));
  };
  assert.deepEqual(sorted('select', ['top', null, 'low', 'high'], 'ascending'), ['low', 'high', 'top', null]);
  assert.deepEqual(sorted('number', [10, null, 9, 100], 'descending'), [100, 10, 9, null]);
  assert.throws(
    () => comparator([{ property: 'nobody', direction: 'ascending' }], scope),
    /Could not find sort property/,
  );

  const byTime = comparator([{ timestamp: 'created_time', direction: 'ascending' }], scope);
  const [first, second] = [rowWith('title', 'first', NOW + 1), rowWith('title', 'second', NOW + 2)];
  assert.deepEqual([second, first].toSorted(byTime), [first, second]);
});
