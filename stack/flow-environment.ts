import { hooksAt } from './alerts/server.ts';
import type { DatabaseName } from './notion/schema.ts';
import type { StackSecrets } from './secrets.ts';

/** Who Kestra's mails are from. */
export const sender = 'Christmas Campaign <campaign@funnel.test>';

export interface Surroundings {
  notion: { url: string; databases: Record<DatabaseName, string> };
  resend: string;
  alerts: string;
  testingMinuteSeconds: number;
  startedAt: Date;
}

/** What the flows of a local stack read: Kestra takes `SECRET_…` in base64, and shows `ENV_…` as `envs.…`. */
export function flowEnvironment(secrets: StackSecrets, around: Surroundings): Record<string, string> {
  const { notion, resend, testingMinuteSeconds, startedAt } = around;
  const hooks = hooksAt(around.alerts, secrets.alerts);
  return {
    ...secretVariables({
      NOTION_TOKEN: secrets.notion.flows,
      RESEND_API_KEY: secrets.resend.kestra,
      DISCORD_WEBHOOK_URL: hooks.discord,
      SLACK_WEBHOOK_URL: hooks.slack,
      NOTION_CONTACTS_DB_ID: notion.databases.contacts,
      NOTION_EMAIL_SEQUENCE_DB_ID: notion.databases.tracker,
      NOTION_EMAIL_TEMPLATES_DB_ID: notion.databases.templates,
      NOTION_EMAIL_ANALYTICS_DB_ID: notion.databases.analytics,
      NOTION_CUSTOMER_PROJECTS_DB_ID: notion.databases.projects,
    }),
    ENV_NOTION_BASE_URL: notion.url,
    ENV_RESEND_BASE_URL: resend,
    ENV_TESTING_MINUTE_SECONDS: String(testingMinuteSeconds),
    ENV_RESEND_FROM: sender,
    ENV_DEADLINE_DATE: dayAfter(startedAt, 14),
    // Less than production's, and more than two slow cores need when all workers start at once. Where Notion hangs, a
    // spec has a deployment with a shorter one.
    ENV_NOTION_TIMEOUT: 'PT10S',
    ENV_RESEND_TIMEOUT: 'PT15S',
    ...Object.fromEntries(
      Object.entries(secrets.webhookKeys).map(([name, key]) => [
        `ENV_WEBHOOK_KEY_${name.toUpperCase()}`,
        key,
      ]),
    ),
  };
}

function secretVariables(values: Record<string, string>): Record<string, string> {
  const encode = (value: string): string => Buffer.from(value).toString('base64');
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`SECRET_${name}`, encode(value)]));
}

function dayAfter(start: Date, days: number): string {
  return new Date(start.getTime() + days * 86_400_000).toISOString().slice(0, 10);
}
