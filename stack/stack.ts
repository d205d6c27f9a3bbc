import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { KestraTransport } from '../helpers/clients/kestra-transport.ts';
import { deploy } from '../scripts/flows/deploy.ts';
import { websiteVariables } from '../helpers/website-variables.ts';
import { checkFolder } from '../scripts/flows/validate.ts';
import { startAlerts } from './alerts/server.ts';
import { startEngine } from './engine.ts';
import { startNotion } from './notion/server.ts';
import { keptStackFile, root } from './paths.ts';
import { startResend } from './resend/server.ts';
import { readSetup } from './setup-file.ts';
import { StackFile } from './stack-file.ts';
import { currentCommit, stackVersion } from './version.ts';
import { startWebsite } from './website/server.ts';

export interface StackOptions {
  /** Where the stack tells its addresses. */
  file: string;
  /** Takes logs and data; made when it is not there. */
  folder: string;
  /** `file`: scheduled executions survive a restart. */
  database: 'memory' | 'file';
  testingMinuteSeconds: number;
  testMailbox: string;
  /** The stand-ins keep the real services' rate limits, and take their time. */
  strained: boolean;
  report: (progress: string) => void;
}

export interface Stack {
  file: StackFile;
  /** Settles when the engine has ended, for whatever reason. */
  ended: Promise<void>;
  stop(): Promise<void>;
}

const user = 'harness@funnel.test';
const namespaces = { production: 'christmas', testing: 'christmas.testing' };
const sender = 'Christmas Campaign <campaign@funnel.test>';
/** As documented: Notion three calls a second on average, counted by the minute; Resend five a second for a team. */
const STRAIN = {
  notion: { callsPerMinute: 180, latencyMs: 120 },
  resend: { rateLimitPerSecond: 5, latencyMs: 150 },
};
const folderOfFlows = join(root, 'flows/christmas');

