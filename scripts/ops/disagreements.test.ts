import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { disagreements } from './disagreements.ts';
import type { Dossier } from './dossier.ts';
import { type FakeExecution, mailExecution, task } from './fake-execution.ts';
import { mailRunOf } from './mail-run.ts';
import type { Row } from './notion-book.ts';
import { propertyNames } from './property-names.ts';
import type { ResendMail } from './resend-reader.ts';

const names = propertyNames();
const later = new Date(Date.now() + 86_400_000).toISOString();
const run = (execution: FakeExecution) => mailRunOf(mailExecution(execution)) ?? assert.fail('no mail');
const sentAs = (id: string, resendId?: string) =>
  run({
    id,
    state: 'SUCCESS',
    tasks: [
      task('send', 'SUCCESS', {
        code: resendId ? 200 : 409,
        body: resendId ? `{"id":"${resendId}"}` : '{}',
        headers: { date: ['Mon, 01 Dec 2025 09:00:05 GMT'] },
      }),
    ],
  });
const page = (values: Row['values'], id = 'page'): Row => ({ id, url: '', createdAt: new Date(0), values });
const row = (values: Row['values'], id = 'row') => page({ 'Sequence Type': '5day', ...values }, id);
const sentRow = { 'Email 2 Status': 'sent', 'Email 2 Sent By': 'kestra', 'Email 2 Resend ID': 'm-1' };
const mail = (id: string, event = 'delivered', deployment = 'christmas'): ResendMail => ({
  id,
  to: ['ada@mail.test'],
  from: 'campaign@mail.test',
  subject: 'Hello',
  html: null,
  text: null,
  at: new Date('2025-12-01T09:00:00Z'),
  event,
  tags: { deployment, sequence_type: '5day', email_number: '2' },
});

const mail1 = (id: string, event?: string): ResendMail => ({
  ...mail(id, event),
  tags: { sequence_type: '5day', email_number: '1' },
});
const mail1Row = (values: Row['values']) =>
  row({
    ...sentRow,
    'Email 1 Status': 'sent',
    'Email 1 Sent By': 'website',
    'Email 1 Sent': '2025-12-01T09:03:00.000+00:00',
    ...values,
  });

/** A lead of whom all three tell the same, but for `differences`. */
const dossier = (differences: Partial<Dossier>): Dossier => ({
  namespace: 'christmas',
  email: 'ada@mail.test',
  handlers: [],
  runs: [sentAs('e1', 'm-1')],
  contacts: [page({ 'Last Email Sent': '2025-12-01T09:00:00.000+00:00' }, 'c')],
  rows: [row(sentRow)],
  analytics: [page({ 'Resend Email ID': 'm-1' }, 'a')],
  resend: [mail('m-1')],
  since: new Date('2025-11-30T09:00:00Z'),
  ...differences,
});

const CASES: Array<[string, Partial<Dossier>, string[]]> = [
  ['all agree', {}, []],
  ['Resend was not asked', { resend: 'no key' }, []],
  [
    'another deployment sent it too',
    { resend: [mail('m-1'), mail('m-2', 'delivered', 'christmas-testing')] },
    [],
  ],
  [
    'one is under way',
    {
      runs: [run({ state: 'RUNNING' })],
      rows: [row({ 'Email 2 Status': 'scheduled' })],
      resend: [],
      analytics: [],
    },
    [],
  ],
  [
    'Resend lost it',
    { resend: [], rows: [row({ 'Email 2 Status': 'sent' })] },
    ['5day #2: e1 sent it as m-1, and Resend has no such mail'],
  ],
  ['it bounced', { resend: [mail('m-1', 'bounced')] }, ['5day #2: Resend took it as m-1, and then: bounced']],
  [
    'two went out',
    { runs: [sentAs('e1', 'm-1'), sentAs('e2', 'm-2')], resend: [mail('m-1'), mail('m-2')] },
    ['5day #2: 2 executions sent it: e1, e2', '5day #2: Resend has it 2 times: m-1, m-2'],
  ],
  [
    'an execution waits for what went out',
    { runs: [sentAs('e1', 'm-1'), run({ id: 'e2', state: 'CREATED', scheduleDate: later })] },
    ['5day #2: it went out by e1, and e2 waits to send it'],
  ],
  ['a taken mail without an id is no stray', { runs: [sentAs('e1')] }, []],
  [
    'it failed unseen',
    {
      runs: [run({ id: 'e1', state: 'FAILED', tasks: [task('send', 'FAILED')] })],
      rows: [row({ 'Email 2 Status': 'paused' })],
      resend: [],
      analytics: [],
    },
    ['5day #2: e1 failed, and the row says paused'],
  ],
  ['analytics missed it', { analytics: [] }, ['5day #2: e1 sent it as m-1, and analytics does not have it']],
  [
    'two contacts',
    {
      contacts: [page({ 'Last Email Sent': '2025-12-01T09:00:00.000+00:00' }, 'c'), page({}, 'd')],
    },
    ['2 contacts have this address'],
  ],
  ['two rows', { rows: [row(sentRow), row(sentRow, 'other')] }, ['2 tracker rows are of 5day']],
  ['no row', { rows: [] }, ['no tracker row is of 5day, although Kestra has mails of it']],
  [
    'no contact',
    { contacts: [], handlers: [mailExecution({ state: 'SUCCESS', flowId: 'signup-handler' })] },
    ['no contact has this address, although a webhook named it'],
  ],
  [
    'Kestra claims mail 1',
    { rows: [row({ ...sentRow, 'Email 1 Status': 'sent', 'Email 1 Sent By': 'kestra' })] },
    ['5day #1: the row says Kestra sent it, and it is the website’s'],
  ],
  ['the website’s mail 1', { rows: [mail1Row({})], resend: [mail('m-1'), mail1('w-1')] }, []],
  [
    'a mail 1 that Resend does not have',
    { rows: [mail1Row({})] },
    ['5day #1: the row says sent, and Resend has no such mail since 2025-11-30 09:00:00Z'],
  ],
  [
    'a mail 1 from before Resend was looked at',
    { rows: [mail1Row({ 'Email 1 Sent': '2025-11-28T09:00:00Z' })] },
    [],
  ],
  [
    'a mail 1 that the website sent without tags',
    { rows: [mail1Row({})], resend: [mail('m-1'), { ...mail1('w-1'), tags: {} }] },
    [],
  ],
  [
    'a mail 1 that failed, the row says, and that arrived',
    { rows: [mail1Row({ 'Email 1 Status': 'failed' })], resend: [mail('m-1'), mail1('w-1')] },
    ['5day #1: the row says failed, and Resend has it as w-1'],
  ],
  [
    'a mail 1 that failed, and did not arrive',
    { rows: [mail1Row({ 'Email 1 Status': 'failed' })], resend: [mail('m-1'), mail1('w-1', 'bounced')] },
    ['5day #1: Resend took it as w-1, and then: bounced'],
  ],
  [
    'a contact that knows of no mail',
    { contacts: [page({}, 'c')] },
    ['the contact’s Last Email Sent says nothing, and e1 sent a mail at 2025-12-01 09:00:05Z'],
  ],
  [
    'a contact that knows of an earlier mail only',
    { contacts: [page({ 'Last Email Sent': '2025-12-01T08:59:00.000+00:00' }, 'c')] },
    ['the contact’s Last Email Sent says 2025-12-01 08:59:00Z, and e1 sent a mail at 2025-12-01 09:00:05Z'],
  ],
];

describe('disagreements', () => {
  for (const [what, differences, expected] of CASES) {
    test(what, () => assert.deepEqual(disagreements(dossier(differences), names), expected));
  }
});
