import {
  Client,
  collectAllDataSourceRows,
  isFullDatabase,
  isFullPage,
  LogLevel,
  type CreatePageParameters,
  type PageObjectResponse,
  type FullDataSourceQueryFilter,
} from '@notionhq/client';
import type { Collection } from '../collection.ts';
import { Coalesced } from './coalesce.ts';
import { SHARED_FRESH_MS } from '../budgets.ts';
import type { Lead } from '../factories/lead.ts';
import type { Sequence } from '../timetable.ts';
import { jsonFetch, tellingOutages } from './notion-fetch.ts';
import { mailFacts, type Row, rowOf } from './notion-rows.ts';
import { markOfRow } from './notion-marks.ts';
import { Pace } from './pace.ts';

type Properties = NonNullable<CreatePageParameters['properties']>;
type Filter = FullDataSourceQueryFilter;
const DATABASES = ['contacts', 'tracker', 'templates', 'analytics', 'projects'] as const;
export type Database = (typeof DATABASES)[number];
type Address = Pick<Lead, 'email'>;

export interface NotionAddress {
  url: string;
  token: string;
  databases: Record<Database, string>;
  /** The contacts' property that holds the address, where it is not `Email`. */
  emailOfContacts?: string;
  /** The data sources in the databases, where they are known already, or are others than the databases' own. */
  sources?: Record<Database, string>;
  /** The flows' own token, where it is another and known. */
  flowsToken?: string;
  /** Others use it too: this process makes no more calls than so many, and changes no row without a run's mark. */
  shared?: { callsPerSecond: number };
}

/** A row that the client may not change: nobody's run has made it. */
export class NotMarked extends Error {}

/** Of calls at once, before they are spread: a lead's rows are read together. */
const BURST = 6;

export interface TemplateText {
  subject?: string;
  html?: string;
  text?: string;
  status?: 'Active' | 'Inactive';
}

/** Notion refuses a longer text in one piece. */
const PIECE = 2_000;

/** The funnel's five databases, read and prepared for tests. */
export class NotionClient {
  readonly #client: Client;
  readonly #databases: Record<Database, string>;
  readonly #emailOfContacts: string;
  readonly #sources = new Map<Database, Promise<string>>();
  readonly #shared: boolean;
  readonly #answers: Coalesced<Row[]>;
  /** Rows as they were last read. */
  readonly #seen = new Map<string, { database: Database; row: Row }>();

