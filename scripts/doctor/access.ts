import { type KestraAddress } from '../../helpers/clients/kestra-transport.ts';
import { readEnv, readNotionEnv, readResendEnv, readWebhookKeys, type Variables } from '../../helpers/env.ts';
import { readStackFile, secretsOf, type WebhookName } from '../../helpers/target.ts';
import { notionOf } from '../flows/connection.ts';
import type { NotionAccess } from '../flows/notion-sources.ts';
import type { ResendAccess } from '../ops/resend-reader.ts';
import { type Fault, faultOf, type Given, repeated } from '../secrets/judge.ts';
import { variableOf } from '../secrets/catalogue.ts';
import { fault, type Verdict, well } from './examine.ts';

/** What a night talks to. A part whose variables have a fault is left out. */
export interface Access {
  target: string;
  variables: Verdict;
  kestra?: KestraAddress;
  notion?: NotionAccess;
  resend?: ResendAccess;
  webhookKeys?: Record<WebhookName, string>;
  site?: string;
  /** Values that must be in no output. */
  secrets: string[];
}

const PARTS = {
  kestra: ['KESTRA_URL', 'KESTRA_USER', 'KESTRA_PASSWORD'],
  notion: [
    'NOTION_TOKEN',
    'NOTION_CONTACTS_DB_ID',
    'NOTION_EMAIL_SEQUENCE_DB_ID',
    'NOTION_EMAIL_TEMPLATES_DB_ID',
    'NOTION_EMAIL_ANALYTICS_DB_ID',
    'NOTION_CUSTOMER_PROJECTS_DB_ID',
  ],
  resend: ['RESEND_API_KEY'],
  webhookKeys: [
    'WEBHOOK_KEY_SIGNUP',
    'WEBHOOK_KEY_ASSESSMENT',
    'WEBHOOK_KEY_NOSHOW',
    'WEBHOOK_KEY_POSTCALL',
    'WEBHOOK_KEY_ONBOARDING',
  ],
  site: ['SITE_URL'],
} as const;
type Part = keyof typeof PARTS;
type Name = (typeof PARTS)[Part][number];

const NAMES: readonly Name[] = Object.values(PARTS).flat();
const ADDRESSES: Partial<Record<Part, readonly string[]>> = {
  kestra: ['KESTRA_URL'],
  notion: ['NOTION_BASE_URL'],
  resend: ['RESEND_BASE_URL'],
  site: ['SITE_URL'],
};

/** What the kept stack, or with TARGET=homelab the environment, gives access to. Never throws: `variables` tells. */
export function openAccess(source: Variables): Access {
  const target = source['TARGET'] ?? 'local';
  if (target === 'local') return ofStack(source);
  if (target === 'homelab') return ofEnvironment(source);
  return {
    target: 'unknown',
    variables: fault(
      'TARGET: neither local nor homelab',
      'set TARGET=homelab, or leave it out for the local stack',
    ),
    secrets: [],
  };
}

function ofStack(source: Variables): Access {
  try {
    const env = readEnv(source);
    if (env.TARGET !== 'local') throw new Error('TARGET: not local');
    const stack = readStackFile(env.FUNNEL_STACK_FILE);
    return {
      target: 'local',
      variables: well('the local stack needs none'),
      kestra: stack.kestra,
      notion: stack.notion,
      resend: { url: stack.resend.url, key: stack.resend.keys.harness },
      webhookKeys: stack.kestra.webhookKeys,
      site: env.SITE_URL ?? stack.websites.production,
      secrets: secretsOf(stack),
    };
  } catch (error) {
    const told = error instanceof Error ? error.message : String(error);
    return {
      target: 'local',
      variables: fault(told, 'or set TARGET=homelab and its variables'),
      secrets: [],
    };
  }
}

function ofEnvironment(given: Variables): Access {
  const templates = given['NOTION_EMAIL_TEMPLATES_DB_ID'] ?? given['NOTION_TEMPLATES_DB_ID'];
  const source: Variables = { ...given, NOTION_EMAIL_TEMPLATES_DB_ID: templates };
  const missing = NAMES.filter((name) => source[name] === undefined);
  const faults = faultsIn(source);
  const wrong = new Set([...missing, ...faults.map(({ name }) => name)]);
  const sound = (part: Part): boolean =>
    [...PARTS[part], ...(ADDRESSES[part] ?? [])].every((name) => !wrong.has(name));
  const { KESTRA_URL = '', KESTRA_USER = '', KESTRA_PASSWORD = '', SITE_URL = '' } = source;
  const resend = sound('resend') ? readResendEnv(source) : undefined;
  return {
    target: 'homelab',
    variables:
      wrong.size === 0
        ? well(`all ${NAMES.length} are there`)
        : fault(
            [...groupOf(missing), ...faults.map(({ name, fault: what }) => `${name}: ${what}`)].join('; '),
            'write them into .env; .env.example says what each is',
          ),
    ...(sound('kestra') ? { kestra: { url: KESTRA_URL, user: KESTRA_USER, password: KESTRA_PASSWORD } } : {}),
    ...(sound('notion') ? { notion: notionOf(readNotionEnv(source)) } : {}),
    ...(resend?.RESEND_API_KEY === undefined
      ? {}
      : { resend: { url: resend.RESEND_BASE_URL, key: resend.RESEND_API_KEY } }),
    ...(sound('webhookKeys') ? { webhookKeys: readWebhookKeys(source) } : {}),
    ...(sound('site') ? { site: SITE_URL } : {}),
    secrets: [
      ...['KESTRA_PASSWORD', 'NOTION_TOKEN', 'RESEND_API_KEY', ...PARTS.webhookKeys].flatMap(
        (name) => source[name] ?? [],
      ),
      // As basic auth sends it, in base64.
      ...(KESTRA_PASSWORD === '' ? [] : [`${KESTRA_USER}:${KESTRA_PASSWORD}`]),
    ],
  };
}

const groupOf = (missing: readonly string[]): string[] =>
  missing.length === 0 ? [] : [`missing: ${missing.join(', ')}`];

/** Each variable that is malformed, swapped or given twice; the shapes are those of `npm run secrets`. */
function faultsIn(source: Variables): Fault[] {
  const given = NAMES.flatMap((name): Given[] => {
    const variable = variableOf(name);
    const value = source[name];
    return variable && value !== undefined ? [{ name, variable, value }] : [];
  });
  return [
    ...given.flatMap((one) => faultOf(one) ?? []),
    ...repeated(given),
    ...Object.values(ADDRESSES)
      .flat()
      .flatMap((name) => addressFault(name, source[name]) ?? []),
  ];
}

function addressFault(name: string, value: string | undefined): Fault | undefined {
  if (value === undefined) return undefined;
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) return { name, fault: 'no http address', remedy: '' };
  if (url.username !== '' || url.password !== '')
    return { name, fault: 'a login in the address', remedy: '' };
  return name === 'KESTRA_URL' && /^\/(?:api|ui)\b/.test(url.pathname)
    ? { name, fault: 'more than the address: leave out /api and /ui', remedy: '' }
    : undefined;
}
