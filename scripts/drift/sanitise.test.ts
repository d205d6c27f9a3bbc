import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type Json, Sanitiser } from './sanitise.ts';
import { VOCABULARY } from './vocabulary.ts';

const positions = { maps: new Set(['properties']), opaque: new Set(['variables']) };
const sanitised = (...answers: Json[]): Json[] => {
  const sanitiser = new Sanitiser(positions);
  return answers.map((answer) => sanitiser.answer(answer));
};

/** Values as answers have them, by kind: within one kind nothing but the value differs. */
const VALUES = {
  uuid: fc.uuid(),
  bareUuid: fc.uuid().map((id) => id.replaceAll('-', '')),
  address: fc.emailAddress(),
  sender: fc.emailAddress().map((address) => `Ada Lovelace <${address}>`),
  page: fc.webUrl({ withQueryParameters: true }),
  moment: fc
    .date({ min: new Date('2020-01-01'), max: new Date('2035-01-01'), noInvalidDate: true })
    .map((at) => at.toISOString()),
  resendMoment: fc.integer({ min: 100_000, max: 999_999 }).map((part) => `2026-04-03 22:13:42.${part}+00`),
  day: fc
    .date({ min: new Date('2026-01-01'), max: new Date('2035-01-01'), noInvalidDate: true })
    .map((at) => at.toISOString().slice(0, 10)),
  token: fc.stringMatching(/^(?:ntn|re|secret)_[A-Za-z0-9]{24}$/),
  name: fc.stringMatching(/^[A-ZÄÖÜ][a-zäöüß]{5,12} [A-ZÄÖÜ][a-zäöüß]{5,12}$/),
  // What people call a property may look like one of the service's fields.
  column: fc.stringMatching(/^[a-z]{9,14}$/),
  words: fc.string({ minLength: 12, unit: 'grapheme' }).map((text) => `so ${text} so`),
  key: fc.stringMatching(/^[A-Za-z0-9]{22}$/).map((id) => `${id}0`),
  number: fc.integer({ min: 100_000 }),
  fraction: fc.integer({ min: 100_000, max: 9_999_999 }).map((whole) => whole + 0.25),
};
type Kind = keyof typeof VALUES;
const kinds = Object.keys(VALUES) as Kind[];

/** An answer with holes: which kind of value stands where, and which of them are equal. */
type Outline =
  | { kind: Kind; which: number }
  | Outline[]
  | { fields: Record<string, Outline> }
  | { names: Outline[] };

const { outline } = fc.letrec<{ outline: Outline; leaf: Outline }>((tie) => ({
  leaf: fc.record({ kind: fc.constantFrom(...kinds), which: fc.nat(4) }),
  outline: fc.oneof(
    { depthSize: 'small' },
    tie('leaf'),
    fc.array(tie('outline'), { maxLength: 6 }),
    fc.record({
      fields: fc.dictionary(
        fc.constantFrom('id', 'created_time', 'scheduleDate', 'variables', 'newField'),
        tie('outline'),
      ),
    }),
    // Below `properties`, people choose the names.
    fc.record({ names: fc.array(tie('outline'), { maxLength: 4 }) }),
  ),
}));

type Chosen = Record<Kind, Array<string | number>>;
const chosen: fc.Arbitrary<Chosen> = fc.record(
  Object.fromEntries(
    kinds.map((kind) => [
      kind,
      fc.uniqueArray(VALUES[kind] as fc.Arbitrary<string | number>, { minLength: 5, maxLength: 5 }),
    ]),
  ) as Record<Kind, fc.Arbitrary<Array<string | number>>>,
);

function filled(part: Outline, values: Chosen): Json {
  if (Array.isArray(part)) return part.map((inner) => filled(inner, values));
  if ('kind' in part) return values[part.kind][part.which] ?? null;
  const entries =
    'fields' in part
      ? Object.entries(part.fields).map(([key, inner]) => [key, filled(inner, values)] as const)
      : [
          [
            'properties',
            Object.fromEntries(
              part.names.map((inner, index) => [values.column[index] ?? '', filled(inner, values)]),
            ),
          ] as const,
        ];
  return Object.fromEntries(entries);
}

/** What stands in every sanitised answer; a random value may be a part of it by chance. */
const FRAME =
  'properties created_time scheduleDate variables newField Somebody <somebody-@example.test> https://example.test/ text-';

