import { ZodError } from 'zod';
import { dialectOf } from '../../helpers/clients/kestra-dialect.ts';
import { CONFIGS } from '../../helpers/clients/kestra-routes.ts';
import { KestraTransport } from '../../helpers/clients/kestra-transport.ts';
import {
  type NotionEnv,
  readEnv,
  readNotionEnv,
  readResendEnv,
  readWebhookKeys,
  type Variables,
} from '../../helpers/env.ts';
import { readStackFile, type WebhookName } from '../../helpers/target.ts';
import type { ResendAccess } from '../ops/resend-reader.ts';
import type { NotionAccess } from './notion-sources.ts';

/** The Kestra that the commands work on, and the services its flows will call. */
export interface Connection {
  transport: KestraTransport;
  /** Ours to start and stop: its flows must reach nothing but this machine. */
  local: boolean;
  notion: () => NotionAccess;
  resend?: { url: string };
  webhookKeys: () => Record<WebhookName, string>;
  /** To look up what was sent; undefined when no key for that is given. */
  outbox: () => ResendAccess | undefined;
}

/** The kept local stack, or with TARGET=homelab the Kestra that the environment names. Throws when there is neither. */
export function openConnection(source?: Variables): Connection {
  const env = readEnv(source);
  if (env.TARGET === 'homelab') {
    const address = {
      url: env.KESTRA_URL,
      user: env.KESTRA_USER,
      password: env.KESTRA_PASSWORD,
      ...(env.KESTRA_DIALECT ? { dialect: env.KESTRA_DIALECT } : {}),
    };
    return {
      transport: new KestraTransport(address),
      local: false,
      notion: () => notionOf(readNotionEnv(source)),
      webhookKeys: () => readWebhookKeys(source),
      outbox: () => resendOfEnvironment(source),
    };
  }
  const { kestra, notion, resend } = readStack(env.FUNNEL_STACK_FILE);
  return {
    transport: new KestraTransport({ ...kestra, dialect: dialectOf(kestra.version) }),
    local: true,
    notion: () => notion,
    webhookKeys: () => kestra.webhookKeys,
    resend,
    outbox: () => ({ url: resend.url, key: resend.keys.harness }),
  };
}

function readStack(path: string): ReturnType<typeof readStackFile> {
  try {
    return readStackFile(path);
  } catch (error) {
    if (!(error instanceof ZodError)) throw error;
    const remedy = 'npm run stack -- stop, then npm run stack';
    throw new Error(`${path} is of a stack of another version: ${remedy}.`, { cause: error });
  }
}

/** Why Kestra cannot be worked with, or undefined when it answers. A refused login is thrown: it needs a person. */
export async function unreachable({ transport }: Connection): Promise<string | undefined> {
  try {
    const { status } = await transport.raw(CONFIGS);
    if (status === 401) {
      throw new Error(`${transport.url} refuses the login: look at KESTRA_USER and KESTRA_PASSWORD.`);
    }
    return undefined;
  } catch (error) {
    if (error instanceof Error && error.cause !== undefined) return error.message;
    throw error;
  }
}

/** The Notion that a set of variables names. */
export function notionOf(env: NotionEnv): NotionAccess {
  return {
    url: env.NOTION_BASE_URL,
    token: env.NOTION_TOKEN,
    databases: {
      contacts: env.NOTION_CONTACTS_DB_ID,
      tracker: env.NOTION_EMAIL_SEQUENCE_DB_ID,
      templates: env.NOTION_EMAIL_TEMPLATES_DB_ID,
      analytics: env.NOTION_EMAIL_ANALYTICS_DB_ID,
      projects: env.NOTION_CUSTOMER_PROJECTS_DB_ID,
    },
  };
}

function resendOfEnvironment(source?: Variables): ResendAccess | undefined {
  const { RESEND_API_KEY: key, RESEND_BASE_URL: url } = readResendEnv(source);
  return key === undefined ? undefined : { url, key };
}
