const api = '/api/v1/main';
const part = encodeURIComponent;

/** Kestra's paths as the 1.x line has them; a version that moves one gets a table of its own. */
export const ROUTES = {
  webhook: (namespace: string, flowId: string, key: string) =>
    `${api}/executions/webhook/${part(namespace)}/${part(flowId)}/${part(key)}`,
  search: `${api}/executions/search`,
  execution: (id: string) => `${api}/executions/${part(id)}`,
  follow: (id: string) => `${api}/executions/${part(id)}/follow`,
  kill: (id: string) => `${api}/executions/${part(id)}/kill`,
  replay: (id: string) => `${api}/executions/${part(id)}/replay`,
  start: (namespace: string, flowId: string) => `${api}/executions/${part(namespace)}/${part(flowId)}`,
  logs: (id: string) => `${api}/logs/${part(id)}`,
  keys: (namespace: string) => `${api}/namespaces/${part(namespace)}/kv`,
  key: (namespace: string, key: string) => `${api}/namespaces/${part(namespace)}/kv/${part(key)}`,
  files: (namespace: string) => `${api}/namespaces/${part(namespace)}/files`,
  directory: (namespace: string) => `${api}/namespaces/${part(namespace)}/files/directory`,
  validate: `${api}/flows/validate`,
  flows: `${api}/flows`,
  flowsOf: (namespace: string) => `${api}/flows/${part(namespace)}`,
  flow: (namespace: string, id: string) => `${api}/flows/${part(namespace)}/${part(id)}`,
} as const;
