import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, websiteFolder } from '../stack/paths.ts';
import { StackFile } from '../stack/stack-file.ts';
import { type Dialect, dialectOf } from './clients/kestra-dialect.ts';
import type { NotionAddress } from './clients/notion-client.ts';
import type { KestraAddress } from './clients/kestra-transport.ts';
import { attachedTarget } from './attached.ts';
import { type Env, readEnv } from './env.ts';
import type { Mode } from './timetable.ts';
import { websiteVariables } from './website-variables.ts';

/** What a target lets its user do beyond looking. An attached one grants none of it. */
export type Power =
  /** Notion and Resend can be told to misbehave for one lead. */
  | 'faults'
  /** The mailbox can be read whole, with the key that sent each mail. */
  | 'mailbox'
  /** What Discord and Slack got can be read, and either can be told to fail. */
  | 'alerts'
  /** Copies of the flows may be deployed, each with a Notion of its own. */
  | 'deployments'
  /** There is a website. */
  | 'site'
  /** Its website posts christmas-signup and christmas-assessment. */
  | 'website-webhooks'
  /** Its website has buttons for what calendar, CRM and payment system tell. */
  | 'event-webhooks'
  /** Websites of a test's own may be started, each with settings of its own. */
  | 'own-website'
  /** Nobody else reads its databases: the rows of a test may stay. */
  | 'keeps-rows'
  /** All of it ends with the run: what a test scheduled need not be killed. */
  | 'throw-away'
  /** It is this test's own: its engine may be killed and started again, on what it has left. */
  | 'own-stack'
  /** Its engine can be shown another clock. */
  | 'skewed-clock'
  /** The engine's storage is on a disk that can be filled. */
  | 'small-disk'
  /** Its processes are this machine's, and the system tells which of them listens where: Linux does. */
  | 'tells-ports';

export type WebhookName = keyof StackFile['kestra']['webhookKeys'];

interface MailAddress {
  url: string;
  testMailbox: string;
  /** The campaign's sender. */
  from: string;
  /** What the website's own mails come from. */
  websiteFrom: string;
  /** `harness` may read. `kestra`, the flows' own, is empty where a run does not know it. */
  keys: { website: string; harness: string; kestra: string };
}

/** Where the specs point. Code asks what a target may do, never which it is. */
export interface Target {
  readonly name: Env['TARGET'];
  readonly kestra: KestraAddress & { version: string; webhookKeys: Record<WebhookName, string> };
  readonly namespaces: Record<Mode, string>;
  readonly notion: NotionAddress;
  readonly mail: MailAddress;
  readonly alerts: { url: string } | undefined;
  /** The website behind which a mode's deployment stands; a site that is not ours has but one mode. */
  readonly sites: Partial<Record<Mode, string>>;
  /** The deployments that the websites call. */
  readonly siteNamespaces: Record<Mode, string>;
  /** The pages of the reference website without its calls, as the real site is today; where the target has one. */
  readonly siteAsItIs: string | undefined;
  /** What a website must start with to have a mode's deployment behind it. */
  readonly websiteVariables: (mode: Mode) => Record<string, string>;
  readonly powers: ReadonlySet<Power>;
  /** Of this run, in the address of each of its leads; undefined where nobody else could take a row for theirs. */
  readonly mark: string | undefined;
  readonly testingMinuteMs: number;
  readonly commit: string;
  /** The flows that are deployed there. */
  readonly flowsFolder: string;
  /** The code of the reference website, for those that a test starts itself. */
  readonly websiteFolder: string;
  /** Values that must appear in no report. */
  readonly secrets: readonly string[];
}

let opened: Target | undefined;

/** The target of this process, opened once. */
export function openTarget(): Target {
  return (opened ??= open(readEnv()));
}

function open(env: Env): Target {
  if (env.TARGET === 'homelab') return attachedTarget(env);
  return localTarget(readStackFile(env.FUNNEL_STACK_FILE), env.SITE_URL);
}

