import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer as createPlainServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { dirname } from 'node:path';
import { generate } from 'selfsigned';

/** What is wrong with an edge; nothing unless said. */
export interface EdgeFaults {
  redirects?: 'nowhere' | 'for-now' | 'elsewhere';
  daysLeft?: number;
  lacksHeader?: string;
  /** What strangers get of the API. */
  api?: 200;
  /** What strangers get of the UI. */
  ui?: string;
  webhook?: 'asks-for-a-login' | 'takes-any-key' | 'unknown-to-the-proxy';
  limit?: 'none';
}

interface RunningEdge {
  /** For a run that looks at it, whose Node trusts its certificate. */
  variables: Record<string, string>;
  close(): Promise<void>;
}

const HEADERS = {
  'strict-transport-security': 'max-age=31536000',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'SAMEORIGIN',
  'referrer-policy': 'same-origin',
};
const DAY_MS = 24 * 3_600_000;
/** By calls and not by the clock, which a slow machine's burst would not beat: so many are let in, then so many refused. */
const LET_IN = 50;
const REFUSED = 20;

/** What `use` makes of a small Traefik with these faults, Kestra behind it. It gets the variables of a run that looks at it. */
export async function onEdge<T>(
  certificateFile: string,
  faults: EdgeFaults,
  use: (variables: Record<string, string>) => Promise<T>,
): Promise<T> {
  const edge = await startEdge(certificateFile, faults);
  try {
    return await use(edge.variables);
  } finally {
    await edge.close();
  }
}

async function startEdge(certificateFile: string, faults: EdgeFaults = {}): Promise<RunningEdge> {
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'edge' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notAfterDate: new Date(Date.now() + (faults.daysLeft ?? 60) * DAY_MS),
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] },
    ],
  });
  mkdirSync(dirname(certificateFile), { recursive: true });
  writeFileSync(certificateFile, cert);

  const secure = createServer({ cert, key }, answering(faults));
  const url = `https://localhost:${await port(secure)}`;
  const plain = createPlainServer((request, response) => redirect(url, faults, request, response));
  return {
    variables: {
      EDGE_URL: url,
      EDGE_HTTP_URL: `http://localhost:${await port(plain)}`,
      NODE_EXTRA_CA_CERTS: certificateFile,
    },
    close: async () => {
      for (const server of [secure, plain]) {
        const closed = once(server, 'close');
        server.close();
        server.closeAllConnections();
        await closed;
      }
    },
  };
}

type Server = ReturnType<typeof createServer> | ReturnType<typeof createPlainServer>;

async function port(server: Server): Promise<number> {
  server.listen(0, 'localhost');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

function redirect(
  url: string,
  { redirects }: EdgeFaults,
  request: IncomingMessage,
  response: ServerResponse,
) {
  if (redirects === 'nowhere') return response.end('served in plain');
  const to = redirects === 'elsewhere' ? `${url}/` : `${url}${request.url}`;
  return response.writeHead(redirects === 'for-now' ? 302 : 308, { location: to }).end();
}

function answering(faults: EdgeFaults) {
  const { api = 401, ui = '<title>Kestra</title>', webhook, limit, lacksHeader } = faults;
  const headers = Object.fromEntries(Object.entries(HEADERS).filter(([name]) => name !== lacksHeader));
  let calls = 0;
  const limited = (): boolean => limit !== 'none' && calls++ % (LET_IN + REFUSED) >= LET_IN;
  return (request: IncomingMessage, response: ServerResponse): void => {
    const say = (status: number, body: string, more: Record<string, string> = {}) =>
      response.writeHead(status, { 'content-type': 'application/json', ...headers, ...more }).end(body);
    const error = (message: string) => JSON.stringify({ message });
    if (request.url?.startsWith('/ui/')) say(200, ui, { 'content-type': 'text/html' });
    else if (!request.url?.includes('/executions/webhook/')) {
      say(api, error('Unauthorized'), { 'www-authenticate': 'Basic realm="Kestra"' });
    } else if (limited()) say(429, 'Too Many Requests', { 'content-type': 'text/plain' });
    else if (webhook === 'takes-any-key') say(200, JSON.stringify({ id: 'an-execution' }));
    else if (webhook === 'asks-for-a-login') say(401, '', { 'www-authenticate': 'Basic realm="traefik"' });
    else if (webhook === 'unknown-to-the-proxy') {
      say(404, '404 page not found', { 'content-type': 'text/plain' });
    } else say(404, error('Not Found'));
  };
}
