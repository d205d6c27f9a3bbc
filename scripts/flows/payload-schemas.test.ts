import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { z } from 'zod';
import { hostileBodies } from '../../helpers/factories/hostile-payloads.ts';
import { makeLead } from '../../helpers/factories/lead.ts';
import { honestBodies } from '../../helpers/factories/payloads.ts';
import { PAYLOADS } from '../../helpers/payload-schemas.ts';
import type { WebhookName } from '../../helpers/target.ts';
import { SEED } from '../../helpers/seed.ts';
import { TEST_MAILBOX } from '../../helpers/test-mailbox.ts';
import { probePayloads } from './payload-probe.ts';

const SENT_AT = '2025-11-29T10:30:00Z';
const COUNT = 400;
/** A run's own; a failure names it. */

const honest = honestBodies(makeLead(TEST_MAILBOX), SENT_AT);
const ajv = formats.default(new Ajv2020({ allErrors: true }));

/** Of one kind of field: values that are taken, and values that are not. */
interface Kind {
  taken: unknown[];
  refused: unknown[];
}

const text: Kind = { taken: [null, '', 'x', '<b>', 'x'.repeat(20_000)], refused: [1, true, [], ['x'], {}] };
const wholeTo = (high: number): Kind => ({
  taken: [0, 1, high],
  refused: [-1, high + 1, 0.5, '2', true, [1], {}, 1e300],
});
const optional = ({ taken, refused }: Kind): Kind => ({ taken: [null, ...taken], refused });
const flag: Kind = { taken: [null, true, false], refused: [0, 1, 'true', 'yes', [], {}] };
const amount: Kind = { taken: [null, 0, 4500, 99.5, 1e7], refused: [-0.01, 1e7 + 1, '4500', true, [], {}] };
const texts: Kind = {
  taken: [null, [], ['price', 'time'], 'price', ''],
  refused: [1, true, {}, [1], ['x', null]],
};
const momentsOnly = [SENT_AT, '2025-11-28T23:59:59.123+01:00'];
const noMoments = [
  '',
  'soon',
  '2025-11-29T10:30:00', // no offset
  '2025-02-30T10:30:00Z',
  '2025-11-29T25:00:00Z',
  '29.11.2025',
  1764412200,
  true,
  [SENT_AT],
  {},
];
const momentOrDay: Kind = {
  taken: [null, ...momentsOnly, '2025-11-29', '2024-02-29'],
  refused: [...noMoments, '2025-02-29', '2025-13-01'],
};

const EMAIL: Kind = {
  taken: [
    'ada@example.com',
    ' Ada+x@Example.co.uk ',
    "o'neil_{x}@a-b.example",
    `${'x'.repeat(64)}@example.com`,
  ],
  refused: [
    null,
    '',
    'ada',
    'ada@',
    '@example.com',
    'ada@example',
    'ada@.example.com',
    'ada@example..com',
    'ada@-example.com',
    'ada@example.com.',
    '.ada@example.com',
    'ada.@example.com',
    'a..da@example.com',
    'a da@example.com',
    'ada@exa mple.com',
    'ada@bob@example.com',
    'ädä@example.com',
    'Ada <ada@example.com>',
    `${'x'.repeat(65)}@example.com`,
    `ada@${'x'.repeat(200)}.com`,
    42,
    ['ada@example.com'],
    {},
  ],
};

const NAMES = { email: EMAIL, first_name: text, business_name: text };

const FIELDS: Record<WebhookName, Record<string, Kind>> = {
  signup: { ...NAMES, name: text },
  assessment: {
    ...NAMES,
    red_systems: { taken: wholeTo(8).taken, refused: [null, ...wholeTo(8).refused] },
    orange_systems: { taken: wholeTo(8).taken, refused: [null, ...wholeTo(8).refused] },
    yellow_systems: optional(wholeTo(8)),
    green_systems: optional(wholeTo(8)),
    email_1_sent_at: { taken: [null, ...momentsOnly], refused: [...noMoments, '2025-11-29'] },
    email_1_status: {
      taken: [null, 'sent', 'failed'],
      refused: ['', 'Sent', ' sent', 'queued', true, ['sent'], {}],
    },
    assessment_score: optional(wholeTo(100)),
    weakest_system_1: text,
    weakest_system_2: text,
    strongest_system: text,
    revenue_leak_total: optional(wholeTo(1_000_000_000)),
    gps_score: optional(wholeTo(100)),
    money_score: optional(wholeTo(100)),
  },
  noshow: {
    ...NAMES,
    calendly_event_id: text,
    calendly_event_uri: text,
    scheduled_time: momentOrDay,
    meeting_time: momentOrDay,
    event_type: text,
  },
  postcall: {
    ...NAMES,
    call_date: momentOrDay,
    call_outcome: text,
    call_notes: text,
    objections: texts,
    objection: texts,
    interest_level: text,
    follow_up_priority: {
      taken: [null, '', ' \t\n', 'High', 'medium', ' lOw '],
      refused: ['urgent', 'highest', 'hi gh', 1, true, ['High'], {}],
    },
  },
  onboarding: {
    ...NAMES,
    payment_status: text,
    payment_confirmed: flag,
    package_type: text,
    payment_amount: amount,
    payment_date: momentOrDay,
    contract_value: amount,
    docusign_completed: flag,
    docusign_signed: flag,
    salon_address: text,
    observation_dates: texts,
    start_date: momentOrDay,
    diagnostic_call_date: momentOrDay,
  },
};

