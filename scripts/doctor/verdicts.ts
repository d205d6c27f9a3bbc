import { createHash } from 'node:crypto';
import { type Dialect, dialectOf } from '../../helpers/clients/kestra-dialect.ts';
import type { WebhookName } from '../../helpers/target.ts';
import type { Difference } from '../flows/compare.ts';
import { addressOf } from '../secrets/shapes.ts';
import { Blocked, fault, type Verdict, well } from './examine.ts';
import type { HealthCheck, Service } from './facts.ts';

/** The version that the suite proves the flows on. */
const PROVEN = '1.3.31';

export function versionVerdict(version: string): Verdict {
  let dialect: Dialect;
  try {
    dialect = dialectOf(version);
  } catch (error) {
    return fault(error instanceof Error ? error.message : String(error), `run kestra/kestra:v${PROVEN}`);
  }
  const told = `${version}, dialect ${dialect}`;
  if (dialect === '2.x') {
    return fault(`${told}: 2.0 gives every lead the first lead's dates`, `run kestra/kestra:v${PROVEN}`);
  }
  if (dialect !== '1.x') return fault(`${told}: too old for the flows`, `run kestra/kestra:v${PROVEN}`);
  return well(version === PROVEN ? told : `${told}; the flows are proven on ${PROVEN}`);
}

/** What a deployment would run with: its own setting, else the server's, else production. The flows ask the same three. */
export function modeVerdict(namespace: string, own: unknown, server: () => string): Verdict {
  const told = `${namespace} would run in TESTING_MODE`;
  if (own === true || own === 'true') {
    return fault(
      `${told}: its own setting says so`,
      `npm run flows -- deploy --namespace ${namespace} --yes`,
    );
  }
  if (own !== undefined) return well(`${namespace} runs with production delays: its own setting`);
  return server() === 'true'
    ? fault(
        `${told}: the server's ENV_TESTING_MODE says so, and it has no setting of its own`,
        `take ENV_TESTING_MODE from the server, restart it, and deploy into ${namespace}`,
      )
    : well(`${namespace} runs with production delays: neither it nor the server says otherwise`);
}

/** What the health-check tells in a key's place. The execution's id is in it, so that no list of hashes helps anybody. */
export const keyHash = (executionId: string, key: string): string =>
  createHash('sha256').update(`${executionId}:${key}`).digest('hex');

export function webhookKeysVerdict(
  { executionId, told }: Pick<HealthCheck, 'executionId' | 'told'>,
  keys: Record<WebhookName, string>,
): Verdict {
  const names = Object.keys(keys) as WebhookName[];
  const faults = names.flatMap((name) => {
    const hash = told.webhook_keys[name];
    const variable = `WEBHOOK_KEY_${name.toUpperCase()}`;
    if (!hash) return `${variable}: the server has none`;
    return hash === keyHash(executionId, keys[name]) ? [] : `${variable}: the server has another`;
  });
  return faults.length === 0
    ? well(`all ${names.length} are the server's; none was fired`)
    : fault(
        faults.join('; '),
        "make .env and the server's ENV_WEBHOOK_KEY_… the same, and restart what changed",
      );
}

const SECRETS = /^(?:NOTION_TOKEN|RESEND_API_KEY|RESEND_FROM): /;

/** The server's secrets and sender, as the flows themselves find them. Throws Blocked when a service was down for them too. */
export function secretsVerdict({ judged }: Pick<HealthCheck, 'judged'>, down: ReadonlySet<Service>): Verdict {
  const all = judged.faults.filter((one) => SECRETS.test(one));
  const unanswered = (one: string): boolean =>
    [...down].some((service) => new RegExp(`: ${service} (?:gives no answer|answers \\d+)$`).test(one));
  const faults = all.filter((one) => !unanswered(one));
  const [blocker] = down;
  if (blocker && faults.length === 0 && all.length > 0) throw new Blocked(blocker.toLowerCase());
  if (faults.length > 0) {
    return fault(
      faults.join('; '),
      'npm run secrets -- --check, give the file to the server, and restart it',
    );
  }
  return well(['NOTION_TOKEN, RESEND_API_KEY and sender are there and taken', ...judged.notes].join('; '));
}

/** What else the flows miss in this deployment: its databases, properties, templates, settings. */
export function deploymentVerdict({ judged }: Pick<HealthCheck, 'judged'>): Verdict {
  const findings = [...judged.faults.filter((one) => !SECRETS.test(one)), ...judged.losses];
  return findings.length === 0
    ? well('its flows reach its databases and fill its templates')
    : fault(findings.join('; '), 'share with the integration of the server, mend in Notion, or deploy again');
}

const DIFFERS: Record<Difference['kind'], string> = {
  added: 'is missing',
  changed: 'differs',
  'only deployed': 'is not in the repository',
};

/** Flows and files that are not what the repository has, of so many that it has. */
export function sameVerdict(
  differences: ReadonlyArray<Pick<Difference, 'path' | 'kind'>>,
  size: number,
  namespace: string,
): Verdict {
  const faults = differences.map(({ path, kind }) => `${path} ${DIFFERS[kind]}`);
  return faults.length === 0
    ? well(`${size} flows and files are the repository's`)
    : fault(shortened(faults).join(', '), `npm run flows -- diff --namespace ${namespace}, then deploy`);
}

interface Domain {
  name: string;
  status: string;
}

/** Resend takes mails of a sender whose very domain is verified; a domain above it does not count. */
export function senderVerdict(sender: string, domains: readonly Domain[]): Verdict {
  const domain = addressOf(sender).split('@').at(-1)?.toLowerCase() ?? '';
  const found = domains.find(({ name }) => name.toLowerCase() === domain);
  if (found?.status === 'verified') return well(`${domain} is verified`);
  return fault(
    found ? `${domain} is ${found.status.replaceAll('_', ' ')} at Resend` : `Resend does not know ${domain}`,
    'verify it at resend.com/domains, or send from one that is verified (ENV_RESEND_FROM)',
  );
}

const MOST = 6;

function shortened(items: readonly string[]): string[] {
  return items.length <= MOST ? [...items] : [...items.slice(0, MOST), `and ${items.length - MOST} more`];
}