/** Starts stand-ins and engine, deploys the flows in both modes, and writes the stack file last: it means "ready". */
export async function startStack(options: StackOptions): Promise<Stack> {
  const setup = readSetup();
  const version = stackVersion();
  const startedAt = new Date();
  const commit = currentCommit();
  const dataFolder = join(options.folder, 'data');
  if (options.database === 'memory') rmSync(dataFolder, { recursive: true, force: true });
  mkdirSync(options.folder, { recursive: true });

  const secrets = newSecrets();
  const closers: Array<() => Promise<void>> = [];
  const stop = async (): Promise<void> => {
    rmSync(options.file, { force: true });
    for (const close of closers.splice(0).reverse()) await close();
    if (options.database === 'memory') rmSync(dataFolder, { recursive: true, force: true });
  };

  try {
    // While the engine boots. A fault in it is told by the deployment that waits for it.
    const checked = checkFolder(folderOfFlows);
    checked.catch(() => undefined);
    const notion = await startNotion({
      tokens: [secrets.notion.flows, secrets.notion.harness],
      ...(options.strained ? STRAIN.notion : {}),
    });
    closers.push(() => notion.close());
    const resend = await startResend({
      keys: keysOf(secrets),
      testMailbox: options.testMailbox,
      ...(options.strained ? STRAIN.resend : {}),
    });
    closers.push(() => resend.close());
    const alerts = await startAlerts(secrets.alerts);
    closers.push(() => alerts.close());
    options.report('stand-ins listen');

    const engine = await startEngine({
      setup,
      folder: options.folder,
      dataFolder,
      database: options.database,
      user,
      password: secrets.password,
      flowEnvironment: {
        ...secretVariables({
          NOTION_TOKEN: secrets.notion.flows,
          RESEND_API_KEY: secrets.resend.kestra,
          DISCORD_WEBHOOK_URL: alerts.hooks.discord,
          SLACK_WEBHOOK_URL: alerts.hooks.slack,
          NOTION_CONTACTS_DB_ID: notion.databases.contacts,
          NOTION_EMAIL_SEQUENCE_DB_ID: notion.databases.tracker,
          NOTION_EMAIL_TEMPLATES_DB_ID: notion.databases.templates,
          NOTION_EMAIL_ANALYTICS_DB_ID: notion.databases.analytics,
          NOTION_CUSTOMER_PROJECTS_DB_ID: notion.databases.projects,
        }),
        ENV_NOTION_BASE_URL: notion.url,
        ENV_RESEND_BASE_URL: resend.url,
        ENV_TESTING_MINUTE_SECONDS: String(options.testingMinuteSeconds),
        ENV_RESEND_FROM: sender,
        ENV_DEADLINE_DATE: dayAfter(startedAt, 14),
        // Less than production's, and more than two cores need when all workers start at once. Where Notion hangs, a
        // spec has a deployment with a shorter one.
        ENV_NOTION_TIMEOUT: 'PT3S',
        ENV_RESEND_TIMEOUT: 'PT5S',
        ...Object.fromEntries(
          Object.entries(secrets.webhookKeys).map(([name, key]) => [
            `ENV_WEBHOOK_KEY_${name.toUpperCase()}`,
            key,
          ]),
        ),
      },
    });
    closers.push(() => engine.stop());
    options.report(`Kestra ${engine.version} answers`);

    const transport = new KestraTransport({ url: engine.url, user, password: secrets.password });
    const source = { url: notion.url, token: secrets.notion.harness, databases: notion.databases };
    const folder = await checked;
    const deployAs = (namespace: string, testing: boolean): Promise<unknown> =>
      deploy({
        transport,
        namespace,
        testing,
        // Each alert costs 0.3 s of CPU, and most specs about failures run with production delays.
        alerts: testing,
        folder,
        commit,
        notion: source,
        resend: { url: resend.url },
        local: true,
      });
    await Promise.all([deployAs(namespaces.production, false), deployAs(namespaces.testing, true)]);
    options.report('flows are deployed');

    const kestra = {
      url: engine.url,
      managementUrl: engine.managementUrl,
      version: engine.version,
      user,
      password: secrets.password,
      webhookKeys: secrets.webhookKeys,
    };
    const siteOf = async (name: string, mode?: keyof typeof namespaces): Promise<string> => {
      const log = (line: string): void => console.log(`${new Date().toISOString()} website ${name}: ${line}`);
      const behind = { kestra, namespaces, resend: { url: resend.url, from: sender, keys: secrets.resend } };
      const variables = mode && websiteVariables(behind, mode);
      const site = await startWebsite({ animationMs: 0, log, ...(variables ? { variables } : {}) });
      closers.push(() => site.close());
      return site.url;
    };
    const websites = {
      production: await siteOf('production', 'production'),
      testing: await siteOf('testing', 'testing'),
      asItIs: await siteOf('as it is'),
    };
    options.report('the website answers');

    const file = StackFile.parse({
      version,
      pid: process.pid,
      startedAt: startedAt.toISOString(),
      kept: options.file === keptStackFile,
      logFolder: options.folder,
      testingMinuteSeconds: options.testingMinuteSeconds,
      testMailbox: options.testMailbox,
      commit,
      namespaces,
      kestra,
      websites,
      notion: { ...source, flowsToken: secrets.notion.flows },
      resend: { url: resend.url, from: sender, keys: secrets.resend },
      alerts: { url: alerts.url, tokens: secrets.alerts },
    } satisfies StackFile);
    mkdirSync(dirname(options.file), { recursive: true });
    // `wx`: of two stacks started at once as the kept one, the second fails here and stops again.
    writeFileSync(options.file, `${JSON.stringify(file, undefined, 2)}\n`, { mode: 0o600, flag: 'wx' });
    return { file, ended: engine.ended, stop };
  } catch (error) {
    for (const close of closers.reverse()) await close();
    throw error;
  }
}

function newSecrets() {
  const secret = (prefix = ''): string => `${prefix}${randomBytes(18).toString('base64url')}`;
  return {
    // Kestra wants an upper-case letter and a digit in it.
    password: secret('K1-'),
    notion: { flows: secret('ntn_'), harness: secret('ntn_') },
    resend: { website: secret('re_'), kestra: secret('re_'), harness: secret('re_') },
    alerts: { discord: secret(), slack: secret() },
    webhookKeys: {
      signup: secret(),
      assessment: secret(),
      noshow: secret(),
      postcall: secret(),
      onboarding: secret(),
    },
  };
}

function keysOf({ resend }: ReturnType<typeof newSecrets>): Parameters<typeof startResend>[0]['keys'] {
  return [
    { key: resend.website, name: 'website', permission: 'sending_access' },
    { key: resend.kestra, name: 'kestra', permission: 'sending_access' },
    { key: resend.harness, name: 'harness', permission: 'full_access' },
  ];
}

/** Kestra reads `SECRET_<NAME>` variables in base64. */
function secretVariables(values: Record<string, string>): Record<string, string> {
  const encode = (value: string): string => Buffer.from(value).toString('base64');
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`SECRET_${name}`, encode(value)]));
}

function dayAfter(start: Date, days: number): string {
  return new Date(start.getTime() + days * 86_400_000).toISOString().slice(0, 10);
}
