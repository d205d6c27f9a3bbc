import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type FakeExecution, mailExecution, task } from './fake-execution.ts';
import { mailRunOf, type MailRun } from './mail-run.ts';
import { decide } from './resend-failed.ts';

function run(execution: FakeExecution): MailRun {
  const found = mailRunOf(mailExecution(execution));
  assert.ok(found);
  return found;
}
const failed = run({ id: 'first', state: 'FAILED', tasks: [task('send', 'FAILED')] });
const delivered = [task('send', 'SUCCESS', { code: 200, body: '{"id":"m-1"}' })];

describe('whether a failed mail is replayed', () => {
  test('it is, when nothing else ran for it, or only another failure', () => {
    const again = run({ id: 'second', state: 'FAILED', tasks: [task('send', 'FAILED')] });

    assert.equal(decide(failed, [], undefined).replay, true);
    assert.equal(decide(failed, [failed, again], undefined).replay, true);
  });

  test('one that broke before it was sent is, once its log says that it was not refused', () => {
    const fill = mailExecution({ state: 'FAILED', tasks: [task('fill', 'FAILED')] });
    const verdictOf = (...errors: string[]) => {
      const found = mailRunOf(fill, errors);
      assert.ok(found);
      return decide(found, [], undefined);
    };

    assert.deepEqual(verdictOf('ValueError: Invalid isoformat string'), {
      replay: true,
      why: 'to be replayed; fill broke',
    });
    assert.match(verdictOf('refused: mail 9').why, /^never to be sent: refused by fill/);
    assert.match(verdictOf().why, /^left: its log does not say yet/);
    assert.equal(decide(run({ state: 'FAILED' }), [], undefined).replay, true);
  });

  test('not while a replay runs, nor after one that ended well, be it with a loss', () => {
    for (const [state, tasks] of [
      ['RUNNING', []],
      ['CREATED', []],
      ['SUCCESS', delivered],
      ['WARNING', delivered],
    ] as const) {
      const other = run({ id: 'second', state, tasks: [...tasks] });

      assert.deepEqual(decide(failed, [other], undefined), {
        replay: false,
        why: `already replayed: second is ${state}`,
      });
    }
  });

  test('the replay of another mail says nothing of this one', () => {
    const inputs = { sequence_type: '5day', email_number: 3, lead: { email: 'ada@mail.test' } };
    const other = run({ id: 'second', state: 'SUCCESS', inputs, tasks: delivered });

    assert.equal(decide(failed, [other], undefined).replay, true);
  });

  test('not when the ledger has it, when Resend took it, or when it was refused', () => {
    const unclaimed = run({ state: 'FAILED', tasks: [...delivered, task('keep_claim', 'FAILED')] });
    const refused = run({ state: 'FAILED', tasks: [task('refuse_website_mail', 'FAILED')] });

    assert.match(decide(failed, [], { resend_id: 'm-1' }).why, /the ledger says/);
    assert.match(decide(failed, [], { stopped: '2025-12-01T09:00:00Z' }).why, /^stopped/);
    assert.match(decide(unclaimed, [], undefined).why, /Resend took it/);
    assert.match(decide(refused, [], undefined).why, /never to be sent: refused by refuse_website_mail/);
    for (const one of [unclaimed, refused]) assert.equal(decide(one, [], undefined).replay, false);
  });
});
