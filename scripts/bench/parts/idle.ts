import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BUDGET } from '../../../helpers/budgets.ts';
import { dialectOf } from '../../../helpers/clients/kestra-dialect.ts';
import { KestraClient } from '../../../helpers/clients/kestra-client.ts';
import { KestraTransport } from '../../../helpers/clients/kestra-transport.ts';
import { WEBHOOK_FLOWS, WebhookClient } from '../../../helpers/clients/webhook-client.ts';
import { isTerminal } from '../../../helpers/clients/execution.ts';
import { makeLead } from '../../../helpers/factories/lead.ts';
import { honestBodies } from '../../../helpers/factories/payloads.ts';
import type { WebhookName } from '../../../helpers/target.ts';
import { resolverOf } from '../../../helpers/where.ts';
import { root } from '../../../stack/paths.ts';
import type { StackFile } from '../../../stack/stack-file.ts';
import { startStackProcess } from '../../../stack/start.ts';
import { deploy } from '../../flows/deploy.ts';
import { FlowSource, readFlowFolder } from '../../flows/source.ts';
import { inLanes } from '../lanes.ts';
import type { Part } from '../part.ts';
import { commandOf, ENGINE_CLASS, threadsOf, treeOf, usageOf, usedBetween } from '../proc.ts';
import type { Figure } from '../result.ts';

const QUIET_MS = 60_000;
const OVER_MS = 60_000;
const WEBHOOKS = 200;
const GOAL_PERCENT = 3;
const NAMES = Object.keys(WEBHOOK_FLOWS) as WebhookName[];

interface SecretKey {
  secret: string;
  database: keyof StackFile['notion']['databases'];
}

/** Nor is one there that was not base64: Kestra drops it at its start. Such a one was the case of issue 4095. */
const LACKING = 'NO_SUCH_SECRET';

/** Secrets that the server has and that guard nothing here, one for each trigger's key. */
const SECRET_KEYS: Record<WebhookName, SecretKey> = {
  signup: { secret: 'NOTION_CONTACTS_DB_ID', database: 'contacts' },
  assessment: { secret: 'NOTION_EMAIL_SEQUENCE_DB_ID', database: 'tracker' },
  noshow: { secret: 'NOTION_EMAIL_TEMPLATES_DB_ID', database: 'templates' },
  postcall: { secret: 'NOTION_EMAIL_ANALYTICS_DB_ID', database: 'analytics' },
  onboarding: { secret: 'NOTION_CUSTOMER_PROJECTS_DB_ID', database: 'projects' },
};

export const idle: Part = {
  measures: `CPU at rest: the engine's JVM over ${OVER_MS / 1_000} s after ${QUIET_MS / 1_000} s of quiet, in % of a core; freshly deployed, after ${WEBHOOKS} webhooks, with a further deployment whose five trigger keys are secret(), and with one more whose secrets the server lacks`,
  takes: '10 min',
  async run({ folder, tell }) {
    const own = join(folder, 'idle');
    const stack = await startStackProcess({ file: join(own, 'stack.json'), folder: own });
    try {
      const engine = engineOf(stack.file);
      const rest = async (id: string, what: string): Promise<Figure> => {
        const figure = await atRest(engine, stack.file, id, what);
        tell(`idle, ${what}: ${figure.value} % of a core; most by ${busiest(figure)}`);
        return figure;
      };
      const fresh = await rest('idle.fresh', 'five webhooks deployed, nothing has run');
      await callAll(stack.file, WEBHOOKS);
      tell(`idle: ${WEBHOOKS} webhooks have been answered, and what they started has ended`);
      const used = await rest('idle.used', `after ${WEBHOOKS} webhooks`);
      await deployWithKeys(stack.file, 'christmas.secret-keys', ({ secret }) => secret);
      const { databases } = stack.file.notion;
      const clients = clientsOf(stack.file, 'christmas.secret-keys');
      for (const name of NAMES) {
        await callOne(name, stack.file, clients, databases[SECRET_KEYS[name].database]);
      }
      tell('idle: all five webhooks of a further deployment answer to keys that are secrets');
      const secret = await rest('idle.secret-keys', 'with secret() in five trigger keys');
      await deployWithKeys(stack.file, 'christmas.lacking-keys', () => LACKING);
      await callInVain(stack.file, 'christmas.lacking-keys');
      tell('idle: five webhooks whose keys are secrets that the server lacks answer 404');
      const lacking = await rest(
        'idle.lacking-keys',
        'with five trigger keys whose secrets the server lacks',
      );
      return [fresh, used, secret, lacking];
    } finally {
      await stack.stop();
    }
  },
};

/** The JVM that a stack owns. */
function engineOf({ pid }: StackFile): number {
  const engine = treeOf(pid).find((one) => commandOf(one.pid).includes(ENGINE_CLASS));
  if (!engine) throw new Error('CPU at rest is measured of the embedded engine: leave STACK_ENGINE out.');
  return engine.pid;
}

