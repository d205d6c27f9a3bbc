import { about, expect, test } from '../../fixtures/index.ts';
import { BUDGET, BY_NOW, SETTLED } from '../../helpers/budgets.ts';
import { assessmentBody } from '../../helpers/factories/payloads.ts';
import { endsOf } from '../../helpers/journeys/ends.ts';
import { refused } from './refused.ts';

const purpose =
  'A payload Kestra cannot use is refused with its reasons, before anybody is written down or written to.';
const HOUR = 3_600_000;

test.use({ mode: 'production' });

test.describe(
  'assessment payloads',
  {
    tag: '@webhook',
    annotation: about({ feature: 'Safety', covers: ['2.7'], purpose, severity: 'critical' }),
  },
  () => {
    test.afterEach(async ({ lead, mailbox, notion }) => {
      await expect(notion.contacts(lead), 'nothing written').toSettleAt(0, BY_NOW);
      await expect(notion.trackerRows(lead), 'no tracker row').toSettleAt(0, BY_NOW);
      await expect(mailbox.of(lead), 'nothing sent').toSettleAt(0, SETTLED);
    });

    test('counts that are no whole numbers from 0 to 8 are rejected', async ({ lead, webhooks, kestra }) => {
      const body = assessmentBody(lead, { email1SentAt: new Date().toISOString() });
      const { red_systems: _, ...without } = body;
      const ends = await endsOf({ webhooks, kestra }, 'assessment', {
        'red missing': without,
        'red as text': { ...body, red_systems: '2' },
        'red over 8': { ...body, red_systems: 9 },
        'orange below 0': { ...body, orange_systems: -1 },
        'yellow with a fraction': { ...body, yellow_systems: 1.5 },
        'green true': { ...body, green_systems: true },
        'all at once': { ...body, red_systems: [], orange_systems: {}, assessment_score: 101 },
      });

      expect(ends).toEqual({
        'red missing': refused(/red_systems: .* got nothing/),
        'red as text': refused(/red_systems: expected a whole number from 0 to 8, got text of 1/),
        'red over 8': refused(/red_systems: expected a whole number from 0 to 8/),
        'orange below 0': refused(/orange_systems: expected a whole number from 0 to 8/),
        'yellow with a fraction': refused(/yellow_systems: .* got a decimal number/),
        'green true': refused(/green_systems: .* got true or false/),
        'all at once': refused(
          /assessment_score: expected a whole number from 0 to 100/,
          /orange_systems: .* got an object/,
          /red_systems: .* got a list/,
        ),
      });
    });

    test('a rejected assessment has neither segment nor priority', async ({ lead, webhooks, kestra }) => {
      const body = assessmentBody(lead, { email1SentAt: new Date().toISOString() });
      const { executionId = '' } = await webhooks.send('assessment', { ...body, red_systems: 9 });
      const handler = kestra.handle(executionId);

      await expect(handler).toReachState('FAILED', { within: BUDGET.handlerMs });
      expect((await handler.read()).outputs).toMatchObject({ segment: '', priority: 0 });
    });

    test('a moment or a status of mail 1 that makes no sense is rejected', async ({
      lead,
      webhooks,
      kestra,
    }) => {
      const now = Date.now();
      const at = (ms: number) => assessmentBody(lead, { email1SentAt: new Date(ms).toISOString() });
      const ends = await endsOf({ webhooks, kestra }, 'assessment', {
        'no moment': { ...at(now), email_1_sent_at: 'yesterday' },
        'no offset': { ...at(now), email_1_sent_at: '2026-11-23T10:00:00' },
        'a number': { ...at(now), email_1_sent_at: now },
        'over 24 h ahead': at(now + 25 * HOUR),
        'over 30 days old': at(now - 31 * 24 * HOUR),
        'another status': { ...at(now), email_1_status: 'queued' },
      });

      const unreadable = refused(/email_1_sent_at: expected an ISO 8601 moment with offset or Z/);
      const tooFar = refused(
        /email_1_sent_at: expected a moment at most 30 days ago and at most 24 hours ahead/,
      );
      expect(ends).toEqual({
        'no moment': unreadable,
        'no offset': unreadable,
        'a number': unreadable,
        'over 24 h ahead': tooFar,
        'over 30 days old': tooFar,
        'another status': refused(/email_1_status: expected the text "sent" or "failed"/),
      });
    });

    test('a name that is no text is rejected', async ({ lead, webhooks, kestra }) => {
      const body = assessmentBody(lead, { email1SentAt: new Date().toISOString() });
      const ends = await endsOf({ webhooks, kestra }, 'assessment', {
        'a list': { ...body, first_name: ['Ada'] },
        'an object': { ...body, business_name: { name: 'Bakery' } },
      });

      expect(ends).toEqual({
        'a list': refused(/first_name: expected text, got a list of 1/),
        'an object': refused(/business_name: expected text, got an object of 1/),
      });
    });
  },
);
