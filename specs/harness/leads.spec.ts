import { about, expect, test } from '../../fixtures/index.ts';
import { Afterwards } from '../../helpers/afterwards.ts';
import { makeBareLead, makeLead } from '../../helpers/factories/lead.ts';
import { assessmentBody, signupBody } from '../../helpers/factories/payloads.ts';

const purpose =
  'Each test works on a lead of its own and takes back only what it made, so that all run at once.';
const inbox = 'tester@funnel.test';

test.describe('leads', { tag: '@harness', annotation: about({ feature: 'Harness', purpose }) }, () => {
  test('each lead has an address of its own in the test mailbox', async ({ lead, newLead, bareLead }) => {
    const addresses = [lead, newLead(), newLead(), makeLead('lengobaosang@gmail.com')].map(
      ({ email }) => email,
    );

    expect(new Set(addresses).size).toBe(4);
    expect(addresses).toEqual(
      addresses.map(() => expect.stringMatching(/^lengobaosang\+[0-9a-f]{12}@gmail\.com$/)),
    );
    expect(bareLead.email).toBe('lengobaosang@gmail.com');
    expect(makeBareLead(inbox).email).toBe(inbox);
  });

  test('an override changes what it names and nothing else', async () => {
    const lead = makeLead(inbox, { firstName: 'Grace', systems: { red: 0, orange: 1, yellow: 0, green: 7 } });

    expect(lead).toMatchObject({ firstName: 'Grace', businessName: "Ada's Bakery", systems: { orange: 1 } });
  });

  test('payloads have the names of the webhooks, and tell of mail 1 only what they are given', async () => {
    const lead = makeLead(inbox);

    expect(signupBody(lead)).toEqual({ email: lead.email, first_name: 'Ada', business_name: "Ada's Bakery" });
    expect(assessmentBody(lead)).not.toHaveProperty('email_1_sent_at');
    expect(
      assessmentBody(lead, { email1SentAt: '2025-12-01T10:00:00Z', email1Status: 'sent' }),
    ).toMatchObject({
      email: lead.email,
      red_systems: 2,
      orange_systems: 1,
      email_1_sent_at: '2025-12-01T10:00:00Z',
      email_1_status: 'sent',
    });
  });

  test('what was done is undone newest first, and a failure hides no other', async () => {
    const afterwards = new Afterwards();
    const undone: string[] = [];
    afterwards.undo('first', async () => void undone.push('first'));
    afterwards.undo('second', async () => {
      throw new Error('is gone already');
    });
    afterwards.undo('third', async () => void undone.push('third'));

    const failures = await afterwards.run();

    expect(undone).toEqual(['third', 'first']);
    expect(failures).toEqual(['second: Error: is gone already']);
    expect(await afterwards.run()).toEqual([]);
  });
});
