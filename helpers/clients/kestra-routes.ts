import type { Dialect } from './kestra-dialect.ts';

const part = encodeURIComponent;

/** Kestra's paths as one of its lines has them; sources in `shared/facts/contracts.md` §3. */
export interface Routes {
  webhook(namespace: string, flowId: string, key: string): string;
  search: string;
  execution(id: string): string;
  follow(id: string): string;
  kill(id: string): string;
  replay(id: string): string;
  start(namespace: string, flowId: string): string;
  /** Where outputs are no part of an execution: those of the flow, the list of tasks that have some, those of one task. */
  flowOutputs(id: string): string;
  tasksWithOutputs(id: string): string;
  taskOutputs(id: string, taskRunId: string): string;
  logs(id: string): string;
  keys(namespace: string): string;
  key(namespace: string, key: string): string;
  files(namespace: string): string;
  directory(namespace: string): string;
  validate: string;
  flows: string;
  flowsOf(namespace: string): string;
  flow(namespace: string, id: string): string;
  revisions(namespace: string, id: string): string;
}

/** Has no tenant, so that it can be asked before anything is known: all lines answer it with their version. */
export const CONFIGS = '/api/v1/configs';

function routes(api: string, actions: string): Routes {
  return {
    webhook: (namespace, flowId, key) =>
      `${api}/executions/webhook/${part(namespace)}/${part(flowId)}/${part(key)}`,
    search: `${api}/executions/search`,
    execution: (id) => `${api}/executions/${part(id)}`,
    follow: (id) => `${api}/executions/${part(id)}/follow`,
    kill: (id) => `${api}/executions/${part(id)}${actions}/kill`,
    replay: (id) => `${api}/executions/${part(id)}${actions}/replay`,
    start: (namespace, flowId) => `${api}/executions/${part(namespace)}/${part(flowId)}`,
    flowOutputs: (id) => `${api}/outputs/executions/${part(id)}`,
    tasksWithOutputs: (id) => `${api}/outputs/tasks/${part(id)}`,
    taskOutputs: (id, taskRunId) => `${api}/outputs/tasks/${part(id)}/${part(taskRunId)}`,
    logs: (id) => `${api}/logs/${part(id)}`,
    keys: (namespace) => `${api}/namespaces/${part(namespace)}/kv`,
    key: (namespace, key) => `${api}/namespaces/${part(namespace)}/kv/${part(key)}`,
    files: (namespace) => `${api}/namespaces/${part(namespace)}/files`,
    directory: (namespace) => `${api}/namespaces/${part(namespace)}/files/directory`,
    validate: `${api}/flows/validate`,
    flows: `${api}/flows`,
    flowsOf: (namespace) => `${api}/flows/${part(namespace)}`,
    flow: (namespace, id) => `${api}/flows/${part(namespace)}/${part(id)}`,
    revisions: (namespace, id) => `${api}/flows/${part(namespace)}/${part(id)}/revisions`,
  };
}

/** By dialect. The tenant `main` is the only one that the open-source server has. */
export const ROUTES: Readonly<Record<Dialect, Routes>> = {
  '0.2x': routes('/api/v1', ''),
  '1.x': routes('/api/v1/main', ''),
  '2.x': routes('/api/v1/main', '/actions'),
};
