import { join } from 'node:path';
import { root, websiteFolder } from '../stack/paths.ts';
import { currentCommit } from '../stack/version.ts';
import { type Env, PRODUCTION_NAMESPACE, readNotionEnv, readResendEnv, readWebhookKeys } from './env.ts';
import type { Power, Target } from './target.ts';
import { TEST_MAILBOX } from './test-mailbox.ts';
import type { Mode } from './timetable.ts';

const NOTION_CALLS_PER_SECOND = 3;

export type AttachedEnv = Extract<Env, { TARGET: 'homelab' }>;

/** The two deployments of a run, each in a namespace of its own beside that of real leads. */
const nightlyNamespaces = ({ NIGHTLY_NAMESPACE }: Pick<AttachedEnv, 'NIGHTLY_NAMESPACE'>) =>
  ({ testing: NIGHTLY_NAMESPACE, production: `${NIGHTLY_NAMESPACE}-production` }) satisfies Record<
    Mode,
    string
  >;

/** A target that is not ours: it grants nothing but its site, where it has one. Throws, with every variable that is missing, unless a run can use it. */
export function attachedTarget(env: AttachedEnv): Target {
  const { notion, resend, webhookKeys } = readTogether();
  const namespaces = nightlyNamespaces(env);
  const { SITE_URL: site, SITE_NAMESPACE: behind } = env;
  const mode: Mode =
    behind === PRODUCTION_NAMESPACE || behind === namespaces.production ? 'production' : 'testing';
  return {
    name: 'homelab',
    kestra: {
      url: env.KESTRA_URL,
      user: env.KESTRA_USER,
      password: env.KESTRA_PASSWORD,
      ...(env.KESTRA_DIALECT ? { dialect: env.KESTRA_DIALECT } : {}),
      shared: true,
      version: env.FUNNEL_KESTRA ?? 'unknown',
      webhookKeys,
    },
    namespaces,
    notion: {
      url: notion.NOTION_BASE_URL,
      token: notion.NOTION_TOKEN,
      databases: {
        contacts: notion.NOTION_CONTACTS_DB_ID,
        tracker: notion.NOTION_EMAIL_SEQUENCE_DB_ID,
        templates: notion.NOTION_EMAIL_TEMPLATES_DB_ID,
        analytics: notion.NOTION_EMAIL_ANALYTICS_DB_ID,
        projects: notion.NOTION_CUSTOMER_PROJECTS_DB_ID,
      },
      // Notion allows some three calls a second on average, for all that use one integration.
      shared: { callsPerSecond: NOTION_CALLS_PER_SECOND / env.FUNNEL_WORKERS },
    },
    mail: {
      url: resend.RESEND_BASE_URL,
      testMailbox: TEST_MAILBOX,
      from: resend.RESEND_FROM,
      websiteFrom: resend.RESEND_FROM,
      keys: { website: resend.RESEND_API_KEY, harness: resend.RESEND_API_KEY, kestra: '' },
    },
    alerts: undefined,
    sites: site ? { [mode]: site.replace(/\/$/, '') } : {},
    siteNamespaces: { testing: behind, production: behind },
    siteAsItIs: undefined,
    websiteVariables: () => {
      throw new Error('An attached target starts no website.');
    },
    powers: new Set<Power>(site ? ['site'] : []),
    mark: env.FUNNEL_MARK,
    testingMinuteMs: env.TESTING_MINUTE_SECONDS * 1_000,
    commit: currentCommit(),
    flowsFolder: join(root, 'flows/christmas'),
    websiteFolder,
    secrets: [
      `${env.KESTRA_USER}:${env.KESTRA_PASSWORD}`, // as basic auth sends it, in base64
      env.KESTRA_PASSWORD,
      ...Object.values(webhookKeys),
      notion.NOTION_TOKEN,
      resend.RESEND_API_KEY,
    ],
  };
}

/** What a run needs beside Kestra; all that is missing is named at once, and no value is printed. */
function readTogether() {
  const faults: string[] = [];
  const tried = <T>(read: () => T): T | undefined => {
    try {
      return read();
    } catch (error) {
      faults.push(
        ...String((error as Error).message)
          .split('\n')
          .slice(1),
      );
      return undefined;
    }
  };
  const notion = tried(readNotionEnv);
  const webhookKeys = tried(readWebhookKeys);
  const resend = tried(readResendEnv);
  const { RESEND_API_KEY, RESEND_FROM } = resend ?? {};
  if (resend && !RESEND_API_KEY)
    faults.push('  RESEND_API_KEY: missing (the harness’s own, with full access)');
  if (resend && !RESEND_FROM) faults.push('  RESEND_FROM: missing');
  if (!notion || !webhookKeys || !resend || !RESEND_API_KEY || !RESEND_FROM)
    throw new Error(`Environment not usable (see .env.example):\n${faults.join('\n')}`);
  return { notion, webhookKeys, resend: { ...resend, RESEND_API_KEY, RESEND_FROM } };
}
