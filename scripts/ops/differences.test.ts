import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { differencesOf } from './differences.ts';
import type { Dossier } from './dossier.ts';
import { mailExecution, task } from './fake-execution.ts';
import { mailRunOf } from './mail-run.ts';
import type { Row } from './notion-book.ts';
import { propertyNames } from './property-names.ts';

const names = propertyNames();
const select = (name: string) => ({ select: { name } });
const taken = { code: 200, body: '{"id":"m-1"}', headers: { date: ['Mon, 01 Dec 2025 09:00:05 GMT'] } };
const parent = { type: 'data_source_id', data_source_id: 's' };
const SENT = {
  'Email 2 Status': select('sent'),
  'Email 2 Sent': { date: { start: '@sent_at@' } },
  'Email 2 Resend ID': { rich_text: [{ text: { content: '@resend_id@' } }] },
  'Last Email Sent': { number: 2 },
};

/** The task that told Notion, and what Notion answered. */
const writeOf = (page: string, state: string, taskId = `write_${page}`) => [
  task(taskId, state, state === 'SUCCESS' ? { body: `{"id":"${page}"}` } : {}),
];
/** An answer got lost: Notion was asked whether it has the page, and, where it has none, told once more. */
const askedFirst = (page: string, found: number, again?: 'SUCCESS' | 'WARNING') => [
  task(`write_${page}`, 'SUCCESS', { body: JSON.stringify({ results: Array(found).fill({ id: page }) }) }),
  ...(again ? writeOf(page, again, `write_${page}_again`) : []),
];

/** A mail that went out, whose row Notion may or may not have taken. */
const sentMail = (
  write: 'SUCCESS' | 'WARNING' | ReturnType<typeof task>[],
  answer: object = taken,
  prepared: object = { properties: SENT },
) => {
  const vars = { action: 'send', row: { method: 'PATCH', path: 'v1/pages/row', body: prepared } };
  const tasks = [
    task('fill', 'SUCCESS', { vars }),
    task('send', 'SUCCESS', { ...answer }),
    ...(typeof write === 'string' ? writeOf('row', write) : write),
  ];
  return mailRunOf(mailExecution({ state: 'WARNING', tasks })) ?? assert.fail('no mail');
};
const row = (values: Row['values']): Row => ({
  id: 'row',
  url: '',
  createdAt: new Date(0),
  values: {
    'Sequence Type': '5day',
    'Email 2 Status': 'scheduled',
    'Email 2 Sent': null,
    'Email 2 Resend ID': '',
    'Last Email Sent': null,
    ...values,
  },
});
const written = (dossier: Partial<Dossier>) =>
  differencesOf(
    {
      namespace: 'christmas',
      email: 'ada@mail.test',
      handlers: [],
      runs: [],
      contacts: [],
      rows: [],
      analytics: [],
      resend: '',
      since: new Date(0),
      ...dossier,
    },
    names,
  ).map(({ pageId, changes }) => [
    pageId ?? 'new',
    ...changes.map(({ property, to }) => `${property}=${to}`),
  ]);

const ALL = [
  'row',
  'Email 2 Status=sent',
  'Email 2 Sent=2025-12-01T09:00:05Z',
  'Email 2 Resend ID=m-1',
  'Last Email Sent=2',
];

describe('what Notion missed', () => {
  test('a sent mail raises whatever the flows wrote before, however the first write ended', () => {
    for (const before of ['scheduled', 'failed', 'skipped', null]) {
      assert.deepEqual(written({ runs: [sentMail('WARNING')], rows: [row({ 'Email 2 Status': before })] }), [
        ALL,
      ]);
    }
    assert.deepEqual(written({ runs: [sentMail('SUCCESS')], rows: [row({})] }), [ALL]);
  });

  test('of a row that says all of it nothing is written, though it keeps no seconds and a later mail’s number', () => {
    const values = {
      'Email 2 Status': 'sent',
      'Email 2 Sent': '2025-12-01T09:00:00.000+00:00',
      'Email 2 Resend ID': 'm-1',
      'Last Email Sent': 4,
    };

    assert.deepEqual(written({ runs: [sentMail('WARNING')], rows: [row(values)] }), []);
  });

  test('a person’s own word stands, with all facts of that mail', () => {
    const [changes] = written({ runs: [sentMail('WARNING')], rows: [row({ 'Email 2 Status': 'paused' })] });

    assert.deepEqual(changes, ['row', 'Last Email Sent=2']);
  });

  test('without Resend’s id the rest is told', () => {
    const runs = [sentMail('WARNING', { code: 409, body: '{}' })];

    assert.deepEqual(
      written({ runs, rows: [row({})] })[0]?.filter((one) => one.includes('Resend')),
      [],
    );
  });

  test('a property that the live table lacks is left out', () => {
    const { 'Last Email Sent': _, ...values } = row({}).values;

    assert.deepEqual(written({ runs: [sentMail('WARNING')], rows: [{ ...row({}), values }] }), [
      ALL.slice(0, -1),
    ]);
  });

  test('a row is made where Notion never had one, and not where somebody took it away', () => {
    const prepared = { parent, properties: SENT };

    assert.equal(written({ runs: [sentMail('WARNING', taken, prepared)] })[0]?.[0], 'new');
    assert.deepEqual(written({ runs: [sentMail('SUCCESS', taken, prepared)] }), []);
    assert.deepEqual(written({ runs: [sentMail('WARNING')] }), []);
  });

  test('a row that a look-up found is compared in full, and is not made again once it is gone', () => {
    const found = sentMail(askedFirst('row', 1), taken, {
      parent,
      properties: { ...SENT, Note: select('x') },
    });
    const lost = sentMail(askedFirst('row', 0, 'WARNING'), taken, { parent, properties: SENT });
    const made = sentMail(askedFirst('row', 0, 'SUCCESS'), taken, { parent, properties: SENT });

    assert.deepEqual(written({ runs: [found], rows: [row({ Note: null })] }), [[...ALL, 'Note=x']]);
    assert.deepEqual(written({ runs: [found] }), []);
    assert.equal(written({ runs: [lost] })[0]?.[0], 'new');
    assert.deepEqual(written({ runs: [made] }), []);
  });

  test('a contact’s status rises and never falls, and a filled field stays', () => {
    const vars = {
      request: {
        body: {
          parent,
          properties: { 'Christmas Campaign Status': select('Nurture Sequence'), Segment: select('URGENT') },
        },
      },
    };
    const signup = (state: string) =>
      mailExecution({
        flowId: 'signup-handler',
        state: 'WARNING',
        tasks: [task('plan_contact', 'SUCCESS', { vars }), ...writeOf('contact', state)],
      });
    const contact = (status: string | null, segment: string | null): Row => ({
      id: 'contact',
      url: '',
      createdAt: new Date(0),
      values: { 'Christmas Campaign Status': status, Segment: segment },
    });
    const of = (state: string, one: Row) => written({ handlers: [signup(state)], contacts: [one] });

    assert.deepEqual(of('WARNING', contact('Signed Up', null)), [
      ['contact', 'Christmas Campaign Status=Nurture Sequence', 'Segment=URGENT'],
    ]);
    for (const status of ['Nurture Sequence', 'Unsubscribed', 'a word of her own']) {
      assert.deepEqual(of('WARNING', contact(status, 'CRITICAL')), []);
    }
    assert.deepEqual(of('SUCCESS', contact(null, null)), []);
  });
});
