import { APIErrorCode, Client, extractDatabaseId, isNotionClientError, LogLevel } from '@notionhq/client';

export const DATABASES = ['contacts', 'tracker', 'templates', 'analytics', 'projects'] as const;

/** The flows' own version. */
export const NOTION_VERSION = '2025-09-03';

/** The Notion databases the flows use. */
export type DatabaseName = (typeof DATABASES)[number];

export interface NotionAccess {
  /** Without /v1. */
  url: string;
  token: string;
  /** As people configure them, by name: ids, or addresses copied from the browser. */
  databases: Record<DatabaseName, string>;
}

/** The data source behind each database: since API version 2025-09-03 rows are read and written by its id. */
export async function resolveSources({
  url,
  token,
  databases,
}: NotionAccess): Promise<Record<DatabaseName, string>> {
  const client = new Client({
    auth: token,
    baseUrl: url,
    notionVersion: NOTION_VERSION,
    logLevel: LogLevel.ERROR,
  });
  const resolved = await Promise.all(
    DATABASES.map(async (name) => [name, await sourceOf(client, name, databases[name])] as const),
  );
  return Object.fromEntries(resolved) as Record<DatabaseName, string>;
}

/** The data source behind one database. Throws, naming the database, when there is none to be used. */
export async function sourceOf(client: Client, name: DatabaseName, given: string): Promise<string> {
  const id = extractDatabaseId(given);
  if (id === null) {
    throw new Error(
      `Notion database "${name}": ${given.length} characters that hold no id. Copy the database's address or its 32 digits.`,
    );
  }
  const database = await client.databases.retrieve({ database_id: id }).catch((cause: unknown) => {
    throw new Error(`Notion database "${name}": ${reasonOf(cause)}`, { cause });
  });
  const sources = 'data_sources' in database ? database.data_sources : [];
  const [only] = sources;
  if (!only || sources.length > 1) {
    throw new Error(
      `Notion database "${name}" has ${sources.length} data sources, and the flows use one: configure a database with one.`,
    );
  }
  return only.id;
}

/** Why Notion could not be asked, in words a person acts on. */
export function reasonOf(cause: unknown): string {
  if (!isNotionClientError(cause)) return 'Notion cannot be reached';
  return cause.code === APIErrorCode.ObjectNotFound
    ? 'not found; check its id, and share it with the integration'
    : cause.message;
}
