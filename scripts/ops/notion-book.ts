import { Client, collectAllDataSourceRows, isFullPage, LogLevel } from '@notionhq/client';
import type { FullDataSourceQueryFilter } from '@notionhq/client';
import { z } from 'zod';
import { type Row, rowOf } from '../../helpers/clients/notion-rows.ts';
import type { KestraAdmin } from '../flows/kestra-admin.ts';
import { type PropertyNames, propertyNames } from './property-names.ts';

/** The databases in which the flows write about leads. */
export type Book = 'contacts' | 'tracker' | 'analytics';
export type { Row };

/** Properties of a page in the form in which Notion takes them. */
export type Properties = Record<string, unknown>;

const Sources = z.object({ contacts: z.string(), tracker: z.string(), analytics: z.string() });
const Url = z.url().optional();

/** What Notion holds about leads of one deployment, by that deployment's own databases and property names. */
export class NotionBook {
  readonly names: PropertyNames;
  readonly #client: Client;
  readonly #sources: Record<Book, string>;

  private constructor(client: Client, sources: Record<Book, string>, names: PropertyNames) {
    this.#client = client;
    this.#sources = sources;
    this.names = names;
  }

  /** Undefined when the namespace has no deployment. */
  static async open(
    admin: KestraAdmin,
    { url, token }: { url: string; token: string },
  ): Promise<NotionBook | undefined> {
    const [sources, overrides, own] = await Promise.all(
      ['NOTION_SOURCES', 'NOTION_PROPERTIES', 'NOTION_BASE_URL'].map((key) => admin.setting(key)),
    );
    if (sources === undefined) return undefined;
    const baseUrl = Url.parse(own) ?? url;
    const client = new Client({
      auth: token,
      baseUrl,
      notionVersion: '2025-09-03',
      logLevel: LogLevel.ERROR,
    });
    return new NotionBook(client, Sources.parse(sources), propertyNames(overrides));
  }

  /** The pages about `email`, oldest first. */
  async pagesOf(book: Book, email: string): Promise<Row[]> {
    return this.#pages(book, { property: this.names[book].email, email: { equals: email } });
  }

  /** Every page, oldest first: a hundred a call. */
  async allPages(book: Book): Promise<Row[]> {
    return this.#pages(book);
  }

  async #pages(book: Book, filter?: FullDataSourceQueryFilter): Promise<Row[]> {
    const data_source_id = this.#sources[book];
    const pages = await collectAllDataSourceRows(this.#client, {
      data_source_id,
      ...(filter ? { filter } : {}),
    });
    return pages
      .filter((page) => isFullPage(page))
      .toSorted((a, b) => a.created_time.localeCompare(b.created_time))
      .map((page) => rowOf(page));
  }

  async update(pageId: string, properties: Properties): Promise<void> {
    await this.#client.pages.update({ page_id: pageId, properties: properties as Written });
  }

  async create(book: Book, properties: Properties): Promise<void> {
    await this.#client.pages.create({
      parent: { type: 'data_source_id', data_source_id: this.#sources[book] },
      properties: properties as Written,
    });
  }
}

type Written = NonNullable<Parameters<Client['pages']['update']>[0]['properties']>;
