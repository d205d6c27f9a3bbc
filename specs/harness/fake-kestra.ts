import { serve } from '@hono/node-server';
import type { AddressInfo } from 'node:net';
import { Hono } from 'hono';
import type { Dialect } from '../../helpers/clients/kestra-dialect.ts';
import { KestraTransport } from '../../helpers/clients/kestra-transport.ts';
import { test as base } from '../../fixtures/index.ts';

export interface FakeKestra {
  /** Teach it routes before use; below `/api/v1/main`. */
  routes: Hono;
  /** The same server, from the root of its paths: for dialects that have others. */
  root: Hono;
  transport: KestraTransport;
  /** Another client of it, which asks for the version unless it is given a dialect. */
  speaking: (dialect?: Dialect) => KestraTransport;
  /** `GET /path` of every call, in order. */
  calls: string[];
}

/** An execution as Kestra answers it, with as little as it may have. */
export const answered = (id: string, state: string, more: Record<string, unknown> = {}) => ({
  id,
  namespace: 'christmas',
  flowId: 'assessment-handler',
  state: { current: state, histories: [{ state, date: '2025-12-01T10:00:00Z' }] },
  ...more,
});

/** A small Kestra of a test's own, to see what the clients make of odd answers. */
export const test = base.extend<{ fakeKestra: FakeKestra }>({
  fakeKestra: async ({}, use) => {
    const calls: string[] = [];
    const root = new Hono();
    root.use(async (context, next) => {
      calls.push(`${context.req.method} ${context.req.path.replace('/api/v1/main', '')}`);
      await next();
    });
    const routes = root.basePath('/api/v1/main');
    const server = serve({ fetch: root.fetch, hostname: '127.0.0.1', port: 0 });
    await new Promise((listening) => server.once('listening', listening));
    const { port } = server.address() as AddressInfo;
    const address = { url: `http://127.0.0.1:${port}`, user: 'u@funnel.test', password: 'p' };
    const speaking = (dialect?: Dialect) => new KestraTransport({ ...address, ...(dialect && { dialect }) });

    await use({ routes, root, transport: speaking('1.x'), speaking, calls });

    if ('closeAllConnections' in server) server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  },
});
