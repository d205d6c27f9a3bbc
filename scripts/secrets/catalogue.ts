import type { Kind } from './shapes.ts';

export interface Variable {
  /** As a person writes it, and as `secret('…')` or, in lower case, `envs.…` asks for it. */
  name: string;
  /** What Kestra's server wants before the name: secrets are in base64, settings as they are. */
  place: 'SECRET' | 'ENV';
  kind: Kind;
  required: boolean;
  /** An older name that counts while the newer one is not there. */
  alias?: string;
  /** Where a person finds the value. */
  source: string;
}

const DATABASE = "copy the database's address from Notion";
const KEY = 'npm run secrets -- --generate-keys makes one';
const secret = (name: string, kind: Kind, required: boolean, source: string): Variable => ({
  name,
  place: 'SECRET',
  kind,
  required,
  source,
});
const setting = (name: string, kind: Kind, source: string, required = false): Variable => ({
  name,
  place: 'ENV',
  kind,
  required,
  source,
});

/** What Kestra's server is told: the eight blocks of before, the webhooks' keys, hooks for alerts, settings of mails. */
export const CATALOGUE: readonly Variable[] = [
  secret(
    'NOTION_TOKEN',
    'notion-token',
    true,
    "copy it from the integration's page, notion.so/my-integrations",
  ),
  secret('RESEND_API_KEY', 'resend-key', true, 'make one that may only send, resend.com/api-keys'),
  secret('NOTION_CONTACTS_DB_ID', 'notion-database', true, DATABASE),
  secret('NOTION_EMAIL_SEQUENCE_DB_ID', 'notion-database', true, DATABASE),
  {
    ...secret('NOTION_EMAIL_TEMPLATES_DB_ID', 'notion-database', true, DATABASE),
    alias: 'NOTION_TEMPLATES_DB_ID',
  },
  secret('NOTION_EMAIL_ANALYTICS_DB_ID', 'notion-database', true, DATABASE),
  secret('NOTION_CUSTOMER_PROJECTS_DB_ID', 'notion-database', true, DATABASE),
  secret('DISCORD_WEBHOOK_URL', 'discord-hook', false, "copy it from the channel's integrations"),
  secret('SLACK_WEBHOOK_URL', 'slack-hook', false, "copy it from the Slack app's incoming webhooks"),
  setting('WEBHOOK_KEY_SIGNUP', 'webhook-key', KEY, true),
  setting('WEBHOOK_KEY_ASSESSMENT', 'webhook-key', KEY, true),
  setting('WEBHOOK_KEY_NOSHOW', 'webhook-key', KEY, true),
  setting('WEBHOOK_KEY_POSTCALL', 'webhook-key', KEY, true),
  setting('WEBHOOK_KEY_ONBOARDING', 'webhook-key', KEY, true),
  setting('RESEND_FROM', 'sender', 'an address of a domain that Resend has verified', true),
  setting(
    'TESTING_MODE',
    'off',
    'leave it empty: a deployment for testing has its own (flows -- deploy --testing)',
  ),
  setting('DEADLINE_DATE', 'day', 'the last day of the offer'),
  setting('CALENDLY_LINK', 'link', 'the page where calls are booked'),
  setting('PDF_DOWNLOAD_LINK', 'link', 'where the report is downloaded'),
  setting('SPOTS_REMAINING', 'count', 'how many places are left'),
  setting('BOOKINGS_COUNT', 'count', 'how many have booked'),
  setting('ALERTS', 'boolean', 'whether the hooks are told'),
  setting('TESTING_MINUTE_SECONDS', 'count', 'seconds of a testing minute, 60 without it'),
  setting('NOTION_BASE_URL', 'service-url', "only where it is not Notion's own"),
  setting('RESEND_BASE_URL', 'service-url', "only where it is not Resend's own"),
  setting('NOTION_TIMEOUT', 'duration', 'how long Notion may take'),
  setting('RESEND_TIMEOUT', 'duration', 'how long Resend may take'),
];

/** Kinds of which no two values may be the same. */
export const UNIQUE: ReadonlySet<Kind> = new Set<Kind>([
  'notion-token',
  'resend-key',
  'notion-database',
  'webhook-key',
  'discord-hook',
  'slack-hook',
]);

/** A variable's name as the server has it. */
export const serverName = ({ place, name }: Variable): string => `${place}_${name}`;

export const variableOf = (name: string): Variable | undefined =>
  CATALOGUE.find((one) => one.name === name || one.alias === name);
