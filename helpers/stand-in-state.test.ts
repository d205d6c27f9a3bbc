import assert from 'node:assert/strict';
import { test } from 'node:test';
import { request } from 'undici';
import { startResend } from '../stack/resend/server.ts';
import { offencesAt } from './stand-in-state.ts';

const key = 're_test';
// Resend turns away callers without a user agent, and undici names none.
const headers = {
  authorization: `Bearer ${key}`,
  'content-type': 'application/json',
  'user-agent': 'test',
};

async function atStandIn(look: (url: string) => Promise<void>): Promise<void> {
  const resend = await startResend({
    keys: [{ key, name: 'kestra', permission: 'full_access' }],
    testMailbox: 'somebody@example.com',
  });
  try {
    await look(resend.url);
  } finally {
    await resend.close();
  }
}

async function send(url: string, to: string): Promise<number> {
  const { statusCode } = await request(`${url}/emails`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ from: 'a@example.com', to, subject: 'x', html: 'x', text: 'x' }),
  });
  return statusCode;
}

test('a mail to the test mailbox is no offence', () =>
  atStandIn(async (url) => {
    assert.equal(await send(url, 'somebody+lead@example.com'), 200);

    assert.deepEqual(await offencesAt('Resend', url, 0), []);
  }));

test('a foreign recipient and an unknown route are offences, of this run only', () =>
  atStandIn(async (url) => {
    await send(url, 'a.person@example.org');
    await request(`${url}/no-such-route`, { headers });

    const offences = (await offencesAt('Resend', url, 0)).join('\n');
    assert.match(offences, /a\.person@example\.org/);
    assert.match(offences, /GET \/no-such-route/);
    assert.deepEqual(await offencesAt('Resend', url, Date.now() + 1), []);
  }));
