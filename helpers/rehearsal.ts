import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { StackFile } from '../stack/stack-file.ts';
import { stackFolder } from '../stack/paths.ts';
import { startStackProcess } from '../stack/start.ts';

/** A stack started apart, whose user is told no more of it than a homelab's: addresses, a login, keys. */
export interface AttachedStack {
  /** The environment of a run that attaches to it. */
  variables: Record<string, string>;
  file: StackFile;
  stop(): Promise<void>;
}

/** Starts it, its stand-ins with the real services' rate limits and latency. */
export async function startAttachedStack({
  testingMinuteSeconds,
  report,
}: {
  testingMinuteSeconds: number;
  report?: (line: string) => void;
}): Promise<AttachedStack> {
  const folder = mkdtempSync(join(stackFolder, 'run-attached-'));
  const started = await startStackProcess({
    file: join(folder, 'stack.json'),
    folder,
    strained: true,
    testingMinuteSeconds,
    ...(report ? { report } : {}),
  });
  return {
    file: started.file,
    variables: variablesOf(started.file, testingMinuteSeconds),
    stop: async () => {
      await started.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function variablesOf({ kestra, notion, resend }: StackFile, minute: number): Record<string, string> {
  const { databases } = notion;
  return {
    TARGET: 'homelab',
    TESTING_MINUTE_SECONDS: String(minute),
    KESTRA_URL: kestra.url,
    KESTRA_USER: kestra.user,
    KESTRA_PASSWORD: kestra.password,
    NOTION_BASE_URL: notion.url,
    NOTION_TOKEN: notion.token,
    NOTION_CONTACTS_DB_ID: databases.contacts,
    NOTION_EMAIL_SEQUENCE_DB_ID: databases.tracker,
    NOTION_EMAIL_TEMPLATES_DB_ID: databases.templates,
    NOTION_EMAIL_ANALYTICS_DB_ID: databases.analytics,
    NOTION_CUSTOMER_PROJECTS_DB_ID: databases.projects,
    RESEND_BASE_URL: resend.url,
    RESEND_API_KEY: resend.keys.harness,
    RESEND_FROM: resend.from,
    ...Object.fromEntries(
      Object.entries(kestra.webhookKeys).map(([name, key]) => [`WEBHOOK_KEY_${name.toUpperCase()}`, key]),
    ),
  };
}
