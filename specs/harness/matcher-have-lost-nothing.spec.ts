import { about, expect, test } from '../../fixtures/index.ts';
import { accountOf, type Owed } from '../../helpers/account.ts';
import type { Execution } from '../../helpers/clients/execution.ts';
import type { Mail } from '../../helpers/clients/mail-client.ts';
import type { Row } from '../../helpers/clients/notion-rows.ts';
import type { Collection } from '../../helpers/collection.ts';
import type { Lead } from '../../helpers/factories/lead.ts';
import { collectionOf, execution, mail, trackerRow } from './fakes.ts';
import { failureOf } from './failure-of.ts';

const purpose =
  '"Nothing was lost" must not be said of a lead whose mail, row or page is missing or there twice.';
const soon = { within: 300, quietFor: 150 };
/** For what passes, and for what comes to light at a later look: as long as a busy machine needs. */
const patient = { within: 60_000, quietFor: 1_000 };
const DUE = '2025-12-01T10:00:00Z';

interface Seen {
  mails?: Mail[][];
  executions?: Execution[][];
  rows?: Row[];
  analytics?: Row[];
  contacts?: Row[];
}

const tagged = (id: string, receivedAt = '2025-12-01T10:00:01Z') =>
  mail(2, receivedAt, {
    id,
    tags: [
      { name: 'sequence_type', value: '5day' },
      { name: 'email_number', value: '2' },
    ],
  });
const RIGHT = {
  mails: [[tagged('m2')]],
  executions: [
    [
      execution({ id: 'e2', number: 2, scheduled: DUE }),
      execution({ id: 'e3', number: 3, state: 'CREATED', scheduled: '2125-12-01T10:00:00Z' }),
    ],
  ],
  rows: [
    trackerRow({
      'Email 2 Status': 'sent',
      'Email 2 Sent By': 'kestra',
      'Email 2 Resend ID': 'm2',
      'Email 3 Status': 'scheduled',
    }),
  ],
  analytics: [trackerRow({ 'Resend Email ID': 'm2' })],
  contacts: [trackerRow({})],
} satisfies Seen;

/** A lead of whom mail 2 is owed and mail 3 waits, and what the witnesses say of it. */
function account(lead: Lead, changed: Seen = {}, owed: Partial<Owed> = {}) {
  const { mails, executions, rows, analytics, contacts } = { ...RIGHT, ...changed };
  const shown = <T>(what: string, ...stages: T[][]): (() => Collection<T>) => {
    const collection = collectionOf(what, ...stages);
    return () => collection;
  };
  return accountOf(
    {
      mailbox: { of: shown('mails', ...mails) },
      notion: {
        contacts: shown('contacts', contacts),
        trackerRows: shown('rows', rows),
        analytics: shown('analytics', analytics),
      },
    },
    {
      lead,
      sequence: '5day',
      executions: shown('executions', ...executions)(),
      sent: [2],
      waiting: [3],
      ...owed,
    },
  );
}

test.describe(
  'toHaveLostNothing',
  { tag: '@harness', annotation: about({ feature: 'Harness', purpose }) },
  () => {
    test('it passes when all is there, also when it comes late', async ({ lead }) => {
      await expect(account(lead)).toHaveLostNothing(patient);
      await expect(account(lead, { mails: [[], [tagged('m2')]] })).toHaveLostNothing(patient);
    });

    test('it names each thing that is missing', async ({ lead }) => {
      const lossesOf = (changed: Seen) =>
        failureOf(() => expect(account(lead, changed), 'the books').toHaveLostNothing(soon));
      const [due] = RIGHT.executions;

      expect(await lossesOf({ mails: [[]] })).toMatch(/the books[\s\S]*5day #2: lost, CREATED → SUCCESS/);
      expect(await lossesOf({ rows: [] })).toContain('0 tracker rows, expected one');
      expect(await lossesOf({ rows: [trackerRow({})] })).toMatch(
        /#2: the row says none, none, none, expected sent, kestra, m2[\s\S]*#3: the row says none, expected scheduled/,
      );
      expect(await lossesOf({ analytics: [] })).toContain('#2: 0 pages in analytics');
      expect(await lossesOf({ contacts: [] })).toContain('0 contacts, expected one');
      expect(await lossesOf({ executions: [due?.slice(0, 1) ?? []] })).toContain(
        '#3: one execution that waits was expected: no execution',
      );
    });

    test('it names what is there twice, or was not owed, and does not wait where that stays so', async ({
      lead,
    }) => {
      const begun = Date.now();
      const twice = [tagged('m2'), tagged('again')];
      const lossesOf = (changed: Seen, owed: Partial<Owed> = {}) =>
        failureOf(() => expect(account(lead, changed, owed)).toHaveLostNothing(patient));

      expect(await lossesOf({ mails: [twice] })).toContain('#2: came 2 times: m2, again');
      expect(await lossesOf({ mails: [[tagged('m2')], twice] }), 'later').toContain('#2: came 2 times');
      expect(await lossesOf({}, { sent: [], waiting: [] })).toContain('#2: came and was not owed (m2)');
      expect(await lossesOf({ rows: [...RIGHT.rows, ...RIGHT.rows] })).toContain('2 tracker rows');
      expect(await lossesOf({ analytics: [...RIGHT.analytics, ...RIGHT.analytics] })).toContain('2 pages');
      expect(await lossesOf({ contacts: [...RIGHT.contacts, ...RIGHT.contacts] })).toContain('2 contacts');
      expect(Date.now() - begun, 'at once').toBeLessThan(30_000);
    });

    test('it fails for a mail before its date by Kestra’s clock', async ({ lead }) => {
      const mails = [[tagged('m2', '2025-12-01T09:59:59Z')]];
      const message = await failureOf(() => expect(account(lead, { mails })).toHaveLostNothing(soon));

      expect(message).toContain('#2: came 1000 ms before its date');
      await expect(account(lead, { mails }, { kestraAheadMs: 1_000 })).toHaveLostNothing(patient);
    });

    test('it fails for a mail whose execution is not over, and has no negation', async ({ lead }) => {
      const executions = [
        [execution({ state: 'RUNNING', scheduled: DUE }), ...(RIGHT.executions[0]?.slice(1) ?? [])],
      ];

      expect(await failureOf(() => expect(account(lead, { executions })).toHaveLostNothing(soon))).toContain(
        '#2: not over yet',
      );
      expect(await failureOf(() => expect(account(lead)).not.toHaveLostNothing(soon))).toContain(
        'toHaveLostNothing has no negation',
      );
    });
  },
);
