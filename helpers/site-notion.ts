import { z } from 'zod';
import type { KestraClient } from './clients/kestra-client.ts';
import { NotionClient } from './clients/notion-client.ts';
import type { Target } from './target.ts';

const id = z.string();
const Sources = z.object({ contacts: id, tracker: id, templates: id, analytics: id, projects: id });

/**
 * The Notion into which the deployment behind a website writes, as that deployment itself tells: a site may stand before one
 * whose databases are no copies. Undefined when nothing is deployed there.
 */
export async function notionBehind(
  namespace: string,
  { target, kestra }: { target: Pick<Target, 'notion'>; kestra: KestraClient },
): Promise<NotionClient | undefined> {
  const said = await kestra.kv({ namespace }).get('NOTION_SOURCES');
  return said === undefined
    ? undefined
    : new NotionClient({ ...target.notion, sources: Sources.parse(said) });
}
