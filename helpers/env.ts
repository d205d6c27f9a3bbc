import { config as readDotenv } from 'dotenv';
import { z } from 'zod';
import { KESTRA_VERSIONS, kestraVersion, UNKNOWN_VERSION } from '../scripts/setup/kestra-versions.mjs';

const common = {
  /** Gates to run although they are closed: `@blocked:…` tags, comma-separated, or `all`. */
  OPEN_GATES: z
    .string()
    .default('')
    .transform((list) => list.split(',').flatMap((one) => one.trim() || [])),
  /** `exact`: each test's first lead has the test mailbox's bare address, and the tests run one after the other. */
  TEST_ADDRESS: z.enum(['tagged', 'exact']).default('tagged'),
  /** What random choices begin with; without it each run has its own. */
  SEED: z.coerce.number().int().optional(),
  /** How many hostile requests each server gets from a test; the suite's own number is small. */
  HOSTILE_REQUESTS: z.coerce.number().int().positive().default(200),
  CHROMIUM_PATH: z.string().optional(),
  /** Traefik's public address, for `@edge` specs. */
  EDGE_URL: z.url({ protocol: /^https$/, error: 'the public address of Traefik, https://<host>' }).optional(),
  /** The same by plain HTTP; port 80 of the same host unless said. */
  EDGE_HTTP_URL: z.url({ protocol: /^http$/, error: 'an address by plain HTTP, http://<host>' }).optional(),
  /** `docker`: the official image of Kestra with Postgres in containers, in place of the embedded engine. */
  STACK_ENGINE: z.enum(['embedded', 'docker']).default('embedded'),
  /** Beside 127.0.0.1, the one address at which stand-ins and websites may listen: for a container's inside. */
  STACK_LISTEN: z.union([z.ipv4(), z.ipv6()], { error: 'an IP address' }).optional(),
  /** The stand-ins answer the flows up to so many milliseconds late: brings out what a spec does not wait for. */
  LATE_ANSWERS_MS: z.coerce.number().int().nonnegative().default(0),
  /** The version of the embedded engine; an attached Kestra and Docker's image have their own. */
  KESTRA_VERSION: z.enum(KESTRA_VERSIONS, { error: UNKNOWN_VERSION }).default(KESTRA_VERSIONS[0]),
  /** Set by build servers: a forgotten `test.only` fails there. */
  CI: z.string().optional(),
  /** Where a run writes; handed on by the process that started it. */
  FUNNEL_REPORTS: z.string().optional(),
  /** What decides this machine's pixels; handed on by the process that started a run. */
  FUNNEL_PIXELS: z.string().optional(),
  /** `later`: who started the run tells the totals, so the run itself does not. */
  FUNNEL_TOTALS: z.literal('later').optional(),
  /** The mark of a run on a target that is not ours, and that target's Kestra; handed on by the process that started it. */
  FUNNEL_MARK: z.string().optional(),
  FUNNEL_KESTRA: z.string().optional(),
  /** How many workers share what such a target's services allow. */
  FUNNEL_WORKERS: z.coerce.number().int().positive().default(1),
};

const LOCAL_MINUTE_SECONDS = 5;
const MINUTE_SECONDS = 60;
const minuteSeconds = (usual: number) => z.coerce.number().positive().default(usual);
/** The deployment of real leads. No run deploys into it. */
export const PRODUCTION_NAMESPACE = 'christmas';

const Namespace = z
  .string()
  .regex(/^[a-z0-9]+([.-][a-z0-9]+)*$/, 'a Kestra namespace: lower-case letters, digits, dots and hyphens');

