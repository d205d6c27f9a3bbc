import { randomUUID } from 'node:crypto';
import type {
  BlockObjectResponse,
  DataSourceObjectResponse,
  DatabaseObjectResponse,
  PageObjectResponse,
} from '@notionhq/client';
import { invalid } from './errors.ts';
import {
  type Filter,
  type Row,
  type Scope,
  type Sorts,
  comparator,
  compile,
  demandedEmail,
} from './filter.ts';
import { DATABASES, DATABASE_NAMES, type DatabaseName, type DatabaseSchema, type Schemas } from './schema.ts';
import {
  type GivenValue,
  type Plain,
  type Property,
  type Value,
  demandValid,
  emptyValue,
  givenOf,
  makeProperty,
  plainOf,
  richText,
  toValue,
  uuidOf,
} from './values.ts';

/** Notion gives created and edited times to the minute only. */
const toMinute = (ms: number) => new Date(Math.floor(ms / 60_000) * 60_000).toISOString();

/** Who made everything in the workspace: the integration whose token is used. */
export const BOT = { object: 'user', id: uuidOf('bot') } as const;

const WORKSPACE = { type: 'workspace', workspace: true } as const;

export class Page implements Row {
  readonly id = randomUUID();
  readonly source: Source;
  readonly createdAt: number;
  editedAt: number;
  inTrash = false;
  isLocked = false;
  icon: PageObjectResponse['icon'] = null;
  cover: PageObjectResponse['cover'] = null;
  blocks: BlockObjectResponse[] = [];
  readonly values = new Map<string, Value>();

  constructor(source: Source, now: number) {
    this.source = source;
    this.createdAt = now;
    this.editedAt = now;
    for (const property of source.properties) this.values.set(property.name, emptyValue(property));
  }

  get created_time(): string {
    return toMinute(this.createdAt);
  }

  get last_edited_time(): string {
    return toMinute(this.editedAt);
  }

  plain({ name }: Property): Plain {
    const value = this.values.get(name);
    return value ? plainOf(value) : null;
  }

  /** The page as Notion answers it, with only the properties asked for when some are. */
  answer(only: readonly Property[] = this.source.properties): PageObjectResponse {
    const shown = only.flatMap(({ name }) => {
      const value = this.values.get(name);
      return value ? [[name, value] as const] : [];
    });
    return {
      object: 'page',
      id: this.id,
      created_time: this.created_time,
      last_edited_time: this.last_edited_time,
      created_by: BOT,
      last_edited_by: BOT,
      cover: this.cover,
      icon: this.icon,
      parent: {
        type: 'data_source_id',
        data_source_id: this.source.id,
        database_id: this.source.databaseId,
      },
      in_trash: this.inTrash,
      archived: this.inTrash,
      is_archived: false,
      is_locked: this.isLocked,
      properties: Object.fromEntries(shown),
      url: `https://www.notion.so/${this.id.replaceAll('-', '')}`,
      public_url: null,
    };
  }
}

export interface Query {
  filter?: Filter | undefined;
  sorts?: Sorts | undefined;
  inTrash?: boolean | undefined;
}

/** The id of a database, which is the same in every workspace. */
export const databaseIdOf = (name: DatabaseName): string => uuidOf(`database ${name}`);

/** One database and its one data source. */
export class Source {
  readonly name: DatabaseName;
  readonly title: string;
  readonly id: string;
  readonly databaseId: string;
  readonly createdAt: number;
  readonly properties: readonly Property[];
  readonly pages: Page[] = [];
  readonly #byEmail = new Map<string, Set<Page>>();

  constructor(name: DatabaseName, { title, properties }: DatabaseSchema, now: number) {
    this.name = name;
    this.title = title;
    this.id = uuidOf(`data source ${name}`);
    this.databaseId = databaseIdOf(name);
    this.createdAt = now;
    this.properties = Object.entries(properties).map(([key, schema], place) =>
      makeProperty(key, schema, place),
    );
  }

  find(nameOrId: string): Property | undefined {
    return this.properties.find(({ name, id }) => name === nameOrId || id === nameOrId);
  }

  /** Writes all of `given` or, when anything in it is refused, nothing. */
  write(page: Page, given: Readonly<Record<string, GivenValue>>): void {
    const changes = Object.entries(given).map(([nameOrId, value]) => {
      const property = this.find(nameOrId);
      if (!property) throw invalid(`${nameOrId} is not a property that exists.`);
      demandValid(property, value);
      return { property, value };
    });
    for (const { property, value } of changes) {
      const before = page.plain(property);
      page.values.set(property.name, toValue(property, value));
      if (property.type === 'email') this.#reindex(page, property, before);
    }
  }