/** What a target's Kestra speaks, as far as the run knows its version. */
export const lineOf = ({ kestra }: Pick<Target, 'kestra'>): Dialect | undefined =>
  kestra.dialect ?? (/^v?\d/.test(kestra.version) ? dialectOf(kestra.version) : undefined);

/** The running stack's file; says how to start one when there is none. */
export function readStackFile(path: string): StackFile {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new Error(`No local stack runs (no ${path}): start one with \`npm run stack\`.`);
  }
  return StackFile.parse(JSON.parse(text));
}

/** The mode of a site that is not ours: its mails come within minutes. */
export const FOREIGN_SITE_MODE: Mode = 'testing';

/** From now on this process points there: a worker whose tests have a stack of their own. */
export function pointAt(target: Target): void {
  opened = target;
}

/** The target of a stack that runs here. */
export function localTarget(stack: StackFile, siteUrl?: string): Target {
  return {
    name: 'local',
    kestra: { ...stack.kestra, dialect: dialectOf(stack.kestra.version) },
    namespaces: stack.namespaces,
    notion: stack.notion,
    mail: {
      url: stack.resend.url,
      testMailbox: stack.testMailbox,
      from: stack.resend.from,
      websiteFrom: 'The website <website@funnel.example>',
      keys: stack.resend.keys,
    },
    alerts: stack.alerts,
    sites: siteUrl ? { [FOREIGN_SITE_MODE]: siteUrl.replace(/\/$/, '') } : stack.websites,
    siteNamespaces: stack.namespaces,
    siteAsItIs: stack.websites.asItIs,
    websiteVariables: (mode) => websiteVariables(stack, mode),
    powers: new Set<Power>([
      'faults',
      'mailbox',
      'alerts',
      'deployments',
      'keeps-rows',
      'site',
      ...(siteUrl ? [] : (['website-webhooks', 'event-webhooks', 'own-website'] as const)),
      ...(stack.kept ? [] : ['throw-away' as const]),
      ...(process.platform === 'linux' ? ['tells-ports' as const] : []),
    ]),
    mark: undefined,
    testingMinuteMs: stack.testingMinuteSeconds * 1_000,
    commit: stack.commit,
    flowsFolder: stack.flowsFolder ?? join(root, 'flows/christmas'),
    websiteFolder: stack.websiteFolder ?? websiteFolder,
    secrets: secretsOf(stack),
  };
}

/** Every secret of a stack. */
export function secretsOf(stack: StackFile): string[] {
  return [
    `${stack.kestra.user}:${stack.kestra.password}`, // as basic auth sends it, in base64
    stack.kestra.password,
    ...Object.values(stack.kestra.webhookKeys),
    stack.notion.token,
    stack.notion.flowsToken,
    ...Object.values(stack.resend.keys),
    ...Object.values(stack.alerts.tokens),
  ];
}

const LACKS = 'The target does not grant ';

/** What a machine lacks whose local stack does not have a power, in the words of whoever can supply it. */
const REMEDIES: Partial<Record<Power, string>> = {
  'own-stack': 'only the embedded engine, of the version that is deployed, is killed and started again',
  'skewed-clock':
    'this machine has no libfaketime (as root: apt-get install libfaketime, then npm run setup)',
  'small-disk':
    'this machine lets its user mount no disk of his own (unshare --user --map-root-user --mount)',
};

/** Why a test is skipped that needs `power`. */
export const reasonFor = (power: Power): string =>
  `${LACKS}"${power}"${REMEDIES[power] ? `: ${REMEDIES[power]}` : ''}.`;

/** The power for want of which a test was skipped; undefined for any other reason. */
export const powerIn = (reason = ''): string | undefined =>
  reason.startsWith(LACKS) ? /^"([^"]+)"/.exec(reason.slice(LACKS.length))?.[1] : undefined;

/** Skips the test that needs a power which the target lacks. */
export function need(
  target: Pick<Target, 'powers'>,
  power: Power,
  test: { skip: (condition: boolean, reason: string) => void },
): void {
  test.skip(!target.powers.has(power), reasonFor(power));
}
