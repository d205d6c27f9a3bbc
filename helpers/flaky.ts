import { once } from 'node:events';
import { createServer } from 'node:http';
import { request } from 'undici';

export interface Flaky {
  url: string;
  /** How often it was called. */
  readonly calls: number;
  close(): Promise<void>;
}

/** An address that refuses the first calls with a status, and passes the later ones on to `before`. */
export async function startFlaky(
  before: string,
  { status, times }: { status: number; times: number },
): Promise<Flaky> {
  let calls = 0;
  const server = createServer((incoming, outgoing) => {
    calls += 1;
    if (calls <= times) {
      outgoing.writeHead(status).end();
      return;
    }
    void request(before, {
      method: 'POST',
      headers: { 'content-type': String(incoming.headers['content-type']) },
      body: incoming,
    }).then(async ({ statusCode, body }) => outgoing.writeHead(statusCode).end(await body.text()));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The flaky address has no port.');
  return {
    url: `http://127.0.0.1:${address.port}`,
    get calls() {
      return calls;
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
