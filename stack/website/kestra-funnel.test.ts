import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspectPayload, type Payload } from '../../helpers/payload-schemas.ts';
import type { WebhookName } from '../../helpers/target.ts';
import {
  type Assessment,
  assessmentPayload,
  noshowPayload,
  onboardingPayload,
  postcallPayload,
  signupPayload,
} from './kestra-funnel.ts';

const visitor = { id: '1', email: 'ada@example.com', firstName: 'Ada Park', businessName: "Ada's Bakery" };
const assessment: Assessment = {
  ...visitor,
  redCount: 2,
  orangeCount: 1,
  yellowCount: 0,
  greenCount: 5,
  overallScore: 550,
  revenueLeak: 13_000,
  weakestSystem1: 'GPS',
  weakestSystem2: 'FUEL',
  strongestSystem: 'CABIN',
};

type Payloads = { [Name in WebhookName]: Payload<Name> };

/** The type holds the builders' fields to the schemas too: one of another type does not compile. */
const full: Payloads = {
  signup: signupPayload(visitor),
  assessment: assessmentPayload(assessment, { status: 'sent', sentAt: '2025-11-29T10:30:00.000Z' }),
  noshow: noshowPayload(visitor, { eventId: 'evt_1', scheduledTime: '2025-12-10T14:00:00Z' }),
  postcall: postcallPayload(visitor, {
    interest: 'high',
    objections: ['price'],
    notes: 'To be called again.',
  }),
  onboarding: onboardingPayload(visitor, { packageType: 'foundation', amount: 4_500 }),
};

const stranger = { id: '2', email: 'ada@example.com', firstName: '' };
const least: Payloads = {
  signup: signupPayload(stranger),
  assessment: assessmentPayload({ ...assessment, ...stranger }, { status: 'failed' }),
  noshow: noshowPayload({ email: stranger.email }, {}),
  postcall: postcallPayload({ email: stranger.email }, {}),
  onboarding: onboardingPayload({ email: stranger.email }, {}),
};

/** As it is posted: JSON has no undefined. */
const posted = (payload: object): object => JSON.parse(JSON.stringify(payload)) as object;

for (const name of Object.keys(full) as WebhookName[]) {
  test(`${name}: what the ready file posts is what the webhook takes, field by field`, () => {
    const ignored = name === 'signup' ? ['source'] : [];

    assert.deepEqual(inspectPayload(name, posted(full[name])), { faults: [], ignored });
    assert.deepEqual(inspectPayload(name, posted(least[name])), { faults: [], ignored });
  });
}

test('a payload has the fields of the ready file by their own names', () => {
  assert.deepEqual(posted(full.assessment), {
    email: 'ada@example.com',
    first_name: 'Ada',
    business_name: "Ada's Bakery",
    red_systems: 2,
    orange_systems: 1,
    yellow_systems: 0,
    green_systems: 5,
    assessment_score: 69,
    revenue_leak_total: 13_000,
    weakest_system_1: 'GPS',
    weakest_system_2: 'FUEL',
    strongest_system: 'CABIN',
    email_1_sent_at: '2025-11-29T10:30:00.000Z',
    email_1_status: 'sent',
  });
});
