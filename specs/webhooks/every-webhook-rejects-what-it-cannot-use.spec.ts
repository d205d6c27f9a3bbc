import { about, covers, expect, mails, test, testCase } from '../../fixtures/index.ts';
import { BY_NOW, SETTLED } from '../../helpers/budgets.ts';
import { honestBodies, secondaryBody } from '../../helpers/factories/payloads.ts';
import { unusablePayloads } from '../../helpers/factories/unusable-payloads.ts';
import { endsOf } from '../../helpers/journeys/ends.ts';
import { refused } from './refused.ts';

const purpose =
  'A payload Kestra cannot use is refused with its reasons, before anybody is written down or written to.';

const WEBHOOKS = ['signup', 'assessment', 'noshow', 'postcall', 'onboarding'] as const;

test.use({ mode: 'production' });

test.describe(
  'payloads nobody can use',
  {
    tag: '@webhook',
    annotation: about({ feature: 'Safety', covers: ['2.7'], purpose, severity: 'critical' }),
  },
  () => {
    test.afterEach(async ({ lead, mailbox, notion }) => {
      await expect(notion.contacts(lead), 'nothing written').toSettleAt(0, BY_NOW);
      await expect(notion.trackerRows(lead), 'no tracker row').toSettleAt(0, BY_NOW);
      await expect(notion.projects(lead), 'no project').toSettleAt(0, BY_NOW);
      await expect(mailbox.of(lead), 'nothing sent').toSettleAt(0, SETTLED);
    });

    test(
      'each of the five webhooks refuses a body without an address, and says so',
      { tag: '@night', annotation: [testCase('TC-4.11.14'), mails(0)] },
      async ({ lead, webhooks, kestra }) => {
        const bodies = honestBodies(lead);
        const ends = await Promise.all(
          WEBHOOKS.map(async (webhook) => {
            const { email: _, ...nobody } = bodies[webhook];
            return [webhook, (await endsOf({ webhooks, kestra }, webhook, { nobody })).nobody] as const;
          }),
        );

        const reason = refused(/email: expected an e-mail address, got nothing; send one such as/);
        expect(Object.fromEntries(ends)).toEqual({
          signup: reason,
          assessment: reason,
          noshow: reason,
          postcall: reason,
          onboarding: reason,
        });
      },
    );

    test('each of the five webhooks refuses what is no object, has no address or is of a wrong kind', async ({
      lead,
      webhooks,
      kestra,
    }) => {
      const honest = honestBodies(lead);
      const tables = WEBHOOKS.map(
        (webhook) => [webhook, unusablePayloads(webhook, honest[webhook])] as const,
      );
      const ends = await Promise.all(
        tables.map(async ([webhook, table]) => {
          const bodies = Object.entries(table).map(([what, { body }]) => [what, body]);
          return [webhook, await endsOf({ webhooks, kestra }, webhook, Object.fromEntries(bodies))] as const;
        }),
      );

      expect(Object.fromEntries(ends)).toEqual(
        Object.fromEntries(
          tables.map(([webhook, table]) => [
            webhook,
            Object.fromEntries(
              Object.entries(table).map(([what, { reasons }]) => [
                what,
                refused(...reasons.map((reason) => new RegExp(`^payload rejected: ${reason}`))),
              ]),
            ),
          ]),
        ),
      );
    });

    test(
      'a missed call with a time nobody can read is refused',
      { annotation: covers('3.2') },
      async ({ lead, webhooks, kestra }) => {
        const body = secondaryBody('noshow', lead);
        const ends = await endsOf({ webhooks, kestra }, 'noshow', {
          'no moment': { ...body, scheduled_time: 'tomorrow at two' },
          'no offset': { ...body, scheduled_time: '2025-12-10T14:00:00' },
          'an event that is no text': { ...body, calendly_event_id: { id: 'evt_123' } },
        });

        const unreadable = refused(/scheduled_time: expected an ISO 8601 moment with offset or Z, or a day/);
        expect(ends).toEqual({
          'no moment': unreadable,
          'no offset': unreadable,
          'an event that is no text': refused(/calendly_event_id: expected text, got an object of 1/),
        });
      },
    );

    test(
      'a call with notes or a priority of the wrong kind is refused',
      { annotation: covers('3.3') },
      async ({ lead, webhooks, kestra }) => {
        const body = secondaryBody('postcall', lead);
        const ends = await endsOf({ webhooks, kestra }, 'postcall', {
          'objections as numbers': { ...body, objections: [1, 2] },
          'another priority': { ...body, follow_up_priority: 'urgent' },
          'both, and a date': { ...body, call_date: 0, call_notes: [], follow_up_priority: 3 },
        });

        expect(ends).toEqual({
          'objections as numbers': refused(/objections: expected a list of texts, got a list of 2/),
          'another priority': refused(/follow_up_priority: expected High, Medium or Low, got text of 6/),
          'both, and a date': refused(
            /call_date: expected an ISO 8601 moment/,
            /call_notes: expected text, got a list of 0/,
            /follow_up_priority: expected text, got a whole number/,
          ),
        });
      },
    );

    test(
      'a payment whose status or amount is of the wrong kind is refused',
      { annotation: covers('3.4') },
      async ({ lead, webhooks, kestra }) => {
        const body = secondaryBody('onboarding', lead);
        const ends = await endsOf({ webhooks, kestra }, 'onboarding', {
          'a status that is true': { ...body, payment_status: true },
          'a confirmation as text': { ...body, payment_confirmed: 'true' },
          'an amount as text': { ...body, payment_amount: '4500' },
          'an amount below 0': { ...body, payment_amount: -1 },
        });

        expect(ends).toEqual({
          'a status that is true': refused(/payment_status: expected text, got true or false/),
          'a confirmation as text': refused(/payment_confirmed: expected true or false, got text of 4/),
          'an amount as text': refused(/payment_amount: expected a number from 0 to \d+, got text of 4/),
          'an amount below 0': refused(/payment_amount: expected a number from 0 to \d+, got a whole number/),
        });
      },
    );
  },
);
