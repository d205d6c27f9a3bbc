import { z } from 'zod';
import { BUDGET } from '../../helpers/budgets.ts';
import { isTerminal } from '../../helpers/clients/execution.ts';
import { KestraClient } from '../../helpers/clients/kestra-client.ts';
import { KestraTransport } from '../../helpers/clients/kestra-transport.ts';
import { differencesOf } from '../flows/compare.ts';
import { KestraAdmin } from '../flows/kestra-admin.ts';
import { readFlowFolder, SOURCE_NAMESPACE } from '../flows/source.ts';
import type { Access } from './access.ts';
import { ask } from './ask.ts';
import { Blocked, type Check, fault, type Verdict, well } from './examine.ts';
import { type Facts, Judged, Told } from './facts.ts';
import {
  deploymentVerdict,
  modeVerdict,
  sameVerdict,
  secretsVerdict,
  versionVerdict,
  webhookKeysVerdict,
} from './verdicts.ts';

export interface Where {
  /** The deployment that is looked at. */
  namespace: string;
  /** The one that must not be in TESTING_MODE. */
  production: string;
  /** The repository's flows. */
  folder: string;
}

const HEALTH_CHECK = 'health-check';
/** Answers come within a second; a machine that is busy with a suite takes its time. */
const QUICK_MS = 60_000;
const READ_MS = 120_000;

const Configs = z.looseObject({ version: z.string() });

/** Production is deployed into by both words alone. */
const deployInto = (namespace: string): string =>
  `npm run flows -- deploy --namespace ${namespace}${namespace === SOURCE_NAMESPACE ? ' --yes' : ''}`;

function transportOf({ kestra }: Access): KestraTransport {
  if (!kestra) throw new Blocked('variables');
  return new KestraTransport(kestra);
}

/** Kestra itself, and what is deployed on it. */
export function kestraChecks(access: Access, facts: Facts, { namespace, folder }: Where): Check[] {
  const transport = (): KestraTransport => transportOf(access);
  const deploy = deployInto(namespace);

  return [
    {
      id: 'kestra',
      withinMs: QUICK_MS,
      remedy: 'start Kestra, and look at KESTRA_URL and the proxy before it',
      run: async (signal) => {
        const { url } = transport();
        const { status, text, date, ...clock } = await ask(`${url}/ping`, { signal });
        if (date !== undefined) facts.glances.push({ service: 'Kestra', date, ...clock });
        return status === 200 && text.includes('pong')
          ? well(`${url} answers`)
          : fault(
              `${url} answers ${status}, not as Kestra does`,
              'look at KESTRA_URL and the proxy before it',
            );
      },
    },
    {
      id: 'login',
      needs: ['kestra'],
      withinMs: QUICK_MS,
      remedy: 'look at KESTRA_USER and KESTRA_PASSWORD',
      run: () => login(transport(), namespace, facts),
    },
    {
      id: 'version',
      needs: ['login'],
      withinMs: QUICK_MS,
      remedy: 'run kestra/kestra:v1.3.31',
      run: async () => versionVerdict(facts.need('version', 'login')),
    },
    {
      id: 'deployed',
      needs: ['version'],
      withinMs: READ_MS,
      remedy: deploy,
      run: async () => {
        const admin = new KestraAdmin(transport(), namespace);
        const [flows, wanted, overrides] = await Promise.all([
          admin.flows(),
          readFlowFolder(folder),
          admin.setting('NOTION_PROPERTIES'),
        ]);
        facts.set('overrides', overrides);
        const there = new Set(flows.map(({ id }) => id));
        facts.set('deployed', there);
        if (flows.length === 0) return fault(`no flow is in ${namespace}`, deploy);
        const missing = wanted.flows.flatMap(({ id }) => (there.has(id) ? [] : `${id} is missing`));
        const disabled = flows.flatMap(({ id, disabled: off }) => (off ? `${id} is disabled` : []));
        const faults = [...missing, ...disabled];
        return faults.length === 0
          ? well(`${flows.length} flows are in ${namespace}`)
          : fault(faults.join(', '), `${deploy}; enable in Kestra what is disabled`);
      },
    },
    {
      id: 'same',
      needs: ['deployed'],
      withinMs: READ_MS,
      remedy: `npm run flows -- diff --namespace ${namespace}`,
      run: async () => {
        const repository = await readFlowFolder(folder);
        const differences = await differencesOf(new KestraAdmin(transport(), namespace), repository);
        return sameVerdict(differences, repository.flows.length + repository.files.length, namespace);
      },
    },
  ];
}

