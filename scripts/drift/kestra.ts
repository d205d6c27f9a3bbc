import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { Execution, LogLine } from '../../helpers/clients/execution.ts';
import { ROUTES } from '../../helpers/clients/kestra-routes.ts';
import type { KestraAddress } from '../../helpers/clients/kestra-transport.ts';
import { FileAttributes, Flow, FlowWithSource, TypedValue } from '../flows/kestra-admin.ts';
import type { Json } from './sanitise.ts';
import { asking, fieldsOf, keep, listOf, type Known, type Probe, type Service, textOf } from './service.ts';
import type { Ask, Source } from './source.ts';

/** Flows run on 1.x alone, so that is what answers are held to. */
const routes = ROUTES['1.x'];

/** What the harness's clients read of each answer. */
const CONTRACTS: Record<string, z.ZodType> = {
  configs: z.looseObject({ version: z.string() }),
  flows: z.array(Flow),
  flow: FlowWithSource,
  search: z.looseObject({ results: z.array(Execution), total: z.number() }),
  execution: Execution,
  logs: z.array(LogLine),
  keys: z.array(z.looseObject({ key: z.string() })),
  key: TypedValue,
  directory: z.array(FileAttributes),
};
const Refusal = z.looseObject({ message: z.string() });

const asked = (path: string, query: Record<string, string> = {}): Ask => ({
  method: 'GET',
  path: `${path}${Object.keys(query).length > 0 ? `?${new URLSearchParams(query).toString()}` : ''}`,
});
const search = (namespace: string, more: Record<string, string>) =>
  asked(routes.search, { 'filters[namespace][EQUALS]': namespace, page: '1', ...more });

const probes: Probe[] = [
  {
    name: 'configs',
    route: 'configs',
    ask: () => asked('/api/v1/configs'),
    learn: (body, known) => keep(known, 'version', fieldsOf(body)['version']),
  },
  { name: 'flows', route: 'flows', ask: asking(['namespace'], (name) => asked(routes.flowsOf(name))) },
  {
    name: 'flow',
    route: 'flow',
    ask: asking(['namespace'], (name) => asked(routes.flow(name, 'send-email'), { source: 'true' })),
  },
  {
    name: 'mails-sent',
    route: 'search',
    // As the harness looks for a lead's mails. Its executions took the same way, so they have the same shape.
    ask: asking(['namespace'], (name) =>
      search(name, {
        'filters[flowId][EQUALS]': 'send-email',
        'filters[state][IN]': 'SUCCESS',
        size: '10',
        sort: 'state.startDate:desc',
      }),
    ),
    learn: (body, known) => keep(known, 'execution', fieldsOf(listOf(fieldsOf(body)['results'])[0])['id']),
  },
  {
    name: 'execution',
    route: 'execution',
    ask: asking(['execution'], (id) => asked(routes.execution(id))),
  },
  {
    name: 'executions-in-trouble',
    route: 'search',
    ask: asking(['namespace'], (name) =>
      search(name, {
        'filters[state][IN]': 'FAILED,WARNING',
        size: '10',
        sort: 'state.startDate:desc',
      }),
    ),
    learn: (body, known) => keep(known, 'in trouble', fieldsOf(listOf(fieldsOf(body)['results'])[0])['id']),
  },
  // One that went well may have logged nothing.
  { name: 'logs', route: 'logs', ask: asking(['in trouble'], (id) => asked(routes.logs(id))) },
  { name: 'keys', route: 'keys', ask: asking(['namespace'], (name) => asked(routes.keys(name))) },
  {
    name: 'key',
    route: 'key',
    ask: asking(['namespace'], (name) => asked(routes.key(name, 'TESTING_MODE'))),
  },
  {
    name: 'files',
    route: 'directory',
    ask: asking(['namespace'], (name) => asked(routes.directory(name), { path: '/lib' })),
  },
  {
    name: 'unknown-execution',
    route: 'execution',
    ask: () => asked(routes.execution(randomUUID())),
    refused: true,
  },
  {
    name: 'unknown-flow',
    route: 'flow',
    ask: asking(['namespace'], (name) => asked(routes.flow(name, 'no-such-flow'))),
    refused: true,
  },
  {
    name: 'refused-login',
    route: 'search',
    ask: asking(['namespace'], (name) => ({ ...search(name, { size: '1' }), asNobody: true })),
    refused: true,
    statusAlone: true,
  },
];

function faultsOf(route: string, status: number, answer: Json): string[] {
  const schema = status === 200 ? CONTRACTS[route] : Refusal;
  if (!schema) return [`no contract for ${route}`];
  const { error } = schema.safeParse(answer);
  return (error?.issues ?? []).map(
    ({ path, message }) =>
      `answer${path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('')}: ${message}`,
  );
}

export const KESTRA: Service = {
  name: 'kestra',
  probes,
  contract: faultsOf,
  positions: {
    maps: new Set(),
    // What flows and leads put there.
    opaque: new Set(
      (
        'inputs outputs variables tasks triggers errors finally afterExecution pluginDefaults concurrency retry sla ' +
        'checks value metadata resources'
      ).split(' '),
    ),
  },
  tagged: false,
  // How an execution began, where a task is, which worker had it.
  optional: new Set(
    'trigger scheduleDate labels parentId parentTaskRunId iteration value workerId taskId taskRunId attemptNumber thread'.split(
      ' ',
    ),
  ),
  // Ours is the engine behind a front that gives a part of its API.
  mayHaveMore: true,
  misconfigured: (status, body) => {
    if (status === 401 || status === 403) return 'refuses the login: look at KESTRA_USER and KESTRA_PASSWORD';
    const missing = status === 404 && textOf(fieldsOf(body)['message']) !== undefined;
    return missing ? 'does not have what every deployment has: deploy into the namespace first' : undefined;
  },
};

/** A Kestra with a deployment to look at. */
export function kestraSource(
  { url, user, password }: KestraAddress,
  namespace: string,
): { source: Source; known: Known } {
  const login = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  const nobody = `Basic ${Buffer.from('nobody@funnel.test:nobody').toString('base64')}`;
  return {
    source: { url, headers: (asNobody) => ({ authorization: asNobody ? nobody : login }) },
    known: new Map([['namespace', namespace]]),
  };
}