const Env = z.discriminatedUnion('TARGET', [
  z.object({
    TARGET: z.literal('local'),
    TESTING_MINUTE_SECONDS: minuteSeconds(LOCAL_MINUTE_SECONDS),
    FUNNEL_STACK_FILE: z.string().default('.stack/stack.json'),
    /** The site whose journeys are run, in place of the stack's reference website; the stack stands behind it. */
    SITE_URL: z
      .url({
        hostname: /^(127\.0\.0\.1|localhost)$/,
        error: 'a site on this machine, http://localhost:<port>',
      })
      .optional(),
    ...common,
  }),
  z.object({
    TARGET: z.literal('homelab'),
    TESTING_MINUTE_SECONDS: minuteSeconds(MINUTE_SECONDS),
    KESTRA_URL: z.url(),
    KESTRA_USER: z.string(),
    KESTRA_PASSWORD: z.string(),
    /** What the server speaks, where its version must not decide. */
    KESTRA_DIALECT: z.enum(['0.2x', '1.x', '2.x']).optional(),
    /** Where a run deploys the flows in TESTING_MODE; with `-production` behind it, where it deploys them without. */
    NIGHTLY_NAMESPACE: z
      .string()
      .default(`${PRODUCTION_NAMESPACE}.nightly`)
      .pipe(Namespace)
      .refine(
        (name) => name !== PRODUCTION_NAMESPACE,
        'not the namespace of real leads: a run deploys into it',
      ),
    /** The real site, whose journeys are run; `npm run doctor` asks whether it answers. */
    SITE_URL: z.url({ protocol: /^https?$/ }).optional(),
    /** The deployment that the site's webhook addresses point to. */
    SITE_NAMESPACE: z.string().default(`${PRODUCTION_NAMESPACE}.nightly`).pipe(Namespace),
    /** The most mails that a run may be about to cause. */
    MAIL_BUDGET: z.coerce.number().int().nonnegative().default(60),
    ...common,
  }),
]);
export type Env = z.infer<typeof Env>;

export type Variables = Record<string, string | undefined>;

/** What the shell and `.env` say; the shell wins. Set but empty counts as not set, as in a copied `.env.example`. */
export function given(): Variables {
  const fromFile: Record<string, string> = {};
  readDotenv({ quiet: true, processEnv: fromFile });
  return Object.fromEntries(
    Object.entries({ ...fromFile, ...process.env }).filter(([, value]) => value !== ''),
  );
}

/** The only reader of process.env. Names every fault at once, and never prints a value. */
export function readEnv(source: Variables = given()): Env {
  const parsed = Env.safeParse({ ...source, TARGET: source['TARGET'] ?? 'local' });
  if (!parsed.success) throw new Error(`Environment not usable (see .env.example):\n${faults(parsed.error)}`);
  return parsed.data;
}

/** Where the suite points, as it was said; needs no other variable to be there. */
export const readTargetName = (source: Variables = given()): string => source['TARGET'] ?? 'local';

/** The version of the embedded engine; needs no other variable to be there. */
export const readKestraVersion = (source: Variables = given()) => kestraVersion(source['KESTRA_VERSION']);

/** Where stand-ins and websites may listen beside the loopback address; needs no other variable to be there. */
export const readListenAddress = (source: Variables = given()): string | undefined => source['STACK_LISTEN'];

/** How late a stand-in may answer the flows, in milliseconds; needs no other variable to be there. */
export function readLateAnswersMs(source: Variables = given()): number {
  const parsed = common.LATE_ANSWERS_MS.safeParse(source['LATE_ANSWERS_MS']);
  if (parsed.success) return parsed.data;
  throw new Error(
    'Environment not usable (see .env.example):\n  LATE_ANSWERS_MS: not a whole number of milliseconds',
  );
}

/** How long a testing minute lasts, in seconds; needs no other variable to be there. */
export function readTestingMinuteSeconds(source: Variables = given()): number {
  const usual = readTargetName(source) === 'local' ? LOCAL_MINUTE_SECONDS : MINUTE_SECONDS;
  const parsed = minuteSeconds(usual).safeParse(source['TESTING_MINUTE_SECONDS']);
  if (parsed.success) return parsed.data;
  throw new Error(
    'Environment not usable (see .env.example):\n  TESTING_MINUTE_SECONDS: not a number above 0',
  );
}