/** What one execution of the health-check tells of the server and its flows. */
export function healthChecks(access: Access, facts: Facts, { namespace, production }: Where): Check[] {
  const transport = (): KestraTransport => transportOf(access);

  return [
    {
      id: HEALTH_CHECK,
      after: ['deployed'],
      withinMs: BUDGET.handlerMs + QUICK_MS,
      remedy: `look at the executions of ${namespace}.${HEALTH_CHECK} in Kestra`,
      run: async () => {
        if (!facts.need('deployed', 'deployed').has(HEALTH_CHECK)) throw new Blocked('deployed');
        return runHealthCheck(transport(), namespace, facts);
      },
    },
    {
      id: 'secrets',
      after: [HEALTH_CHECK, 'notion', 'resend'],
      withinMs: QUICK_MS,
      remedy: 'npm run secrets -- --check',
      run: async () => secretsVerdict(facts.need('healthCheck', HEALTH_CHECK), facts.down),
    },
    {
      id: 'webhook-keys',
      after: [HEALTH_CHECK],
      withinMs: QUICK_MS,
      remedy: 'npm run secrets -- --check',
      run: async () => {
        if (!access.webhookKeys) throw new Blocked('variables');
        return webhookKeysVerdict(facts.need('healthCheck', HEALTH_CHECK), access.webhookKeys);
      },
    },
    {
      id: 'mode',
      needs: ['version'],
      after: [HEALTH_CHECK],
      withinMs: READ_MS,
      remedy: `look at the setting TESTING_MODE of ${production}`,
      run: async () => {
        const own = await new KestraAdmin(transport(), production).setting('TESTING_MODE');
        return modeVerdict(
          production,
          own,
          () => facts.need('healthCheck', HEALTH_CHECK).told.server_testing_mode,
        );
      },
    },
    {
      id: 'deployment',
      // What is wrong with Notion for everybody is told there.
      needs: ['databases', 'schemas', 'templates'],
      after: [HEALTH_CHECK],
      withinMs: QUICK_MS,
      remedy: deployInto(namespace),
      run: async () => deploymentVerdict(facts.need('healthCheck', HEALTH_CHECK)),
    },
  ];
}

/** Kestra shows its version to anybody, or to nobody without a login; flows always need one. */
async function login(transport: KestraTransport, namespace: string, facts: Facts): Promise<Verdict> {
  const refused = (status: number): Verdict =>
    fault(`Kestra refuses the login (${status})`, 'look at KESTRA_USER and KESTRA_PASSWORD');
  const configs = await transport.raw('/api/v1/configs');
  if (configs.status === 401 || configs.status === 403) return refused(configs.status);
  if (configs.status !== 200) {
    return fault(
      `Kestra answers ${configs.status} when asked for its version`,
      'look at the proxy before Kestra',
    );
  }
  const { version } = Configs.parse(JSON.parse(configs.text));
  facts.set('version', version);
  const { status } = await transport.raw(closedPath(version, namespace));
  if (status === 401 || status === 403) return refused(status);
  return status === 200
    ? well('taken')
    : fault(
        `Kestra answers ${status} when asked for its flows`,
        'look at the proxy before Kestra, and its log',
      );
}

/** Old versions have no tenant in their paths. What is no known version is told by the check of the version. */
function closedPath(version: string, namespace: string): string {
  const tenant = /^v?0\./.test(version) ? '' : '/main';
  return `/api/v1${tenant}/flows/${encodeURIComponent(namespace)}`;
}

/** Runs the one flow that this command starts. It sends and writes nothing. */
async function runHealthCheck(transport: KestraTransport, namespace: string, facts: Facts): Promise<Verdict> {
  const client = new KestraClient({ transport, resolve: () => namespace });
  const handle = await client.start(HEALTH_CHECK, {}, { namespace, labels: { 'started-by': 'doctor' } });
  facts.set('executionId', handle.id);
  const { value, done } = await handle.until(({ state }) => isTerminal(state.current), BUDGET.handlerMs);
  const page = `${transport.url}/ui/main/executions/${namespace}/${HEALTH_CHECK}/${handle.id}`;
  if (!done) {
    return fault(
      `it is ${value.state.current} after ${BUDGET.handlerMs / 1_000} s`,
      `look why Kestra is slow: ${page}`,
    );
  }
  const outputsOf = (task: string, name: string): unknown =>
    value.taskRunList.find(({ taskId }) => taskId === task)?.outputs[name];
  const told = Told.safeParse(outputsOf('tell', 'values'));
  const judged = Judged.safeParse(outputsOf('judge', 'vars'));
  if (!told.success && value.taskRunList.every(({ taskId }) => taskId !== 'tell')) {
    return fault('the one that is deployed is older than this command', deployInto(namespace));
  }
  if (!told.success || !judged.success) {
    return fault(`it ended ${value.state.current} before it could judge`, `look at its log: ${page}`);
  }
  facts.set('healthCheck', { executionId: handle.id, told: told.data, judged: judged.data });
  return well(`it ran and judged (execution ${handle.id})`);
}
