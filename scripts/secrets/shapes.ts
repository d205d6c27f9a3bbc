import { extractDatabaseId } from '@notionhq/client';

/** What a value is for. Its shape tells whether the right thing was pasted. */
export type Kind =
  | 'notion-token'
  | 'resend-key'
  | 'notion-database'
  | 'webhook-key'
  | 'discord-hook'
  | 'slack-hook'
  | 'sender'
  | 'service-url'
  | 'link'
  | 'day'
  | 'duration'
  | 'count'
  | 'boolean'
  | 'off';

interface Shape {
  /** What it looks like, in a person's words. */
  what: string;
  fits: (value: string) => boolean;
}

const TOKEN_TAIL = '[\\w-]{16,}';
const EMAIL = /^[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+$/;
const UUID = /^[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}$/i;
const NOTION_PAGE = /^https:\/\/(?:[\w-]+\.)*notion\.(?:so|site|com)\//;
/** A name without a dot is a service of the same compose file or this machine: nothing travels in clear outside. */
const HERE = /^http:\/\/(?:127(?:\.\d+){3}|[\w-]+)(?::\d+)?\/?$/;

export const SHAPES: Record<Kind, Shape> = {
  'notion-token': {
    what: 'a token of a Notion integration (ntn_…)',
    fits: (value) => new RegExp(`^(?:ntn|secret)_${TOKEN_TAIL}$`).test(value),
  },
  'resend-key': {
    what: 'a key of Resend (re_…)',
    fits: (value) => new RegExp(`^re_${TOKEN_TAIL}$`).test(value),
  },
  'notion-database': {
    what: "a Notion database's id (32 digits) or address",
    fits: (value) => UUID.test(value) || (NOTION_PAGE.test(value) && extractDatabaseId(value) !== null),
  },
  'webhook-key': {
    what: `a random key of at least 24 letters, digits, dashes and underscores`,
    fits: (value) => /^[\w-]{24,}$/.test(value),
  },
  'discord-hook': {
    what: 'an incoming hook of Discord (https://discord.com/api/webhooks/…)',
    fits: (value) => /^https:\/\/(?:\w+\.)?discord(?:app)?\.com\/api\/webhooks\/\d+\/[\w-]+$/.test(value),
  },
  'slack-hook': {
    what: 'an incoming hook of Slack (https://hooks.slack.com/…)',
    fits: (value) => /^https:\/\/hooks\.slack\.com\/(?:services|workflows|triggers)\/\S+$/.test(value),
  },
  sender: {
    what: 'a sender, name@domain or Name <name@domain>',
    fits: (value) => EMAIL.test(addressOf(value)),
  },
  'service-url': {
    what: 'an https address without a path',
    fits: (value) => HERE.test(value) || /^https:\/\/[^\s/@]+\/?$/.test(value),
  },
  link: { what: 'an https address', fits: (value) => /^https:\/\/[^\s/@]+(?:\/\S*)?$/.test(value) },
  day: {
    what: 'a day such as 2025-12-05',
    fits: (value) => /^\d{4}-\d{2}-\d{2}$/.test(value) && isDay(value),
  },
  duration: {
    what: 'a duration such as PT10S',
    fits: (value) => /^PT(?:\d+M)?(?:\d+(?:\.\d+)?S)?$/.test(value) && value !== 'PT',
  },
  count: { what: 'a number such as 12', fits: (value) => /^\d{1,9}$/.test(value) },
  boolean: { what: 'true or false', fits: (value) => /^(?:true|false)$/.test(value) },
  off: { what: 'false, or nothing', fits: (value) => value === 'false' },
};

/** Kinds whose shape is nobody else's. A credential among them is a mistake wherever another thing belongs. */
const CREDENTIALS = ['notion-token', 'resend-key', 'discord-hook', 'slack-hook'] as const;
const TELLING: readonly Kind[] = [...CREDENTIALS, 'notion-database', 'sender'];

/** The credential that a value is by its shape. */
export const credentialIn = (value: string): Kind | undefined =>
  CREDENTIALS.find((kind) => SHAPES[kind].fits(value));

/** What a value is by its shape, where the shape tells. */
export const recognise = (value: string): Kind | undefined =>
  TELLING.find((kind) => SHAPES[kind].fits(value));

/** The address in `Name <address>`, or all of it. */
export const addressOf = (sender: string): string => /<([^<>]*)>\s*$/.exec(sender)?.[1] ?? sender.trim();

/** What canonical base64 of a text holds; undefined for anything else. */
export function decoded(value: string): string | undefined {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(value) || value.length % 4 !== 0) return undefined;
  const bytes = Buffer.from(value, 'base64');
  if (bytes.toString('base64') !== value) return undefined;
  const text = bytes.toString('utf8');
  return Buffer.from(text, 'utf8').equals(bytes) ? text : undefined;
}

/** Two spellings of one thing are one value. */
export const canonical = (kind: Kind, value: string): string =>
  kind === 'notion-database' ? (extractDatabaseId(value) ?? value) : value;

function isDay(text: string): boolean {
  const moment = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(moment.getTime()) && moment.toISOString().startsWith(text);
}
