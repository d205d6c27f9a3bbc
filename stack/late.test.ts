import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startNotion } from './notion/server.ts';
import { startResend } from './resend/server.ts';

const MAILBOX = 'ada@mail.test';
/** Timers and clocks may differ by a millisecond. */
const LATE_MS = 1_000;

test('Notion takes a call of the flows late', async () => {
  const notion = await startNotion({ tokens: ['flows', 'harness'], lateMs: LATE_MS });
  try {
    const as = (token: string) =>
      fetch(`${notion.url}/v1/users/me`, {
        headers: { authorization: `Bearer ${token}`, 'notion-version': '2025-09-03' },
      });
    assert.equal((await as('harness')).status, 200); // the first call of all takes its time anyway
    const begun = performance.now();

    assert.equal((await as('flows')).status, 200);

    assert.ok(performance.now() - begun >= LATE_MS / 2 - 1);
  } finally {
    await notion.close();
  }
});

test('Resend has sent a mail before it says so', async () => {
  const key = { key: 're_kestra', name: 'kestra', permission: 'full_access' } as const;
  const resend = await startResend({ keys: [key], testMailbox: MAILBOX, lateMs: LATE_MS });
  try {
    const body = JSON.stringify({ from: 'a@funnel.test', to: MAILBOX, subject: 's', text: 't' });
    const headers = { authorization: 'Bearer re_kestra', 'content-type': 'application/json' };

    const answer = await fetch(`${resend.url}/emails`, { method: 'POST', headers, body });

    const answeredAt = Date.now();
    assert.equal(answer.status, 200);
    const mails: unknown = await (await fetch(`${resend.url}/_control/mails`)).json();
    const [{ receivedAt }] = mails as [{ receivedAt: number }];
    assert.ok(answeredAt - receivedAt >= LATE_MS / 2 - 1);
  } finally {
    await resend.close();
  }
});