/** Zod's own messages hold no value but for a few kinds, so path and kind are all that is told. */
function faults(error: z.ZodError): string {
  return error.issues
    .map((issue) => `  ${issue.path.join('.')}: ${issue.code === 'invalid_type' ? 'missing' : issue.message}`)
    .join('\n');
}

const NotionEnv = z.object({
  NOTION_TOKEN: z.string(),
  NOTION_BASE_URL: z.url().default('https://api.notion.com'),
  NOTION_CONTACTS_DB_ID: z.string(),
  NOTION_EMAIL_SEQUENCE_DB_ID: z.string(),
  NOTION_EMAIL_TEMPLATES_DB_ID: z.string(),
  NOTION_EMAIL_ANALYTICS_DB_ID: z.string(),
  NOTION_CUSTOMER_PROJECTS_DB_ID: z.string(),
});
export type NotionEnv = z.infer<typeof NotionEnv>;

/** What deploying flows to an attached Kestra needs of Notion. Like `readEnv`, names every fault and prints no value. */
export function readNotionEnv(source: Variables = given()): NotionEnv {
  const templates = source['NOTION_EMAIL_TEMPLATES_DB_ID'] ?? source['NOTION_TEMPLATES_DB_ID'];
  const parsed = NotionEnv.safeParse({ ...source, NOTION_EMAIL_TEMPLATES_DB_ID: templates });
  if (!parsed.success) throw new Error(`Environment not usable (see .env.example):\n${faults(parsed.error)}`);
  return parsed.data;
}

const ResendEnv = z.object({
  RESEND_API_KEY: z.string().optional(),
  RESEND_BASE_URL: z.url().default('https://api.resend.com'),
  /** The campaign's sender: what Kestra's mails come from, and the mails that a run sends in the website's place. */
  RESEND_FROM: z.string().optional(),
});
export type ResendEnv = z.infer<typeof ResendEnv>;

/** What looking up sent mails needs of Resend: a key with full access, or none. */
export function readResendEnv(source: Variables = given()): ResendEnv {
  const parsed = ResendEnv.safeParse(source);
  if (!parsed.success) throw new Error(`Environment not usable (see .env.example):\n${faults(parsed.error)}`);
  return parsed.data;
}

const WebhookKeys = z
  .object({
    WEBHOOK_KEY_SIGNUP: z.string(),
    WEBHOOK_KEY_ASSESSMENT: z.string(),
    WEBHOOK_KEY_NOSHOW: z.string(),
    WEBHOOK_KEY_POSTCALL: z.string(),
    WEBHOOK_KEY_ONBOARDING: z.string(),
  })
  .transform((keys) => ({
    signup: keys.WEBHOOK_KEY_SIGNUP,
    assessment: keys.WEBHOOK_KEY_ASSESSMENT,
    noshow: keys.WEBHOOK_KEY_NOSHOW,
    postcall: keys.WEBHOOK_KEY_POSTCALL,
    onboarding: keys.WEBHOOK_KEY_ONBOARDING,
  }));

/** The webhooks' keys of an attached Kestra, by the webhook's short name. Names each that is missing. */
export function readWebhookKeys(source: Variables = given()): z.infer<typeof WebhookKeys> {
  const parsed = WebhookKeys.safeParse(source);
  if (!parsed.success) throw new Error(`Environment not usable (see .env.example):\n${faults(parsed.error)}`);
  return parsed.data;
}

/** Names of variables that hold a secret, ours and those that build servers set. */
const SECRET = /(?:TOKEN|PASSWORD|API_KEY|WEBHOOK_URL)$|^WEBHOOK_KEY_|^SECRET_/;

/** Every secret that the environment and `.env` hold, by variable. Kestra's `SECRET_…` are base64, so each is here twice. */
export function secretVariables(source: Variables = given()): Record<string, string> {
  const found = Object.entries(source).flatMap(([name, value]) => {
    if (value === undefined || !SECRET.test(name)) return [];
    const decoded = name.startsWith('SECRET_') ? Buffer.from(value, 'base64').toString() : '';
    return [[name, value] as const, ...(decoded === '' ? [] : [[`${name}, decoded`, decoded] as const])];
  });
  return Object.fromEntries(found);
}

