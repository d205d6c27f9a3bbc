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
      task('send', 'SUCCESS', { code: resendId ? 200 : 409, body: resendId ? `{"id":"${resendId}"}` : '{}' }),
    ],
  });
const page = (values: Row['values'], id = 'page'): Row => ({ id, url: '', values });
const row = (values: Row['values'], id = 'row') => page({ 'Sequence Type': '5day', ...values }, id);
const sentRow = { 'Email 2 Status': 'sent', 'Email 2 Sent By': 'kestra', 'Email 2 Resend ID': 'm-1' };
const mail = (id: string, event = 'delivered', deployment = 'christmas'): ResendMail => ({
  id,
  to: ['ada@mail.test'],
  subject: 'Hello',
  at: new Date('2025-12-01T09:00:00Z'),
  event,
  tags: { deployment, sequence_type: '5day', email_number: '2' },
});

/** A lead of whom all three tell the same, but for `differences`. */
const dossier = (differences: Partial<Dossier>): Dossier => ({
  namespace: 'christmas',
  email: 'ada@mail.test',
  handlers: [],
  runs: [sentAs('e1', 'm-1')],
  contacts: [page({}, 'c')],
  rows: [row(sentRow)],
  analytics: [page({ 'Resend Email ID': 'm-1' }, 'a')],
  resend: [mail('m-1')],
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
      contacts: [page({}, 'c'), page({}, 'd')],
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
  [
    'the website’s mail 1',
    { rows: [row({ ...sentRow, 'Email 1 Status': 'sent', 'Email 1 Sent By': 'website' })] },
    [],
  ],
];

describe('disagreements', () => {
  for (const [what, differences, expected] of CASES) {
    test(what, () => assert.deepEqual(disagreements(dossier(differences), names), expected));
  }
});
