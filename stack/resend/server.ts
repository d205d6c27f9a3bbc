import { Hono } from 'hono';
import { readLateAnswersMs } from '../../helpers/env.ts';
import { guards, type Listening, openDoor } from '../doors.ts';
import { addResendApi, type Vars } from './api.ts';
import { controlRoutes } from './control.ts';
import { type Domain, State, type ApiKey } from './state.ts';

/** Far more than any mail of the funnel has; Resend itself takes 40 MB with attachments. */
const MOST_BYTES = 4 * 1024 * 1024;

export interface ResendOptions extends Listening {
  keys: ApiKey[];
  /** The one mailbox that mail may go to, plus-addresses included. */
  testMailbox: string;
  /** Calls a second, all keys together; 0 (the default) enforces nothing. */
  rateLimitPerSecond?: number;
  /** The team's domains with their states; whether a sender's is verified is not asked when it sends. */
  domains?: Record<string, Domain['status']>;
  /** How long each answer takes at least. */
  latencyMs?: number;
  /** How much later a mail that was taken is answered, at most; the environment's `LATE_ANSWERS_MS` unless said. */
  lateMs?: number;
}

export interface RunningResend {
  url: string;
  close(): Promise<void>;
  /** After a close: answers at the same address again, and has forgotten nothing. */
  reopen(): Promise<void>;
}

/** Starts the Resend stand-in on this machine's loopback address. */
export async function startResend({
  keys,
  testMailbox,
  rateLimitPerSecond = 0,
  domains = { 'funnel.test': 'verified' },
  latencyMs = 0,
  lateMs = readLateAnswersMs(),
  ...listening
}: ResendOptions): Promise<RunningResend> {
  const state = new State({ keys, testMailbox, rateLimitPerSecond, latencyMs, lateMs, domains });
  const app = new Hono<Vars>().use(...guards<Vars>(MOST_BYTES, listening.host));
  app.route('/_control', controlRoutes(state));
  addResendApi(app, state);

  const door = await openDoor(listening);
  door.open(app.fetch);
  return { url: door.url, close: door.close, reopen: door.reopen };
}
