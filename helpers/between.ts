import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { request } from 'undici';

export interface Between {
  url: string;
  /** How often it was called. */
  readonly calls: number;
  close(): Promise<void>;
}

export interface Interference {
  /**
   * Answers the first calls with this status, and does not pass them on; only those of paths that begin with `under`, and none
   * before the first of the method `from`.
   */
  refuse?: { status: number; times: number; under?: string; from?: string };
  /** Changes the pages that come back; a page's own policy, which might forbid the change, is left out. */
  rewrite?: (page: string) => string;
}

/** Stands before a server and interferes; everything else is passed on and back. */
export async function standBetween(before: string, interference: Interference): Promise<Between> {
  let calls = 0;
  const { refuse } = interference;
  let begun = refuse?.from === undefined;
  const server = createServer((incoming, outgoing) => {
    calls += 1;
    begun ||= incoming.method === refuse?.from;
    const concerned = begun && incoming.url?.startsWith(refuse?.under ?? '/') === true;
    if (refuse && concerned && calls <= refuse.times) outgoing.writeHead(refuse.status).end();
    else void passOn(before, incoming, outgoing, interference);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('There is no port between.');
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

/** Content, credentials and the service's own version: what is of one connection alone is left out. */
function passedOn(headers: IncomingHttpHeaders): Record<string, string> {
  const { authorization, 'content-type': contentType = 'text/plain', 'notion-version': version } = headers;
  return {
    'content-type': contentType,
    ...(authorization === undefined ? {} : { authorization }),
    ...(version === undefined ? {} : { 'notion-version': String(version) }),
  };
}

async function passOn(
  before: string,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { rewrite }: Interference,
): Promise<void> {
  const path = incoming.url === '/' ? '' : incoming.url;
  const { statusCode, headers, body } = await request(`${before}${path}`, {
    method: incoming.method === 'POST' ? 'POST' : 'GET',
    headers: passedOn(incoming.headers),
    ...(incoming.method === 'POST' ? { body: incoming } : {}),
  });
  const contentType = String(headers['content-type']);
  const text = await body.text();
  const changed = rewrite && contentType.startsWith('text/html') ? rewrite(text) : text;
  outgoing.writeHead(statusCode, { 'content-type': contentType }).end(changed);
}