  /** The pages a query finds, newest first unless it says otherwise. */
  query({ filter, sorts = [], inTrash = false }: Query, now: number): Page[] {
    const scope: Scope = { find: (nameOrId) => this.find(nameOrId), now };
    const test = filter ? compile(filter, scope) : () => true;
    const email = demandedEmail(filter, scope);
    const candidates = email ? [...(this.#byEmail.get(keyOf(...email)) ?? [])] : this.pages;
    const found = candidates.filter((page) => page.inTrash === inTrash && test(page));
    return sorts.length === 0 ? found.toReversed() : found.toSorted(comparator(sorts, scope));
  }

  #reindex(page: Page, property: Property, before: Plain): void {
    const now = page.plain(property);
    if (now === before) return;
    if (before !== null) this.#byEmail.get(keyOf(property, String(before)))?.delete(page);
    if (now === null) return;
    const key = keyOf(property, String(now));
    this.#byEmail.set(key, (this.#byEmail.get(key) ?? new Set()).add(page));
  }

  databaseAnswer(): DatabaseObjectResponse {
    return {
      object: 'database',
      id: this.databaseId,
      title: [richText({ text: { content: this.title } })],
      description: [],
      parent: WORKSPACE,
      is_inline: false,
      in_trash: false,
      archived: false,
      is_locked: false,
      created_time: toMinute(this.createdAt),
      last_edited_time: toMinute(this.createdAt),
      data_sources: [{ id: this.id, name: this.title }],
      icon: null,
      cover: null,
      url: `https://www.notion.so/${this.databaseId.replaceAll('-', '')}`,
      public_url: null,
    };
  }

  answer(): DataSourceObjectResponse {
    return {
      object: 'data_source',
      id: this.id,
      title: [richText({ text: { content: this.title } })],
      description: [],
      parent: { type: 'database_id', database_id: this.databaseId },
      database_parent: WORKSPACE,
      is_inline: false,
      in_trash: false,
      archived: false,
      created_time: toMinute(this.createdAt),
      last_edited_time: toMinute(this.createdAt),
      created_by: BOT,
      last_edited_by: BOT,
      properties: Object.fromEntries(
        this.properties.map((property) => [property.name, configurationOf(property)]),
      ),
      icon: null,
      cover: null,
      url: `https://www.notion.so/${this.databaseId.replaceAll('-', '')}`,
      public_url: null,
    };
  }
}

const keyOf = ({ name }: Property, address: string) => `${name}\n${address}`;

/** A property as the data source's schema shows it. */
function configurationOf({
  id,
  name,
  type,
  options,
}: Property): DataSourceObjectResponse['properties'][string] {
  const common = { id, name, description: null };
  const described = () => ({ options: options.map((option) => ({ ...option, description: null })) });
  switch (type) {
    case 'title':
      return { ...common, type, title: {} };
    case 'rich_text':
      return { ...common, type, rich_text: {} };
    case 'number':
      return { ...common, type, number: { format: 'number' } };
    case 'email':
      return { ...common, type, email: {} };
    case 'select':
      return { ...common, type, select: described() };
    case 'multi_select':
      return { ...common, type, multi_select: described() };
    case 'date':
      return { ...common, type, date: {} };
    case 'checkbox':
      return { ...common, type, checkbox: {} };
  }
}

/** A row of a database by its plain values: what the seed and tests write. */
export interface SeedRow {
  database: DatabaseName;
  values: Readonly<Record<string, Plain>>;
}

/** All databases with their pages. */
export class Workspace {
  readonly sources: readonly Source[];
  readonly pages = new Map<string, Page>();

  constructor(now: number, schemas: Schemas = DATABASES) {
    this.sources = DATABASE_NAMES.map((name) => new Source(name, schemas[name], now));
  }

  source(name: DatabaseName): Source {
    const found = this.sources.find((source) => source.name === name);
    if (!found) throw new Error(`There is no database ${name}.`);
    return found;
  }

  /** A new page with these values; none when one of them is refused. */
  create(source: Source, given: Readonly<Record<string, GivenValue>>, now: number): Page {
    const page = new Page(source, now);
    source.write(page, given);
    source.pages.push(page);
    this.pages.set(page.id, page);
    return page;
  }

  seed(rows: readonly SeedRow[], now: number): Page[] {
    return rows.map(({ database, values }) => {
      const source = this.source(database);
      const given = Object.entries(values).map(([name, plain]) => {
        const property = source.find(name);
        if (!property) throw invalid(`${name} is not a property that exists.`);
        return [name, givenOf(property.type, plain)] as const;
      });
      return this.create(source, Object.fromEntries(given), now);
    });
  }
}
