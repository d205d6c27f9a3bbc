import { about, expect, test } from '../../fixtures/index.ts';
import { mailFacts } from '../../helpers/clients/notion-rows.ts';
import { collectionOf, trackerRow } from './fakes.ts';
import { failureOf } from './failure-of.ts';

const purpose = 'The tracker is what the team looks at; a wrong fact in it must not pass.';
const row = trackerRow({
  'Email 1 Status': 'sent',
  'Email 1 Sent By': 'website',
  'Email 1 Sent': '2025-12-01T10:00:00.000+00:00',
  'Email 2 Status': 'scheduled',
  'Email 2 Sent By': 'kestra',
  'Email 2 Sent': null,
  'Email 2 Resend ID': '',
});
const rows = collectionOf('tracker rows', [row]);
const within = 150;

test.describe(
  'toHaveTrackerFacts',
  { tag: '@harness', annotation: about({ feature: 'Harness', purpose }) },
  () => {
    test('five facts are read of each mail', async () => {
      expect(mailFacts(row).slice(0, 2)).toEqual([
        {
          email_number: 1,
          status: 'sent',
          sent_by: 'website',
          sent_at: '2025-12-01T10:00:00.000+00:00',
          resend_id: null,
        },
        { email_number: 2, status: 'scheduled', sent_by: 'kestra', sent_at: null, resend_id: null },
      ]);
    });

    test('it passes once the named facts are there, moments to the minute', async () => {
      const filled = collectionOf('tracker rows', [], [row]);

      await expect(filled).toHaveTrackerFacts(
        [
          { email_number: 1, status: 'sent', sent_by: 'website', sent_at: '2025-12-01T10:00:48Z' },
          { email_number: 2, status: 'scheduled', resend_id: null, sent_at: null },
        ],
        { within: 60_000 },
      );
      await expect(rows).toHaveTrackerFacts(
        [
          {
            email_number: 1,
            sent_at: { from: new Date('2025-12-01T10:00:30Z'), to: new Date('2025-12-01T10:05:00Z') },
          },
        ],
        { within },
      );
    });

    test('it fails with each fact that differs, and shows the row', async () => {
      const message = await failureOf(() =>
        expect(rows, 'the row is complete').toHaveTrackerFacts(
          [
            { email_number: 1, sent_at: '2025-12-01T10:01:00Z' },
            { email_number: 2, status: 'sent', resend_id: 'mail-2' },
          ],
          { within },
        ),
      );

      expect(message).toContain('the row is complete');
      expect(message).toContain(
        '#1 sent_at: expected 2025-12-01T10:01:00Z, received 2025-12-01T10:00:00.000+00:00',
      );
      expect(message).toContain('#2 status: expected sent, received scheduled');
      expect(message).toContain('#2 resend_id: expected mail-2, received none');
    });

    test('it fails without a row and with two', async () => {
      const expected = [{ email_number: 1, status: 'sent' }];
      const none = collectionOf('tracker rows', []);
      const two = collectionOf('tracker rows', [row, row]);

      expect(await failureOf(() => expect(none).toHaveTrackerFacts(expected, { within }))).toContain(
        'found 0',
      );
      expect(await failureOf(() => expect(two).toHaveTrackerFacts(expected, { within }))).toContain(
        'found 2',
      );
    });

    test('it has no negation', async () => {
      expect(await failureOf(() => expect(rows).not.toHaveTrackerFacts([], { within }))).toContain(
        'no negation',
      );
    });
  },
);
