import fc from 'fast-check';
import { strangers } from '../addresses.ts';
import { TEST_MAILBOX } from '../test-mailbox.ts';

/** What a stranger might put into a field: template and script injection, control characters, text of every kind. */
const INJECTIONS = [
  "{{ secret('RESEND_API_KEY') }}",
  '{{ envs }}{% for k in envs %}{{ k }}{% endfor %}',
  '"""; import os; os._exit(3) #',
  '}::\n::{"outputs":{"lead":{"email":"x"}}}::',
  '<script>alert(1)</script>',
  'file:///etc/passwd',
  '${jndi:ldap://127.0.0.1/x}',
  "'; DROP TABLE leads; --",
  '\u0000\u0007\u001b[31m\r\n\t',
  '\u202eevil\u2066',
  '\ud800 half a pair',
  '👩🏽‍🚀'.repeat(40),
  'x'.repeat(20_000),
];

const FIELDS = [
  'first_name',
  'business_name',
  'red_systems',
  'orange_systems',
  'email_1_sent_at',
  'email_1_status',
  'scheduled_time',
  'calendly_event_id',
  'objections',
  'call_notes',
  'follow_up_priority',
  'payment_status',
  'payment_confirmed',
  'payment_amount',
  'observation_dates',
  'start_date',
  '__proto__',
  'constructor',
  'given',
  'template',
];

const text = fc.oneof(fc.constantFrom(...INJECTIONS), fc.string({ unit: 'binary', maxLength: 60 }));
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
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 60 }).map(nested) },
);

function nested(depth: number): unknown {
  return depth === 0 ? 'deep' : { deeper: [nested(depth - 1)] };
}

/** Bodies that no honest caller sends: honest ones with fields replaced, or nothing honest at all, as JSON. */
function hostileBody(honest: { email: string }): fc.Arbitrary<string> {
  const fields = fc
    .uniqueArray(fc.tuple(fc.constantFrom(...FIELDS), value), { selector: ([name]) => name, maxLength: 4 })
    .map((pairs): object => Object.fromEntries(pairs));
  return fc
    .oneof(
      { weight: 6, arbitrary: fields.map((some): unknown => ({ ...honest, ...some })) },
      { weight: 2, arbitrary: fields.map((some): unknown => ({ email: honest.email, ...some })) },
      { weight: 2, arbitrary: fc.tuple(value, fields).map(([email, some]): unknown => ({ ...some, email })) },
      { weight: 1, arbitrary: value },
    )
    .map((body) => JSON.stringify(body))
    .filter((text) => strangers(text, TEST_MAILBOX).length === 0);
}

/** `count` hostile variants of an honest body as JSON, always the same for the same seed. Nobody else's address is in one. */
export const hostileBodies = (honest: { email: string }, count: number, seed: number): string[] =>
  fc.sample(hostileBody(honest), { numRuns: count, seed });
