import { Resend } from 'resend';
import { test as base } from '../../fixtures/index.ts';
import { TEST_MAILBOX } from '../../helpers/test-mailbox.ts';
import { makeLead, type Lead } from '../../helpers/factories/lead.ts';
import { startResend } from '../../stack/resend/server.ts';
import { type Answer, bareCall, type Call } from './bare-call.ts';

export const MAILBOX = TEST_MAILBOX;

const KEYS = {
  website: { key: 're_website', name: 'website', permission: 'sending_access' },
  kestra: { key: 're_kestra', name: 'kestra', permission: 'sending_access' },
  harness: { key: 're_harness', name: 'harness', permission: 'full_access' },
} as const;
type KeyName = keyof typeof KEYS;

type KeyedCall = Call & { key?: string };

/** A Resend stand-in of the test's own, and the ways to talk to it. */
export class StandIn {
  readonly url: string;

  constructor(url: string) {
    this.url = url;
  }

  /** Resend's own client with one of the keys. */
  client(name: KeyName): Resend {
    return new Resend(KEYS[name].key, { baseUrl: this.url });
  }

  /** A bare call; sends a mail with Kestra's key unless told otherwise. */
  call({
    method = 'POST',
    path = '/emails',
    key = KEYS.kestra.key,
    headers,
    ...rest
  }: KeyedCall): Promise<Answer> {
    const all = { 'user-agent': 'specs', ...(key && { authorization: `Bearer ${key}` }), ...headers };
    return bareCall(`${this.url}${path}`, { ...rest, method, headers: all });
  }

  /** The status and the error's name of each call, in order. */
  async refusals(calls: KeyedCall[]): Promise<Array<[number, string]>> {
    const refusals: Array<[number, string]> = [];
    for (const call of calls) {
      const { status, body } = await this.call(call);
      refusals.push([status, (body as { name?: string }).name ?? 'no error']);
    }
    return refusals;
  }

  async control<T>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<T> {
    const { body: answer } = await this.call({ method, path: `/_control${path}`, key: '', body });
    return answer as T;
  }

  mails(query = ''): Promise<ControlMail[]> {
    return this.control('GET', `/mails${query}`);
  }
}

export interface ControlMail {
  id: string;
  sender: KeyName;
  receivedAt: number;
  idempotencyKey?: string;
  correlationId?: string;
  to: string[];
  subject: string;
  last_event: string;
}

export interface ControlState {
  untaught: Array<{ method: string; path: string }>;
  refusedRecipients: Array<{ address: string; field: string; who: string }>;
  counts: { mails: number };
}

export interface LoggedCall {
  method: string;
  path: string;
  status: number;
  who: string | null;
  fault?: string;
  body: unknown;
}

/** The least that Resend takes. */
export const mailTo = (to: string | string[]) => ({
  from: 'The funnel <mails@funnel.example>',
  to,
  subject: 'A mail',
  text: 'Some words.',
});

export const test = base.extend<{ rateLimitPerSecond: number; standIn: StandIn; someone: Lead }>({
  rateLimitPerSecond: [0, { option: true }],
  standIn: async ({ rateLimitPerSecond }, use) => {
    const resend = await startResend({ keys: Object.values(KEYS), testMailbox: MAILBOX, rateLimitPerSecond });
    await use(new StandIn(resend.url));
    await resend.close();
  },
  // oxlint-disable-next-line no-empty-pattern -- Playwright reads a fixture's needs off this pattern
  someone: async ({}, use) => use(makeLead(MAILBOX)),
});