/** What the engine uses while nobody asks anything of it. Throws when an execution ended meanwhile: that was no rest. */
async function atRest(pid: number, stack: StackFile, id: string, what: string): Promise<Figure> {
  await sleep(QUIET_MS);
  const since = new Date();
  const [before, threadsBefore, began] = [usageOf(pid), threadsOf(pid), performance.now()];
  await sleep(OVER_MS);
  const [after, threadsAfter, tookMs] = [usageOf(pid), threadsOf(pid), performance.now() - began];
  const { kestra } = clientsOf(stack, stack.namespaces.production);
  const [ended] = await kestra.search({ endedSince: since });
  if (ended)
    throw new Error(`The engine was not at rest: ${ended.namespace}.${ended.flowId} ${ended.id} ended.`);
  if (!before || !after)
    throw new Error('The engine ended while it was at rest; see engine.log of the part idle.');
  const percent = (ms: number): number => Number(((ms / tookMs) * 100).toFixed(2));
  const byThread = usedBetween(threadsBefore, threadsAfter);
  return {
    id,
    what: `CPU at rest, ${what}`,
    unit: '%',
    value: percent(after.cpuMs - before.cpuMs),
    goal: GOAL_PERCENT,
    parts: Object.fromEntries(Object.entries(byThread).map(([name, ms]) => [name, percent(ms)])),
  };
}

const busiest = ({ parts = {} }: Figure): string =>
  Object.entries(parts)
    .slice(0, 3)
    .map(([name, percent]) => `${name} ${percent}`)
    .join(', ');

/** So many webhooks, all five in turn, of a lead each; waits until what they began has ended or waits for its date. */
async function callAll(stack: StackFile, count: number): Promise<void> {
  const clients = clientsOf(stack, stack.namespaces.production);
  const waiting = Array.from({ length: count }, (_, index) => NAMES[index % NAMES.length] ?? 'signup');
  await inLanes(count, 8, async () => {
    const name = waiting.pop();
    if (name) await callOne(name, stack, clients);
  });
}

/** Calls a webhook as its caller does, and waits until its handler has ended well. */
async function callOne(
  name: WebhookName,
  { testMailbox }: StackFile,
  { kestra, webhooks }: ReturnType<typeof clientsOf>,
  key?: string,
): Promise<void> {
  const body = honestBodies(makeLead(testMailbox))[name];
  const { executionId, status } = await webhooks.send(name, body, key === undefined ? {} : { key });
  if (!executionId) throw new Error(`The webhook ${name} answered ${status}, and no execution began`);
  const { value } = await kestra
    .handle(executionId)
    .until(({ state }) => isTerminal(state.current), BUDGET.handlerMs);
  if (value.state.current !== 'SUCCESS')
    throw new Error(`The handler of ${name} did not end well: ${value.state.current}`);
  // Its first mail is due in five minutes, when the engine is to be at rest. All others wait for an hour and more.
  if (name === 'noshow') await kestra.killWaiting(executionId);
}

function clientsOf(stack: StackFile, namespace: string) {
  const transport = new KestraTransport({ ...stack.kestra, dialect: dialectOf(stack.kestra.version) });
  const resolve = resolverOf({ production: namespace, testing: namespace }, 'production');
  return {
    kestra: new KestraClient({ transport, resolve }),
    webhooks: new WebhookClient({
      transport,
      keys: stack.kestra.webhookKeys,
      testMailbox: stack.testMailbox,
      resolve,
    }),
  };
}

/** Deploys the flows once more, with a secret as each webhook's key. */
async function deployWithKeys(
  stack: StackFile,
  namespace: string,
  secretOf: (key: SecretKey) => string,
): Promise<void> {
  const folder = await readFlowFolder(join(root, 'flows/christmas'));
  const flows = folder.flows.map(({ file, text }) => new FlowSource(file, withSecretKey(text, secretOf)));
  await deploy({
    transport: new KestraTransport({ ...stack.kestra, dialect: dialectOf(stack.kestra.version) }),
    namespace,
    testing: false,
    alerts: false,
    // Our own rules refuse what is to be measured here.
    folder: { folder: { ...folder, flows }, findings: [] },
    commit: stack.commit,
    notion: stack.notion,
    resend: stack.resend,
    local: true,
  });
}

/** Calls each webhook ten times by a key that can't be its own, as a website does whose webhook's secret is not there. */
async function callInVain(stack: StackFile, namespace: string): Promise<void> {
  const { webhooks } = clientsOf(stack, namespace);
  for (const name of Array.from({ length: 10 }, () => NAMES).flat()) {
    const { status } = await webhooks.send(name, honestBodies(makeLead(stack.testMailbox))[name]);
    if (status !== 404)
      throw new Error(`The webhook ${name}, whose key can't be rendered, answered ${status}`);
  }
}

/** A flow with a secret in the place of its webhook's key; one without a webhook as it is. Throws where the key has another form. */
export function withSecretKey(text: string, secretOf: (key: SecretKey) => string): string {
  if (!text.includes('io.kestra.plugin.core.trigger.Webhook')) return text;
  const key = /\{\{ envs\.webhook_key_(\w+) \}\}/;
  const name = NAMES.find((one) => one === key.exec(text)?.[1]);
  if (!name)
    throw new Error('A webhook whose key is not {{ envs.webhook_key_… }}: none to put a secret in place of.');
  return text.replace(key, `{{ secret('${secretOf(SECRET_KEYS[name])}') }}`);
}
