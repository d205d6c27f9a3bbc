import { Hono } from 'hono';
import { readLateAnswersMs } from '../../helpers/env.ts';
import { guards, type Listening, openDoor } from '../doors.ts';
import { notionApi } from './api.ts';
import { Calls, Faults } from './calls.ts';
import { warmUp } from './contract.ts';
import { type ControlDesk, controlRoutes } from './control.ts';
import { Quota } from './quota.ts';
import { DATABASE_NAMES, type DatabaseName, type Schemas } from './schema.ts';
import { SEED } from './seed.ts';
import { type SeedRow, Workspace } from './workspace.ts';

/** Notion refuses more than 500 kB itself, in words of its own; this is for what is not worth reading. */
const MOST_BYTES = 4 * 1024 * 1024;

export interface NotionOptions extends Listening {
  /** Who may call, the flows first. The log knows them as `token 1`, `token 2`, … */
  tokens: readonly string[];
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
  /** How much later the flows' calls are taken, at most; the environment's `LATE_ANSWERS_MS` unless said. */
  lateMs?: number;
}

export interface Notion {
  /** What the client takes as `baseUrl`: without `/v1`. */
  url: string;
  /** The ids of the databases, as people configure them. */
  databases: Record<DatabaseName, string>;
  close(): Promise<void>;
  /** After a close: answers at the same address again, and has forgotten nothing. */
  reopen(): Promise<void>;
}

/** Starts the Notion stand-in on this machine. */
export async function startNotion(options: NotionOptions): Promise<Notion> {
  const {
    tokens,
    now = Date.now,
    seed = SEED,
    schemas,
    callsPerMinute,
    latencyMs = 0,
    lateMs = readLateAnswersMs(),
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
    lateMs,
    clock,
    now: () => now() + clock.offsetMs,
    reset: () => {
      clock.offsetMs = 0;
      Object.assign(desk, fresh());
    },
    ...fresh(),
  };

  const app = new Hono()
    .use(...guards(MOST_BYTES, options.host))
    .route('/_control', controlRoutes(desk))
    .route('/', notionApi(desk));
  const door = await openDoor(options);
  door.open(app.fetch);
  warmUp();

  return {
    url: door.url,
    databases: Object.fromEntries(
      DATABASE_NAMES.map((name) => [name, desk.workspace.source(name).databaseId]),
    ) as Record<DatabaseName, string>,
    close: door.close,
    reopen: door.reopen,
  };
}