const NO_OBJECTS = ['null', '[]', '"x"', '1', 'true', '[{}]'];

/** Each field with each value, alone and beside what else the webhook takes, and without. */
const tableOf = (webhook: WebhookName) =>
  Object.entries(FIELDS[webhook]).flatMap(([field, { taken, refused }]) => {
    const others = { ...honest[webhook], unknown: { field: [1] } };
    const bodyWith = (value: unknown) => JSON.stringify({ ...others, [field]: value });
    return [
      ...taken.map((value) => ({ body: bodyWith(value), expected: true })),
      ...refused.map((value) => ({ body: bodyWith(value), expected: false })),
    ];
  });

/** What schema, published JSON Schema and flow say of each body. */
function verdictsOn(webhook: WebhookName, bodies: readonly string[]) {
  const published = ajv.compile(z.toJSONSchema(PAYLOADS[webhook]));
  return probePayloads(webhook, bodies).map(({ reasons }, index) => {
    const body: unknown = JSON.parse(bodies[index] ?? '');
    return {
      body: bodies[index],
      schema: PAYLOADS[webhook].safeParse(body).success,
      published: published(body),
      flow: reasons.length === 0,
      reasons,
    };
  });
}

/** Only a flow knows the day: it refuses a moment of mail 1 that lies too far from it. */
const isAQuestionOfTheDay = (reasons: readonly string[]): boolean =>
  reasons.length === 1 && (reasons[0] ?? '').startsWith('email_1_sent_at: expected a moment at most');

for (const webhook of Object.keys(PAYLOADS) as WebhookName[]) {
  test(`${webhook}: schema and flow take and refuse the same values of each field`, () => {
    assert.deepEqual(
      Object.keys(FIELDS[webhook]).toSorted(),
      Object.keys(PAYLOADS[webhook].shape).toSorted(),
    );
    const table = [
      ...tableOf(webhook),
      { body: JSON.stringify(honest[webhook]), expected: true },
      ...NO_OBJECTS.map((body) => ({ body, expected: false })),
    ];

    const verdicts = verdictsOn(
      webhook,
      table.map(({ body }) => body),
    );

    assert.deepEqual(
      verdicts.map(({ body, schema, published, flow }) => ({ body, schema, published, flow })),
      table.map(({ body, expected }) => ({ body, schema: expected, published: expected, flow: expected })),
    );
  });

  test(`${webhook}: schema and flow agree about every hostile payload`, () => {
    const verdicts = verdictsOn(webhook, hostileBodies(webhook, honest[webhook], COUNT, SEED));

    assert.ok(verdicts.filter(({ flow }) => flow).length > COUNT / 20, `seed ${SEED}: hardly any taken`);
    assert.ok(verdicts.filter(({ flow }) => !flow).length > COUNT / 20, `seed ${SEED}: hardly any refused`);
    assert.deepEqual(
      verdicts.filter(
        ({ schema, published, flow, reasons }) =>
          schema !== published || (schema !== flow && !isAQuestionOfTheDay(reasons)),
      ),
      [],
      `seed ${SEED}`,
    );
  });
}

test('a moment of mail 1 too long ago, or too far ahead, is refused by the flow alone', () => {
  const bodies = ['2025-10-01T10:30:00Z', '2025-12-10T10:30:00Z'].map((email_1_sent_at) =>
    JSON.stringify({ ...honest.assessment, email_1_sent_at }),
  );

  for (const { schema, flow, reasons } of verdictsOn('assessment', bodies)) {
    assert.deepEqual({ schema, flow }, { schema: true, flow: false });
    assert.ok(isAQuestionOfTheDay(reasons));
  }
});

test('a count written as 2.0 is refused by the flow alone, since JavaScript reads it as 2', () => {
  const body = JSON.stringify(honest.assessment).replace('"red_systems":2', '"red_systems":2.0');

  const [verdict] = verdictsOn('assessment', [body]);

  assert.deepEqual([verdict?.schema, verdict?.flow], [true, false]);
  assert.match(String(verdict?.reasons), /^red_systems: expected a whole number/);
});
