import { randomUUID } from 'node:crypto';
import { isIP } from 'node:net';
import { connect } from 'node:tls';
import { Agent, request } from 'undici';

export interface EdgeAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}

export interface EdgeCertificate {
  /** Why clients would refuse it; undefined when they trust it, name included. */
  refusedBecause: string | undefined;
  validUntil: Date;
}

interface EdgeCall {
  method?: 'GET' | 'POST';
  headers?: Record<string, string>;
}

const TIMEOUT_MS = 60_000;
// Redirects are what is looked at, so none is followed.
const agent = new Agent({ connect: { timeout: TIMEOUT_MS }, headersTimeout: TIMEOUT_MS });

/** The outside of Kestra as strangers on the Internet meet it: no login, nothing followed, nothing started. */
export class EdgeClient {
  readonly url: string;
  readonly #plainUrl: string;

  constructor({ url, plainUrl }: { url: string; plainUrl?: string | undefined }) {
    this.url = url.replace(/\/$/, '');
    this.#plainUrl = (plainUrl ?? `http://${new URL(url).hostname}`).replace(/\/$/, '');
  }

  /** By HTTPS. Throws when there is no answer, an untrusted certificate included. */
  ask(path: string, call: EdgeCall = {}): Promise<EdgeAnswer> {
    return ask(`${this.url}${path}`, call);
  }

  /** By plain HTTP. */
  askInPlain(path: string, call: EdgeCall = {}): Promise<EdgeAnswer> {
    return ask(`${this.#plainUrl}${path}`, call);
  }

  /** Calls a webhook with a key that no flow can have, so that nothing begins. */
  knock(): Promise<EdgeAnswer> {
    return this.ask(webhookPath(randomUUID()), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
    });
  }

  /** Knocks with wrong keys, `atOnce` at a time, until it is told 429 or has knocked `most` times; every status it was told. */
  async burst(most: number, atOnce: number): Promise<number[]> {
    const statuses = new Set<number>();
    for (let sent = 0; sent < most && !statuses.has(429); sent += atOnce) {
      const answers = await Promise.all(Array.from({ length: atOnce }, () => this.knock()));
      for (const { status } of answers) statuses.add(status);
    }
    return [...statuses].toSorted((a, b) => a - b);
  }

  /** As the TLS handshake shows it. */
  certificate(): Promise<EdgeCertificate> {
    const { hostname, port } = new URL(this.url);
    return new Promise((resolve, reject) => {
      const socket = connect({
        host: hostname,
        port: Number(port || 443),
        // A name for servers that have several; an address is none.
        ...(isIP(hostname) ? {} : { servername: hostname }),
        rejectUnauthorized: false, // to look at what a client would refuse
        timeout: TIMEOUT_MS,
      });
      socket.once('secureConnect', () => {
        const { valid_to: validTo } = socket.getPeerCertificate();
        const reason = socket.authorizationError;
        resolve({ refusedBecause: reason ? String(reason) : undefined, validUntil: new Date(validTo) });
        socket.destroy();
      });
      socket.once('timeout', () => socket.destroy(new Error(`No TLS handshake with ${hostname}`)));
      socket.once('error', reject);
    });
  }
}

/** The path of a webhook of the production deployment. */
export const webhookPath = (key: string): string =>
  `/api/v1/main/executions/webhook/christmas/signup-handler/${key}`;

async function ask(url: string, { method = 'GET', headers = {} }: EdgeCall): Promise<EdgeAnswer> {
  const answer = await request(url, {
    dispatcher: agent,
    method,
    headers: { 'user-agent': 'funnel-e2e', ...headers },
    ...(method === 'POST' ? { body: '{}' } : {}),
  }).catch((cause: unknown) => {
    throw new Error(`${method} ${new URL(url).origin} got no answer`, { cause });
  });
  return { status: answer.statusCode, headers: answer.headers, text: await answer.body.text() };
}
