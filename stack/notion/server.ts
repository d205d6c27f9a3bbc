import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { notionApi } from './api.ts';
import { Calls, Faults } from './calls.ts';
import { warmUp } from './contract.ts';
import { type ControlDesk, controlRoutes } from './control.ts';
import { Quota } from './quota.ts';
import { DATABASE_NAMES, type DatabaseName, type Schemas } from './schema.ts';
import { SEED } from './seed.ts';
import { type SeedRow, Workspace } from './workspace.ts';

export interface NotionOptions {
  /** Who may call. The log knows them as `token 1`, `token 2`, … */
  tokens: readonly string[];
  /** A free one is taken when none is given. */
  port?: number;
  /** Where it listens; 127.0.0.1 unless a container's door is elsewhere. Its address is 127.0.0.1 all the same. */
  host?: string;
  /** The stand-in's clock, in milliseconds since 1970. */
  now?: () => number;
  /** The databases' properties; the campaign's unless said otherwise. */
  schemas?: Schemas;
  /** The rows it starts with; the campaign's templates unless said otherwise. */
  seed?: readonly SeedRow[];
  /** Calls that one token may make in a minute, as Notion counts them; nothing is enforced unless said. */
  callsPerMinute?: number;
  /** How long each answer takes at least. */
  latencyMs?: number;
}

export interface Notion {
  /** What the client takes as `baseUrl`: without `/v1`. */
  url: string;
  /** The ids of the databases, as people configure them. */
  databases: Record<DatabaseName, string>;
  close(): Promise<void>;
}

/** Starts the Notion stand-in on this machine. */
export async function startNotion(options: NotionOptions): Promise<Notion> {
  const {
    tokens,
    port = 0,
    host = '127.0.0.1',
    now = Date.now,
    seed = SEED,
    schemas,
    callsPerMinute,
    latencyMs = 0,
  } = options;
  const clock = { offsetMs: 0 };
  const fresh = () => {
    const calls = new Calls();
    const workspace = new Workspace(now(), schemas);
    workspace.seed(seed, now());
    return { workspace, calls, faults: new Faults(calls), untaught: [] };
  };
  const desk: ControlDesk = {
    tokens,
    quota: new Quota(callsPerMinute),
    latencyMs,
    clock,
    now: () => now() + clock.offsetMs,
    reset: () => {
      clock.offsetMs = 0;
      Object.assign(desk, fresh());
    },
    ...fresh(),
  };

  const app = new Hono().route('/_control', controlRoutes(desk)).route('/', notionApi(desk));
  // Node's 5 s would close a pooled connection just as a client takes it for its next call.
  const serverOptions = { keepAliveTimeout: 120_000 };
  const server = serve({ fetch: app.fetch, port, hostname: host, serverOptions });
  const address = await new Promise<string>((resolve, reject) => {
    server.once('error', reject);
    server.once('listening', () => {
      const bound = server.address();
      resolve(typeof bound === 'object' && bound ? `http://127.0.0.1:${bound.port}` : String(bound));
    });
  });
  warmUp();

  return {
    url: address,
    databases: Object.fromEntries(
      DATABASE_NAMES.map((name) => [name, desk.workspace.source(name).databaseId]),
    ) as Record<DatabaseName, string>,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        // Hanging calls and idle connections would keep it open for ever.
        if ('closeAllConnections' in server) server.closeAllConnections();
      }),
  };
}