  constructor({ url, token, databases, emailOfContacts = 'Email', sources, shared }: NotionAddress) {
    this.#client = new Client({
      auth: token,
      baseUrl: url,
      // The client prints each refused call to the console; a failed test says it better.
      logLevel: LogLevel.ERROR,
      // A 429 is waited out as Notion asks.
      fetch: tellingOutages(shared ? pacedBy(paceOf(shared)) : jsonFetch),
      ...(shared ? { retry: { maxRetries: 6 } } : {}),
    });
    this.#databases = databases;
    this.#emailOfContacts = emailOfContacts;
    for (const name of DATABASES) if (sources) this.#sources.set(name, Promise.resolve(sources[name]));
    this.#shared = shared !== undefined;
    this.#answers = new Coalesced(shared ? SHARED_FRESH_MS : 0);
  }

  contacts(lead: Address): Collection<Row> {
    const filter = emailIs(lead, this.#emailOfContacts);
    return this.#rows('contacts', `contacts of ${lead.email}`, filter, ({ values }) =>
      ['first_name', 'Christmas Campaign Status', 'Segment', 'Assessment Score', 'Last Email Sent']
        .map((name) => `${name}=${String(values[name])}`)
        .join(', '),
    );
  }

  trackerRows(lead: Address, sequence?: Sequence): Collection<Row> {
    const all = this.#rows('tracker', `tracker rows of ${lead.email}`, emailIs(lead), (row) =>
      mailFacts(row)
        .map(
          (fact) =>
            `#${fact.email_number} ${fact.status ?? '–'} by ${fact.sent_by ?? '–'} at ${fact.sent_at ?? '–'}`,
        )
        .join('; '),
    );
    if (sequence === undefined) return all;
    // Not in the filter: so one query answers for all of a lead's sequences.
    const read = async () => (await all.read()).filter(({ values }) => values['Sequence Type'] === sequence);
    return { ...all, read };
  }

  analytics(lead: Address): Collection<Row> {
    return this.#rows('analytics', `analytics rows of ${lead.email}`, emailIs(lead), ({ values }) =>
      ['Email Number', 'Template ID', 'Status', 'Sent By', 'Resend Email ID']
        .map((name) => `${name}=${String(values[name])}`)
        .join(', '),
    );
  }

  /** Pages of the customer's project, of which there should be one. */
  projects(lead: Address): Collection<Row> {
    return this.#rows('projects', `projects of ${lead.email}`, emailIs(lead), ({ id }) => id);
  }

  /** The one project page of `lead`; throws when there is none, or more than one. */
  async project(lead: Address): Promise<Row> {
    return only(this.projects(lead));
  }

  /** The one contact of `lead`; throws when there is none, or more than one. */
  async contact(lead: Address): Promise<Row> {
    return only(this.contacts(lead));
  }

  /** The one row of `lead`'s sequence; throws when there is none, or more than one. */
  async trackerRow(lead: Address, sequence: Sequence): Promise<Row> {
    return only(this.trackerRows(lead, sequence));
  }

  /** Every row of a database whose address holds `part`. */
  containing(database: Database, part: string): Collection<Row> {
    const filter = { property: this.#emailIn(database), email: { contains: part } };
    return this.#rows(database, `${database} of addresses with ${part}`, filter, ({ id }) => id);
  }

  /** The rows of `lead` in a database. */
  of(database: Database, lead: Address): Collection<Row> {
    const filter = emailIs(lead, this.#emailIn(database));
    return this.#rows(database, `${database} of ${lead.email}`, filter, ({ id }) => id);
  }

  /** A row that says nothing of any mail, as another execution may have made it. */
  async addTrackerRow({ email }: Address, sequence: Sequence): Promise<void> {
    await this.#client.pages.create({
      parent: { type: 'data_source_id', data_source_id: await this.#source('tracker') },
      properties: { Email: { email }, 'Sequence Type': { select: { name: sequence } } },
    });
  }

  /** A row as Prefect wrote it: without a sequence, a date for each mail that went out; but for the five days with a type. */
  async addPrefectRow(
    { email }: Address,
    sentAt: Readonly<Record<number, Date>>,
    templateType?: string,
  ): Promise<Row> {
    const page = await this.#client.pages.create({
      parent: { type: 'data_source_id', data_source_id: await this.#source('tracker') },
      properties: {
        Email: { email },
        Campaign: { select: { name: 'Christmas 2025' } },
        ...(templateType === undefined ? {} : { 'Template Type': { select: { name: templateType } } }),
        ...sentDates(sentAt),
      },
    });
    return rowOf(full(page));
  }

  /** Notes in a tracker row that mails went out, as Prefect or a person does it: by their dates alone. */
  async noteSent(rowId: string, sentAt: Readonly<Record<number, Date>>): Promise<void> {
    await this.#write(rowId, sentDates(sentAt));
  }

  async setContactStatus(lead: Address, status: string): Promise<void> {
    const { id } = await this.contact(lead);
    await this.#write(id, { 'Christmas Campaign Status': { select: { name: status } } });
  }

  /** The template of that name; throws when there is none, or more than one. */
  async template(name: string): Promise<Row> {
    return only(this.#rows('templates', `templates named ${name}`, nameIs(name), ({ id }) => id));
  }

  async addTemplate(name: string, text: TemplateText): Promise<Row> {
    if (this.#shared)
      throw new NotMarked(`A template bears no mark: "${name}" is not made where others read it.`);
    const page = await this.#client.pages.create({
      parent: { type: 'data_source_id', data_source_id: await this.#source('templates') },
      properties: { 'Template Name': { title: pieces(name) }, ...templateProperties(text) },
    });
    return rowOf(full(page));
  }

  async updateTemplate(name: string, text: TemplateText): Promise<void> {
    await this.#write((await this.template(name)).id, templateProperties(text));
  }

  /** Moves a row to the bin. Throws NotMarked for a row of no run, where others have rows too. */
  async archive(rowId: string): Promise<void> {
    await this.#demandMark(rowId);
    await this.#client.pages.update({ page_id: rowId, in_trash: true });
    this.#answers.forget();
  }

  async #write(pageId: string, properties: Properties): Promise<void> {
    await this.#demandMark(pageId);
    await this.#client.pages.update({ page_id: pageId, properties });
    this.#answers.forget();
  }

  /** By the row as it was read last, or is read now. */
  async #demandMark(rowId: string): Promise<void> {
    if (!this.#shared) return;
    const known = this.#seen.get(rowId);
    const row = known?.row ?? rowOf(full(await this.#client.pages.retrieve({ page_id: rowId })));
    const claimants = known?.database === 'analytics' ? this.#seenIn('tracker') : [];
    if (markOfRow(row, claimants)) return;
    throw new NotMarked(
      `Not changed: the row ${rowId} of ${known?.database ?? 'a database'} bears no run's mark, so it may be somebody's.`,
    );
  }

  #emailIn(database: Database): string {
    return database === 'contacts' ? this.#emailOfContacts : 'Email';
  }

  #seenIn(wanted: Database): Row[] {
    return [...this.#seen.values()].flatMap(({ database, row }) => (database === wanted ? row : []));
  }

  #rows(database: Database, what: string, filter: Filter, describe: (row: Row) => string): Collection<Row> {
    const ask = async () => {
      const data_source_id = await this.#source(database);
      const pages = await collectAllDataSourceRows(this.#client, { data_source_id, filter });
      return pages.map((page) => rowOf(full(page)));
    };
    const read = async () => {
      const rows = await this.#answers.ask(`${database} ${JSON.stringify(filter)}`, ask);
      if (this.#shared) for (const row of rows) this.#seen.set(row.id, { database, row });
      return rows;
    };
    return { what, read, describe };
  }

  /** Rows belong to a data source; people know the database it is in. */
  async #source(database: Database): Promise<string> {
    const known = this.#sources.get(database);
    if (known) return known;
    const asked = this.#client.databases
      .retrieve({ database_id: this.#databases[database] })
      .then((answer) => {
        const source = isFullDatabase(answer) ? answer.data_sources[0] : undefined;
        if (!source) throw new Error(`Notion's database "${database}" shows no data source`);
        return source.id;
      });
    this.#sources.set(database, asked);
    return asked;
  }
}

/** One for all clients of a process. */
const paces = new Map<number, Pace>();

function paceOf({ callsPerSecond }: { callsPerSecond: number }): Pace {
  const pace = paces.get(callsPerSecond) ?? new Pace({ everyMs: 1_000 / callsPerSecond, burst: BURST });
  paces.set(callsPerSecond, pace);
  return pace;
}

type Fetch = NonNullable<NonNullable<ConstructorParameters<typeof Client>[0]>['fetch']>;

const pacedBy =
  (pace: Pace): Fetch =>
  async (...call) => {
    await pace.turn();
    return jsonFetch(...call);
  };

const emailIs = ({ email }: Address, property = 'Email') => ({ property, email: { equals: email } });
const nameIs = (name: string) => ({ property: 'Template Name', title: { equals: name } });

const sentDates = (sentAt: Readonly<Record<number, Date>>): Properties =>
  Object.fromEntries(
    Object.entries(sentAt).map(([number, at]) => [
      `Email ${number} Sent`,
      { date: { start: at.toISOString() } },
    ]),
  );

async function only<T>(collection: Collection<T>): Promise<T> {
  const items = await collection.read();
  const [item] = items;
  if (!item || items.length > 1) throw new Error(`Expected one of ${collection.what}, found ${items.length}`);
  return item;
}

function full(page: Parameters<typeof isFullPage>[0]): PageObjectResponse {
  if (!isFullPage(page))
    throw new Error('Notion answered with a part of a page: the token may read too little.');
  return page;
}

function templateProperties({ subject, html, text, status }: TemplateText): Properties {
  return {
    ...(subject === undefined ? {} : { 'Subject Line': { rich_text: pieces(subject) } }),
    ...(html === undefined ? {} : { 'Email Body HTML': { rich_text: pieces(html) } }),
    ...(text === undefined ? {} : { 'Email Body Plain Text': { rich_text: pieces(text) } }),
    ...(status === undefined ? {} : { Status: { select: { name: status } } }),
  };
}

function pieces(content: string): Array<{ text: { content: string } }> {
  const count = Math.ceil(content.length / PIECE);
  return Array.from({ length: count }, (_, index) => ({
    text: { content: content.slice(index * PIECE, (index + 1) * PIECE) },
  }));
}
