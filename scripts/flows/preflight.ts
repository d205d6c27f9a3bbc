import { Client, LogLevel } from '@notionhq/client';
import { z } from 'zod';
import type { KestraTransport } from '../../helpers/clients/kestra-transport.ts';
import { KestraAdmin } from './kestra-admin.ts';
import { DATABASES, NOTION_VERSION, reasonOf } from './notion-sources.ts';
import { runPython } from './python.ts';

const Row = z.object({
  database: z.enum(DATABASES),
  /** What the property is called in the flows, and in `--properties`. */
  key: z.string(),
  property: z.string(),
  expected: z.string(),
  /** The live type; null when there is no such property. */
  found: z.string().nullable(),
  /** A property that is there and differs in case or spacing only. */
  near: z.string().nullable(),
  /** Options by which the flows filter, and that a select does not have. */
  lacks: z.array(z.string()),
  fault: z.string().nullable(),
});
/** One property that the flows use. */
export type PreflightRow = z.infer<typeof Row>;

const Sources = z.record(z.enum(DATABASES), z.string());

export interface PreflightRequest {
  transport: KestraTransport;
  namespace: string;
  folder: string;
  /** Where the deployment has no address of its own. */
  notion: { url: string; token: string };
}

/** Compares the live databases of a deployment with the names and types its flows use, the flows' own map saying which. */
export async function preflight({
  transport,
  namespace,
  folder,
  notion,
}: PreflightRequest): Promise<PreflightRow[]> {
  const admin = new KestraAdmin(transport, namespace);
  const [sources, overrides, url] = await Promise.all(
    ['NOTION_SOURCES', 'NOTION_PROPERTIES', 'NOTION_BASE_URL'].map((key) => admin.setting(key)),
  );
  const parsed = Sources.safeParse(sources);
  if (!parsed.success) throw new Error(`${namespace} does not know all its databases: deploy into it first.`);
  const client = new Client({
    auth: notion.token,
    baseUrl: typeof url === 'string' ? url : notion.url,
    notionVersion: NOTION_VERSION,
    logLevel: LogLevel.ERROR,
  });
  const live = await Promise.all(
    DATABASES.map(async (name) => {
      const answer = await client.dataSources
        .retrieve({ data_source_id: parsed.data[name] })
        .catch((cause: unknown) => {
          throw new Error(`Notion database "${name}": ${reasonOf(cause)}`, { cause });
        });
      return [name, answer.properties] as const;
    }),
  );
  return propertyRows(Object.fromEntries(live), overrides, folder);
}

/** The properties that the flows use, each against the live `properties` of its database. */
export async function propertyRows(
  live: Record<string, unknown>,
  overrides: unknown,
  folder: string,
): Promise<PreflightRow[]> {
  const rows = await runPython(
    'preflight_rows.py',
    { live, overrides: overrides ?? {} },
    { args: [folder], why: "to read the flows' property names" },
  );
  return z.array(Row).parse(rows);
}

/** What a person does about a property with a fault. */
export function remedyFor({ database, key, property, near, found, expected }: PreflightRow): string {
  if (found === expected) return 'Notion refuses to filter by an option that it does not know';
  const inNotion = near === null ? `make "${property}" there` : `rename "${near}" there`;
  const name = JSON.stringify({ [database]: { [key]: near ?? '<its name>' } });
  return `${inNotion}, or deploy with --properties FILE that says ${name}`;
}
