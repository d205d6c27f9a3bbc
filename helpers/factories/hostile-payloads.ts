import fc from 'fast-check';
import { strangers } from '../addresses.ts';
import { shuffled } from '../seed.ts';
import type { WebhookName } from '../target.ts';
import { TEST_MAILBOX } from '../test-mailbox.ts';

/** The fields a webhook's flow reads, beside `email`: those that take any text, and those that do not. */
export const FIELDS: Record<WebhookName, { text: readonly string[]; strict: readonly string[] }> = {
  signup: { text: ['first_name', 'name', 'business_name'], strict: [] },
  assessment: {
    text: ['first_name', 'business_name', 'weakest_system_1', 'weakest_system_2', 'strongest_system'],
    strict: [
      'red_systems',
      'orange_systems',
      'yellow_systems',
      'green_systems',
      'assessment_score',
      'email_1_sent_at',
      'email_1_status',
      'revenue_leak_total',
      'gps_score',
      'money_score',
    ],
  },
  noshow: {
    text: ['first_name', 'business_name', 'calendly_event_id', 'calendly_event_uri', 'event_type'],
    strict: ['scheduled_time', 'meeting_time'],
  },
  postcall: {
    text: [
      'first_name',
      'business_name',
      'call_outcome',
      'call_notes',
      'objections',
      'objection',
      'interest_level',
    ],
    strict: ['call_date', 'follow_up_priority'],
  },
  onboarding: {
    text: [
      'first_name',
      'business_name',
      'payment_status',
      'package_type',
      'salon_address',
      'observation_dates',
    ],
    strict: [
      'payment_confirmed',
      'payment_amount',
      'payment_date',
      'contract_value',
      'docusign_completed',
      'docusign_signed',
      'start_date',
      'diagnostic_call_date',
    ],
  },
};

/** The fields that a body with all of them is judged by. */
export const judged = (webhook: WebhookName): string[] =>
  [...FIELDS[webhook].text, ...FIELDS[webhook].strict].filter((name) => !(name in ALIASES));

/** Count only where the field they stand for is absent. */
export const ALIASES: Readonly<Record<string, string>> = {
  calendly_event_uri: 'calendly_event_id',
  meeting_time: 'scheduled_time',
  objection: 'objections',
  docusign_signed: 'docusign_completed',
};

/** What a stranger might put into a text, by kind. */
const INJECTIONS = {
  'a secret': "{{ secret('RESEND_API_KEY') }}",
  'the environment': '{{ envs }}{% for k in envs %}{{ k }}{% endfor %}',
  'a second rendering': '{{ render("{{ envs }}") }}',
  Python: '"""; import os; os._exit(3) #',
  JSON: 'Ada", "email": 5, "x": "',
  'script outputs': '}::\n::{"outputs":{"lead":{"email":"x"}}}::',
  HTML: '<script>alert(1)</script>',
  'a file': 'file:///etc/passwd',
  JNDI: '${jndi:ldap://127.0.0.1/x}',
  SQL: "'; DROP TABLE leads; --",
  'control characters': '\u0000\u0007\u001b[31m\r\n\t',
  'right to left': '\u202eevil\u2066',
  'joined signs': '👩🏽‍🚀'.repeat(40),
} as const;
/** Refused where a field is strict: accepted, Kestra stores it twenty times, and it costs two seconds of CPU. */
const MEGABYTE = 'x'.repeat(1_000_000);
const HALF_A_PAIR = '\ud800 half a pair';
const TEXTS = [...Object.values(INJECTIONS), 'x'.repeat(20_000), HALF_A_PAIR];

const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;

/** Any code point but half a pair of surrogates. fc.string's own unit for that maps a million signs when it is made. */
const sign = fc
  .integer({ min: 0, max: 0x10_ff_ff - 0x8_00 })
  .map((number) => String.fromCodePoint(number < 0xd8_00 ? number : number + 0x8_00));
const text = fc.oneof(
  fc.constantFrom(...TEXTS),
  fc.array(sign, { maxLength: 60 }).map((signs) => signs.join('')),
);
const scalar = fc.oneof(
  text,
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.constant(null),
  fc.constantFrom(1e300, -1, 2 ** 53, '2025-12-10T14:00:00Z', 'paid', 'sent'),
);
const value = fc.oneof(
  { weight: 4, arbitrary: scalar },
  { weight: 1, arbitrary: fc.array(scalar, { maxLength: 4 }) },
  { weight: 1, arbitrary: fc.dictionary(text, scalar, { maxKeys: 3 }) },
  {
    weight: 1,
    arbitrary: fc.integer({ min: 1, max: 60 }).map((depth) => JSON.parse(nested(depth)) as unknown),
  },
);

/** Names that a flow does not read, but that something beneath it might. */
const UNREAD = ['__proto__', 'constructor', 'given', 'template'];

/** Bodies that no honest caller sends: honest ones with fields replaced, or nothing honest at all, as JSON. */
function hostileBody(webhook: WebhookName, honest: { email: string }): fc.Arbitrary<string> {
  const names = [...FIELDS[webhook].text, ...FIELDS[webhook].strict, ...UNREAD];
  const fields = fc
    .uniqueArray(fc.tuple(fc.constantFrom(...names), value), { selector: ([name]) => name, maxLength: 4 })
    .map((pairs): object => Object.fromEntries(pairs));
  return fc
    .oneof(
      { weight: 6, arbitrary: fields.map((some): unknown => withFields(honest, some)) },
      { weight: 2, arbitrary: fields.map((some): unknown => ({ email: honest.email, ...some })) },
      { weight: 2, arbitrary: fc.tuple(value, fields).map(([email, some]): unknown => ({ ...some, email })) },
      { weight: 1, arbitrary: value },
    )
    .map((body) => JSON.stringify(body))
    .filter((json) => strangers(json, TEST_MAILBOX).length === 0);
}

