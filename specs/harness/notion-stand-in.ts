import { Client, LogLevel } from '@notionhq/client';
import { test as base } from '../../fixtures/index.ts';
import { TEST_MAILBOX } from '../../helpers/test-mailbox.ts';
import { makeLead, type Lead } from '../../helpers/factories/lead.ts';
import type { Call as LoggedCall } from '../../stack/notion/calls.ts';
import { checkedFetch, type Exchange } from '../../stack/notion/checked-fetch.ts';
import type { PlainRow } from '../../stack/notion/control.ts';
import type { DatabaseName } from '../../stack/notion/schema.ts';
import { startNotion, type Notion } from '../../stack/notion/server.ts';
import { type Answer, bareCall, type Call } from './bare-call.ts';

const FLOWS = 'ntn_flows';
const HARNESS = 'ntn_harness';

type Properties = NonNullable<Parameters<Client['pages']['create']>[0]['properties']>;
type Filter = NonNullable<Parameters<Client['dataSources']['query']>[0]['filter']>;

export interface ControlState {
  untaught: { method: string; path: string; at: number }[];
  counts: Record<string, number>;
}

/** A Notion stand-in of the test's own, and the ways to talk to it. */
export class StandIn {
  readonly url: string;
  readonly databases: Notion['databases'];
  /** Notion's own client, held to its own types. */
  readonly client: Client;
  readonly exchanges: Exchange[];

  constructor({ url, databases }: Notion) {
    const { fetch, exchanges } = checkedFetch();
    this.url = url;
    this.databases = databases;
    this.exchanges = exchanges;
    this.client = new Client({
      auth: HARNESS,
      baseUrl: url,
      fetch,
      // The client prints each refused call; here most are meant to be refused.
      logLevel: LogLevel.ERROR,
      retry: { maxRetries: 1, initialRetryDelayMs: 10 },
    });
  }

  /** The one data source of a database. */
  async source(name: DatabaseName): Promise<string> {
    const { body } = await this.call({ path: `/v1/databases/${this.databases[name]}` });
    const [source] = (body as { data_sources: { id: string }[] }).data_sources;
    return source?.id ?? '';
  }

  async create(name: DatabaseName, properties: Properties) {
    const parent = { data_source_id: await this.source(name) };
    return this.client.pages.create({ parent, properties });
  }

  /** The values of one property in all rows a filter finds. */
  async find(name: DatabaseName, property: string, filter?: Filter): Promise<unknown[]> {
    const { results } = await this.client.dataSources.query({
      data_source_id: await this.source(name),
      ...(filter && { filter }),
    });
    const found = new Set(results.map(({ id }) => id));
    return (await this.rows(name)).filter(({ id }) => found.has(id)).map(({ values }) => values[property]);
  }

  /** A bare call, with the headers of the flows' calls unless told otherwise. */
  call({ path = '/v1/users/me', headers, ...rest }: Call): Promise<Answer> {
    const all = { authorization: `Bearer ${FLOWS}`, 'notion-version': '2025-09-03', ...headers };
    return bareCall(`${this.url}${path}`, { ...rest, headers: all });
  }

  /** How each call was answered, in order: its status alone, or with the code and message of the refusal. */
  async refusals(calls: Call[]): Promise<string[]> {
    const refusals: string[] = [];
    for (const call of calls) {
      const { status, body } = await this.call(call);
      const { code, message } = body as { code?: string; message?: string };
      refusals.push([status, code, message].filter(Boolean).join(' '));
    }
    return refusals;
  }

  async control<T>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<T> {
    const { body: answer } = await this.call({
      method,
      path: `/_control${path}`,
      headers: { authorization: null },
      body,
    });
    return answer as T;
  }

  rows(database: DatabaseName, email = ''): Promise<PlainRow[]> {
    return this.control('GET', `/rows?${new URLSearchParams({ database, email }).toString()}`);
  }

  log(lead: Lead): Promise<LoggedCall[]> {
    return this.control('GET', `/log?${new URLSearchParams({ lead: lead.email }).toString()}`);
  }
}

/** What a test writes of a lead when it matters little what. */
export const contactOf = (lead: Lead) => ({
  first_name: { title: [{ text: { content: lead.firstName } }] },
  Email: { email: lead.email },
});

export const emailIs = (lead: Lead) => ({ property: 'Email', email: { equals: lead.email } });

export const makeSomeone = () => makeLead(TEST_MAILBOX);

export const test = base.extend<{ standIn: StandIn; someone: Lead }>({
  // oxlint-disable-next-line no-empty-pattern -- Playwright reads a fixture's needs off this pattern
  standIn: async ({}, use) => {
    const notion = await startNotion({ tokens: [FLOWS, HARNESS] });
    await use(new StandIn(notion));
    await notion.close();
  },
  // oxlint-disable-next-line no-empty-pattern -- Playwright reads a fixture's needs off this pattern
  someone: async ({}, use) => use(makeSomeone()),
});
