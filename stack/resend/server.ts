import { once } from 'node:events';
import { createServer } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { addResendApi, type Vars } from './api.ts';
import { controlRoutes } from './control.ts';
import { type Domain, State, type ApiKey } from './state.ts';

export interface ResendOptions {
  keys: ApiKey[];
  /** The one mailbox that mail may go to, plus-addresses included. */
  testMailbox: string;
  /** Calls a second, all keys together; 0 (the default) enforces nothing. */
  rateLimitPerSecond?: number;
  /** The team's domains with their states; whether a sender's is verified is not asked when it sends. */
  domains?: Record<string, Domain['status']>;
  /** How long each answer takes at least. */
  latencyMs?: number;
  /** 0 (the default) takes any free one. */
  port?: number;
  /** Where it listens; 127.0.0.1 unless a container's door is elsewhere. Its address is 127.0.0.1 all the same. */
  host?: string;
}

export interface RunningResend {
  url: string;
  close(): Promise<void>;
}

/** Starts the Resend stand-in on this machine's loopback address. */
export async function startResend({
  keys,
  testMailbox,
  rateLimitPerSecond = 0,
  domains = { 'funnel.test': 'verified' },
  latencyMs = 0,
  port = 0,
  host = '127.0.0.1',
}: ResendOptions): Promise<RunningResend> {
  const state = new State({ keys, testMailbox, rateLimitPerSecond, latencyMs, domains });
  const app = new Hono<Vars>();
  app.route('/_control', controlRoutes(state));
  addResendApi(app, state);

  const listener = getRequestListener(app.fetch, { hostname: '127.0.0.1' });
  const server = createServer((request, response) => void listener(request, response));
  // Node's 5 s is about a testing minute: a pooled connection would be closed just as the next mail takes it.
  server.keepAliveTimeout = 120_000;
  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The Resend stand-in has no port.');

  return {
    url: `http://127.0.0.1:${address.port}`,
    async close() {
      const closed = once(server, 'close');
      server.close();
      // Calls left hanging by a fault would keep the server open for ever.
      server.closeAllConnections();
      await closed;
    },
  };
}