const differ = (one: Chosen, other: Chosen): boolean =>
  kinds.every((kind) => one[kind].every((value) => !other[kind].includes(value)));

describe('a sanitised answer', () => {
  test('holds no value of the original, in no field and no name', () => {
    fc.assert(
      fc.property(outline, chosen, (part, values) => {
        const text = JSON.stringify(sanitised(filled(part, values)));
        const survivors = Object.values(values)
          .flat()
          .flatMap((value) => {
            const whole = String(value);
            // Also no half of an address, no part of a page's address.
            return typeof value === 'string'
              ? [whole, ...whole.split(/[@<>/?&= ]+/).filter((bit) => bit.length >= 6)]
              : [whole];
          })
          .filter((value) => !VOCABULARY.has(value) && !FRAME.includes(value))
          .filter((value) => text.includes(JSON.stringify(value).slice(1, -1)));
        assert.deepEqual(survivors, []);
      }),
      { numRuns: 400 },
    );
  });

  test('is the same whatever the values are: only kind and equality are kept', () => {
    fc.assert(
      fc.property(outline, chosen, chosen, (part, one, other) => {
        fc.pre(differ(one, other));
        assert.deepEqual(sanitised(filled(part, one)), sanitised(filled(part, other)));
      }),
      { numRuns: 400 },
    );
  });

  test('keeps equal what is equal and different what differs, between answers too', () => {
    fc.assert(
      fc.property(chosen, fc.constantFrom(...kinds), (values, kind) => {
        const given = values[kind].map((value) => (typeof value === 'string' ? value.toLowerCase() : value));
        const answers = sanitised(...given, { results: [{ id: given[2] ?? null }] });

        assert.equal(new Set(answers.slice(0, -1)).size, new Set(given).size);
        assert.deepEqual(answers.at(-1), { results: [{ id: answers[2] }] });
      }),
    );
  });
});

test('each kind of value stays one of its kind', () => {
  const [answer] = sanitised({
    object: 'page',
    id: '6f2a7c1e-1111-4abc-8def-123456789abc',
    url: 'https://www.notion.so/6f2a7c1e11114abc8def123456789abc',
    created_time: '2026-11-25T04:08:00.000Z',
    created_at: '2023-04-03 22:13:42.674981+00',
    scheduleDate: '2026-11-25T04:08:00.123456789+02:00',
    start: '2026-11-25',
    duration: 'PT12.5S',
    from: 'Ada <ada@mail.test>',
    to: ['ada@mail.test'],
    state: { current: 'SUCCESS' },
    trigger: {
      type: 'io.kestra.plugin.core.trigger.Webhook',
      variables: { body: { email: 'ada@mail.test' } },
    },
    score: 71,
    rate: 0.71,
    in_trash: false,
    public_url: null,
    parent: { data_source_id: '6f2a7c1e11114ABC8def123456789abc' },
    properties: {
      Email: { type: 'email', email: 'ada@mail.test' },
      'Ada’s own': { type: 'url', name: 'Ada’s own' },
    },
  });

  assert.deepEqual(answer, {
    object: 'page',
    id: '00000000-0000-4000-8000-000000000001',
    url: 'https://example.test/1',
    created_time: '2025-01-01T00:01:00.000Z',
    created_at: '2025-01-01 00:02:00.000000+00',
    scheduleDate: '2025-01-01T00:03:00.000000000+00:00',
    start: '2025-01-02',
    duration: 'PT1S',
    from: 'Somebody <somebody-1@example.test>',
    to: ['somebody-1@example.test'],
    state: { current: 'SUCCESS' },
    trigger: { type: 'io.kestra.plugin.core.trigger.Webhook', variables: {} },
    score: 1,
    rate: 2.5,
    in_trash: false,
    public_url: null,
    parent: { data_source_id: '00000000000040008000000000000001' },
    properties: {
      Email: { type: 'email', email: 'somebody-1@example.test' },
      'text-1': { type: 'url', name: 'text-1' },
    },
  });
});

test('a long list keeps one element of each shape', () => {
  const [answer] = sanitised(
    [1, 2, 3, 4, 5].map((score) => (score % 2 ? { score } : { score, id: 'an-id' })),
  );

  assert.deepEqual(answer, [{ score: 1 }, { score: 2, id: 'text-1' }]);
});
