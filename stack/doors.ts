import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { isIP } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import type { Env, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { readListenAddress } from '../helpers/env.ts';
import { reservePort } from './reserved-port.ts';

/** Where a stand-in or the website listens. */
export interface Listening {
  /** 0 (the default) takes a free one, which is nobody else's while the door is closed. */
  port?: number;
  /** 127.0.0.1 unless a container's door is elsewhere: then `STACK_LISTEN` must say the same. */
  host?: string;
}

export interface Door {
  /** Without a slash at its end. Loopback, wherever the door is. */
  url: string;
  /** Until then calls wait. */
  open(answer: (request: Request) => Response | Promise<Response>): void;
  close: () => Promise<void>;
  /** After a close: listens at the same port again. */
  reopen: () => Promise<void>;
}

const LOOPBACK = '127.0.0.1';
/** Longer than a pooled connection rests between two mails: Node's 5 s would close it just as the next call takes it. */
const KEEP_ALIVE_MS = 120_000;
/** For a whole request, body included: who sends it drop by drop is hung up on. */
const REQUEST_MS = 60_000;

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));

/**
 * Listens on this machine's loopback address. Anybody who reaches these servers may read and change what they hold, so
 * another address is refused, unless the environment's `STACK_LISTEN` names the very same.
 */
export async function openDoor(
  { port = 0, host = LOOPBACK }: Listening,
  { requestMs = REQUEST_MS, allowed = readListenAddress() } = {},
): Promise<Door> {
  if (!isLoopback(host) && allowed !== host) {
    throw new Error(
      `Not started: ${host} can be reached from other machines, and who reaches a stand-in may do anything with it. ` +
        `Leave the address out for 127.0.0.1, or say STACK_LISTEN=${host} as well (docker-compose.test.yml does).`,
    );
  }
  const server = createServer({ requestTimeout: requestMs, connectionsCheckingInterval: requestMs / 10 });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.listen(port || (await reservePort()), host);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error(`There is no port at ${host}.`);
  return {
    url: `http://${LOOPBACK}:${address.port}`,
    open(answer) {
      const listener = getRequestListener(answer, { hostname: LOOPBACK });
      server.on('request', (request, response) => void listener(request, response));
    },
    close: () => closed(server),
    async reopen() {
      server.listen(address.port, host);
      await once(server, 'listening');
    },
  };
}

async function closed(server: Server): Promise<void> {
  const end = once(server, 'close');
  server.close();
  // Calls left hanging by a fault, and idle connections, would keep the server open for ever.
  server.closeAllConnections();
  await end;
}

const READS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * What each of these servers refuses before it looks at a call. They need no login, so a page on the Internet could use
 * them through the browser of whoever reads it: by a name of its own that it has resolve to 127.0.0.1 (421), or by
 * posting across sites (403). A body above `mostBytes` is answered 413, and not kept.
 */
export function guards<E extends Env>(mostBytes: number, host = LOOPBACK): MiddlewareHandler<E>[] {
  return [
    async (c, next) => {
      const { hostname } = new URL(c.req.url);
      if (isLoopback(host) && !isLoopback(hostname.replace(/^\[|\]$/g, ''))) {
        return c.text('This server answers to 127.0.0.1 and localhost alone.', 421);
      }
      const from = c.req.header('sec-fetch-site') ?? 'none';
      if (!READS.has(c.req.method) && from.endsWith('-site')) {
        return c.text('Not from another site.', 403);
      }
      return next();
    },
    bodyLimit({ maxSize: mostBytes, onError: (c) => c.text(`More than ${mostBytes} bytes.`, 413) }),
  ];
}
