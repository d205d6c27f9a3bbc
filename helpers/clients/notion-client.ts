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
import type { Lead } from '../factories/lead.ts';
import type { Sequence } from '../timetable.ts';
import { jsonFetch, tellingOutages } from './notion-fetch.ts';
import { mailFacts, type Row, rowOf } from './notion-rows.ts';

type Properties = NonNullable<CreatePageParameters['properties']>;
type Filter = FullDataSourceQueryFilter;
type Database = 'contacts' | 'tracker' | 'templates' | 'analytics' | 'projects';
type Address = Pick<Lead, 'email'>;

export interface NotionAddress {
  url: string;
  token: string;
  databases: Record<Database, string>;
  /** The contacts' property that holds the address, where it is not `Email`. */
  emailOfContacts?: string;
}

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

  constructor({ url, token, databases, emailOfContacts = 'Email' }: NotionAddress) {
    // The client prints each refused call to the console; a failed test says it better.
    this.#client = new Client({
      auth: token,
      baseUrl: url,
      logLevel: LogLevel.ERROR,
      fetch: tellingOutages(jsonFetch),
    });
    this.#databases = databases;
    this.#emailOfContacts = emailOfContacts;
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
    const filter: Filter = sequence ? { and: [emailIs(lead), sequenceIs(sequence)] } : emailIs(lead);
    return this.#rows('tracker', `tracker rows of ${lead.email}`, filter, (row) =>
      mailFacts(row)
        .map(
          (fact) =>
            `#${fact.email_number} ${fact.status ?? '–'} by ${fact.sent_by ?? '–'} at ${fact.sent_at ?? '–'}`,
        )
        .join('; '),
    );
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

  /** A row that says nothing of any mail, as another execution may have made it. */
  async addTrackerRow({ email }: Address, sequence: Sequence): Promise<void> {
    await this.#client.pages.create({
      parent: { type: 'data_source_id', data_source_id: await this.#source('tracker') },
      properties: { Email: { email }, 'Sequence Type': { select: { name: sequence } } },
    });
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
    const page = await this.#client.pages.create({
      parent: { type: 'data_source_id', data_source_id: await this.#source('templates') },
      properties: { 'Template Name': { title: pieces(name) }, ...templateProperties(text) },
    });
    return rowOf(full(page));
  }

  async updateTemplate(name: string, text: TemplateText): Promise<void> {
    await this.#write((await this.template(name)).id, templateProperties(text));
  }

  /** Moves a row to the bin. */
  async archive(rowId: string): Promise<void> {
    await this.#client.pages.update({ page_id: rowId, in_trash: true });
  }

  async #write(pageId: string, properties: Properties): Promise<void> {
    await this.#client.pages.update({ page_id: pageId, properties });
  }

  #rows(database: Database, what: string, filter: Filter, describe: (row: Row) => string): Collection<Row> {
    const read = async () => {
      const data_source_id = await this.#source(database);
      const pages = await collectAllDataSourceRows(this.#client, { data_source_id, filter });
      return pages.map((page) => rowOf(full(page)));
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

const emailIs = ({ email }: Address, property = 'Email') => ({ property, email: { equals: email } });
const sequenceIs = (sequence: Sequence) => ({ property: 'Sequence Type', select: { equals: sequence } });
const nameIs = (name: string) => ({ property: 'Template Name', title: { equals: name } });

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
