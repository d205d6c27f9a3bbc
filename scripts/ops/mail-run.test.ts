import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { mailExecution, task } from './fake-execution.ts';
import { mailRunOf } from './mail-run.ts';

const outcomeOf = (execution: Parameters<typeof mailExecution>[0], errors?: string[]) =>
  mailRunOf(mailExecution(execution), errors)?.outcome;
const taken = { code: 200, body: '{"id":"m-1"}', headers: { date: ['Mon, 01 Dec 2025 09:00:05 GMT'] } };

describe('what an execution made of its mail', () => {
  test('what Resend took is sent, whatever came after', () => {
    const sent = { kind: 'sent', at: new Date('2025-12-01T09:00:05Z'), resendId: 'm-1' };

    assert.deepEqual(outcomeOf({ state: 'SUCCESS', tasks: [task('send', 'SUCCESS', taken)] }), sent);
    assert.deepEqual(outcomeOf({ state: 'WARNING', tasks: [task('send', 'SUCCESS', taken)] }), sent);
    assert.deepEqual(
      outcomeOf({
        state: 'FAILED',
        tasks: [task('send', 'SUCCESS', taken), task('keep_claim', 'FAILED')],
      }),
      sent,
    );
  });

  test('a 409 means taken before, unless the first try is still being worked on', () => {
    const before = { code: 409, body: '{"name":"invalid_idempotent_request"}' };
    const still = { code: 409, body: '{"name":"concurrent_idempotent_requests"}' };

    assert.equal(outcomeOf({ state: 'SUCCESS', tasks: [task('send', 'SUCCESS', before)] })?.kind, 'sent');
    assert.equal(
      outcomeOf({
        state: 'FAILED',
        tasks: [task('send', 'SUCCESS', still), task('until_taken', 'FAILED')],
      })?.kind,
      'not delivered',
    );
  });

  test('a mail that Resend did not take is told from one that was never to be sent', () => {
    const failed = [task('fill', 'SUCCESS'), task('until_taken', 'FAILED'), task('send', 'FAILED')];

    assert.deepEqual(outcomeOf({ state: 'FAILED', tasks: failed }), { kind: 'not delivered' });
    assert.deepEqual(outcomeOf({ state: 'FAILED', tasks: [task('refuse_website_mail', 'FAILED')] }), {
      kind: 'refused',
      task: 'refuse_website_mail',
    });
  });

  test('what was refused is told by the log from what broke before it could be sent', () => {
    const fill = { state: 'FAILED', tasks: [task('fill', 'FAILED')] };
    const end = 'Command failed with exit code 1';

    for (const line of ['refused: email_number: 9 of 5day', 'payload rejected: lead: expected an object']) {
      assert.deepEqual(outcomeOf(fill, [line, end]), { kind: 'refused', task: 'fill' });
    }
    assert.deepEqual(outcomeOf(fill, ['ValueError: refused: soon', end]), {
      kind: 'broke',
      task: 'fill',
      why: end,
    });
    assert.deepEqual(outcomeOf(fill), { kind: 'broke', task: 'fill' });
    assert.deepEqual(outcomeOf({ state: 'FAILED', tasks: [] }), { kind: 'broke', task: 'none' });
  });

  test('a mail whose date is yet to come waits, one whose date has come runs', () => {
    const inAnHour = new Date(Date.now() + 3_600_000).toISOString();

    assert.deepEqual(outcomeOf({ state: 'CREATED', scheduleDate: inAnHour }), { kind: 'waiting' });
    assert.deepEqual(outcomeOf({ state: 'CREATED', scheduleDate: '2025-12-01T09:00:00Z' }), {
      kind: 'running',
    });
    assert.deepEqual(outcomeOf({ state: 'QUEUED' }), { kind: 'running' });
  });

  test('inputs that name no mail make no mail', () => {
    assert.equal(mailRunOf(mailExecution({ state: 'FAILED', inputs: { lead: 'ada' } })), undefined);
  });
});
