import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { defectOf } from '../defects.ts';
import { NotionClient } from './notion-client.ts';

const databases = { contacts: 'a', tracker: 'b', templates: 'c', analytics: 'd', projects: 'e' };

/** What reading a contact throws when Notion answers so; without an answer, from a port where nobody listens. */
async function errorWhen(answer?: { status: number; body: string }): Promise<string> {
  const server = createServer((_, response) => {
    response.writeHead(answer?.status ?? 200, { 'content-type': 'application/json', 'retry-after': '0' });
    response.end(answer?.body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  };
  if (!answer) await close();
  const notion = new NotionClient({ url: `http://127.0.0.1:${port}`, token: 't', databases });
  try {
    await notion.contacts({ email: 'a@b.test' }).read();
  } catch (error) {
    const { name, message } = error as Error;
    return `${name}: ${message}`;
  } finally {
    if (answer) await close();
  }
  throw new Error('Nothing was thrown.');
}

const body = (status: number, code: string, message: string) => ({
  status,
  body: JSON.stringify({ object: 'error', status, code, message }),
});

test('an error of the client tells of Notion’s outage: its status, or that there was no answer', async () => {
  const down = await errorWhen(body(503, 'service_unavailable', 'later'));
  const limited = await errorWhen(body(429, 'rate_limited', 'slower'));
  const proxy = await errorWhen({ status: 502, body: '<html>Bad gateway</html>' });
  const gone = await errorWhen();

  assert.match(down, /Notion answered 503 \(service_unavailable\): later/);
  assert.match(limited, /Notion answered 429 \(rate_limited\): slower/);
  assert.match(proxy, /failed with status: 502/);
  assert.match(gone, /Notion: GET \/v1\/databases\/a got no answer/);
  for (const message of [down, limited, proxy, gone]) {
    assert.equal(defectOf({ messages: [message], tags: [] }), 'outage', message);
  }
});

test('what Notion refuses for good stays the client’s own error', async () => {
  const wrong = await errorWhen(body(400, 'validation_error', 'no such property'));

  assert.match(wrong, /APIResponseError: no such property/);
  assert.equal(defectOf({ messages: [wrong], tags: [] }), 'product');
});