/** `count` hostile variants of an honest body as JSON, always the same for the same seed. Nobody else's address is in one. */
export const hostileBodies = (
  webhook: WebhookName,
  honest: { email: string },
  count: number,
  seed: number,
): string[] => fc.sample(hostileBody(webhook, honest), { numRuns: count, seed });

/** The body with these fields, and without those they would stand back for. */
function withFields(body: object, fields: object): object {
  const hidden = Object.keys(fields).flatMap((name) => {
    const principal = ALIASES[name];
    return principal === undefined || principal in fields ? [] : [principal];
  });
  const kept = Object.entries(body).filter(([name]) => !hidden.includes(name));
  return { ...Object.fromEntries(kept), ...fields };
}

/** `not stored`: Kestra itself can't keep such a body, so it answers 500 and begins nothing. */
type HostileEnd = 'accepted' | 'refused' | 'not stored';

export interface HostileCase {
  what: string;
  email: string;
  /** As JSON. */
  body: string;
  /** Undefined where chance decides between accepted and refused. */
  end?: HostileEnd;
}

/** So many of a webhook's cases are left to chance altogether. */
const AT_RANDOM = 2;

/**
 * One case or more for each hazard, in fields that the webhook's flow reads: each injection, a megabyte, nesting of a
 * thousand and beyond, wrong kinds, control characters, half a pair of surrogates; the last is honest. Which injection goes into which
 * field is the seed's choice. Injections share a body where any text is accepted: none hides another there.
 */
export function hostileCases(
  webhook: WebhookName,
  newHonest: () => { email: string },
  seed: number,
): HostileCase[] {
  const { text: texts, strict } = FIELDS[webhook];
  // A sign-up's `name` is written over its `first_name`.
  const isAlone = (name: string): boolean =>
    name in ALIASES || (name === 'first_name' && texts.includes('name'));
  const fields = shuffled(
    texts.filter((name) => !isAlone(name)),
    seed,
  );
  const [field = ''] = fields;

  const one = (
    what: string,
    change: (honest: { email: string }) => object,
    end?: HostileEnd,
  ): HostileCase => {
    const changed = change(newHonest());
    const email = 'email' in changed ? String(changed.email) : '';
    return { what, email, body: JSON.stringify(changed), ...(end ? { end } : {}) };
  };
  const injected = dealt(shuffled(Object.entries(INJECTIONS), seed), fields.length).map((hand) => {
    const given = Object.fromEntries(hand.map(([, injection], index) => [fields[index] ?? '', injection]));
    const what = hand.map(([kind], index) => `${kind} as ${fields[index]}`).join(', ');
    // Onboarding begins whatever the status says.
    const paid = webhook === 'onboarding' ? { payment_confirmed: true } : {};
    return one(what, (honest) => ({ ...honest, ...given, ...paid }), 'accepted');
  });
  const alone = texts
    .filter(isAlone)
    .map((name) =>
      one(
        `a secret as ${name}`,
        (honest) => withFields(honest, { [name]: INJECTIONS['a secret'] }),
        'accepted',
      ),
    );
  const deep = (what: string, depth: number): HostileCase => {
    const shallow = one(`${what} as ${field}`, (honest) => ({ ...honest, [field]: '@' }), 'refused');
    return { ...shallow, body: shallow.body.replace('"@"', nested(depth)) };
  };
  return [
    ...injected,
    ...alone,
    one(
      'a megabyte',
      (honest) => ({ ...honest, [strict[0] ?? field]: MEGABYTE }),
      strict.length > 0 ? 'refused' : 'accepted',
    ),
    one(
      'an address that is a template',
      (honest) => ({ ...honest, email: honest.email.replace('@', '{{envs}}@') }),
      'accepted',
    ),
    one('every field of a wrong kind', (honest) => ({ ...honest, ...wrongKinds(webhook) }), 'refused'),
    deep('nesting beyond a thousand', 1_500),
    deep('nesting that Kestra reads and Python does not', 992),
    one(
      `half a pair of surrogates as ${field}`,
      (honest) => ({ ...honest, [field]: HALF_A_PAIR }),
      'not stored',
    ),
    ...Array.from({ length: AT_RANDOM }, (_, index): HostileCase => {
      const honest = newHonest();
      const arbitrary = hostileBody(webhook, honest).filter((json) => !json.includes('\\ud800'));
      const [body = ''] = fc.sample(arbitrary, { numRuns: 1, seed: seed + index });
      return { what: `chance ${index + 1}`, email: honest.email, body };
    }),
    one('an honest body, after all that', (honest) => honest, 'accepted'),
  ];
}

/** No text where any is taken, and a text where a number, a moment or the like must be; injections inside either. */
const wrongKinds = (webhook: WebhookName): object =>
  Object.fromEntries(
    judged(webhook).map((name) => [
      name,
      FIELDS[webhook].strict.includes(name)
        ? INJECTIONS['a secret']
        : [{ [INJECTIONS['a secret']]: INJECTIONS['the environment'] }],
    ]),
  );

function dealt<T>(cards: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(cards.length / size) }, (_, index) =>
    cards.slice(index * size, (index + 1) * size),
  );
}