const ServerEnv = z.object({
  KESTRA_USER: z.email(),
  // What Kestra demands of it. A quote or a line break would end it in the file that it is written to, and Micronaut
  // would fill in what begins like a variable.
  KESTRA_PASSWORD: z.string().regex(/^(?=.*[A-Z])(?=.*\d)(?!.*\$\{)[^'\s]{8,}$/, {
    error: 'at least 8 characters with an upper-case letter and a digit, without quotes, spaces and ${',
  }),
  /** The keys of a provider's store; a store of one's own gets new ones. */
  S3_ACCESS_KEY: z.string().optional(),
  S3_SECRET_KEY: z.string().optional(),
});
export type ServerEnv = z.infer<typeof ServerEnv>;

/** What Kestra's server is guarded by, as its operator chose it. Names every fault, and prints no value. */
export function readServerEnv(source: Variables = given()): ServerEnv {
  const parsed = ServerEnv.safeParse(source);
  if (!parsed.success) throw new Error(`Environment not usable (see .env.example):\n${faults(parsed.error)}`);
  const { S3_ACCESS_KEY, S3_SECRET_KEY } = parsed.data;
  if ((S3_ACCESS_KEY === undefined) !== (S3_SECRET_KEY === undefined)) {
    throw new Error(
      'Environment not usable (see .env.example):\n  S3_ACCESS_KEY, S3_SECRET_KEY: both or neither',
    );
  }
  return parsed.data;
}

const NightEnv = z.object({
  /** What is kept of nights: their history, and the site of their reports. */
  NIGHT_FOLDER: z.string().optional(),
  /** How many nights are kept. */
  NIGHTS_KEPT: z.coerce.number().int().min(2).default(30),
  /** Where that site can be opened. */
  REPORT_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** Told when nights change from green to red or back: a hook of Discord's or Slack's, or any that takes JSON. */
  NOTIFY_WEBHOOK_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** The part of the suite that this machine runs, of how many. */
  SHARD: z
    .string()
    .regex(/^[1-9]\d*\/[1-9]\d*$/, 'a part of how many, as in 1/2')
    .optional(),
  /** Set by GitHub Actions: a page about the run. */
  GITHUB_STEP_SUMMARY: z.string().optional(),
  /** Set by GitHub Actions: the branch that a pull request is for. */
  GITHUB_BASE_REF: z.string().optional(),
});
type NightEnv = z.infer<typeof NightEnv>;

/** What a night's commands need beside the suite's own. Names every fault and prints no value. */
export function readNightEnv(source: Variables = given()): NightEnv {
  const parsed = NightEnv.safeParse(source);
  if (!parsed.success) throw new Error(`Environment not usable (see .env.example):\n${faults(parsed.error)}`);
  return parsed.data;
}

/** Variables that steer flows or hold a service's credentials: a child gets these only when it is given them. */
const STEERING = /^(SECRET|ENV|KESTRA|NOTION|RESEND|WEBHOOK|NOTIFY)_/;

/** The environment for a child process: this one's, less what could steer it to a real service, plus `extra`. */
export function inheritedEnv(extra: Variables = {}, source: Variables = process.env): NodeJS.ProcessEnv {
  const plain = Object.entries(source).filter(([name]) => !STEERING.test(name));
  return { ...Object.fromEntries(plain), ...extra };
}

/** All of this process's environment, for a child that is to point where this process points. */
export const wholeEnv = (): NodeJS.ProcessEnv => ({ ...process.env });

/** Tells this process's later children, Playwright's workers among them, something this process has decided. */
export function handOn(
  name:
    | 'FUNNEL_KESTRA'
    | 'FUNNEL_WORKERS'
    | 'FUNNEL_MARK'
    | 'FUNNEL_PIXELS'
    | 'FUNNEL_REPORTS'
    | 'FUNNEL_STACK_FILE'
    | 'FUNNEL_TOTALS',
  value: string,
): void {
  process.env[name] = value;
}
