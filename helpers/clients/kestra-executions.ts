import { z } from 'zod';
import { Execution, isTerminal } from './execution.ts';
import type { KestraTransport } from './kestra-transport.ts';

export interface SearchFilters {
  namespace?: string;
  flowId?: string;
  state?: readonly string[];
  labels?: Record<string, string>;
  parentId?: string;
  /** Came into being at that moment or later. */
  startedSince?: Date;
  /** Ended at that moment or later. */
  endedSince?: Date;
}

type Query = Record<string, string | readonly string[] | undefined>;

const Page = z.looseObject({ results: z.array(Execution), total: z.number() });
const PAGE_SIZE = 100;
/** Each needs calls of its own; a server takes only so many at a time. */
const AT_ONCE = 10;
const Outputs = z.record(z.string(), z.unknown());
const TasksWithOutputs = z.array(z.looseObject({ taskRunId: z.string() }));

/** One execution with its outputs, as far as it has ended; undefined when Kestra does not know it (yet). */
export async function readExecution(transport: KestraTransport, id: string): Promise<Execution | undefined> {
  const execution = await transport.jsonIfPresent((routes) => routes.execution(id), Execution);
  return execution && (await transport.dialect()) === '2.x' ? withOutputs(transport, execution) : execution;
}

/** All executions that match, whole, over all pages. The index behind this lags: poll, never trust the first answer. */
export async function searchExecutions(
  transport: KestraTransport,
  filters: SearchFilters,
): Promise<Execution[]> {
  const found = await findExecutions(transport, filters);
  return (await transport.dialect()) === '2.x' ? allWhole(transport, found) : found;
}

/** The same as far as a search answers it: from a 2.x server without task runs and outputs. */
export async function findExecutions(
  transport: KestraTransport,
  filters: SearchFilters,
): Promise<Execution[]> {
  const found: Execution[] = [];
  for await (const page of executionPages(transport, filters)) found.push(...page);
  return found;
}

/** The same, page by page: all executions of a deployment are too many to be held at once. */
export async function* executionPages(
  transport: KestraTransport,
  filters: SearchFilters,
): AsyncGenerator<Execution[]> {
  const dialect = await transport.dialect();
  const query = dialect === '0.2x' ? plainQuery(filters) : filterQuery(filters);
  let seen = 0;
  for (let page = 1; ; page += 1) {
    const { results, total } = await transport.json((routes) => routes.search, Page, {
      query: { ...query, size: PAGE_SIZE, sort: 'state.startDate:asc', page },
    });
    seen += results.length;
    yield dialect === '0.2x' ? results.filter(isMeant(filters)) : results;
    if (results.length === 0 || seen >= total) return;
  }
}

/** How many match, by a page of one. Of a 0.2x server also those of namespaces below. */
export async function countExecutions(transport: KestraTransport, filters: SearchFilters): Promise<number> {
  const query = (await transport.dialect()) === '0.2x' ? plainQuery(filters) : filterQuery(filters);
  const { total } = await transport.json((routes) => routes.search, Page, {
    query: { ...query, size: 1, page: 1 },
  });
  return total;
}

function filterQuery(filters: SearchFilters): Query {
  const { namespace, flowId, state, labels = {}, parentId, startedSince, endedSince } = filters;
  return {
    'filters[namespace][EQUALS]': namespace,
    'filters[flowId][EQUALS]': flowId,
    'filters[state][IN]': state?.join(','),
    'filters[triggerExecutionId][EQUALS]': parentId,
    'filters[startDate][GREATER_THAN_OR_EQUAL_TO]': startedSince?.toISOString(),
    'filters[endDate][GREATER_THAN_OR_EQUAL_TO]': endedSince?.toISOString(),
    ...Object.fromEntries(
      Object.entries(labels).map(([key, value]) => [`filters[labels][EQUALS][${key}]`, value]),
    ),
  };
}

/** Plain parameters, which know no end of an execution: `endDate` there is the latest beginning. */
function plainQuery(filters: SearchFilters): Query {
  const { namespace, flowId, state, labels = {}, parentId, startedSince } = filters;
  return {
    namespace,
    flowId,
    state,
    labels: Object.entries(labels).map(([key, value]) => `${key}:${value}`),
    triggerExecutionId: parentId,
    startDate: startedSince?.toISOString(),
  };
}

/** Plain `namespace` is a prefix, and mixes `christmas` with `christmas.testing`. */
const isMeant =
  ({ namespace, endedSince }: SearchFilters) =>
  (one: Execution): boolean =>
    (namespace === undefined || one.namespace === namespace) &&
    (endedSince === undefined || Date.parse(one.state.endDate ?? '') >= endedSince.getTime());

async function allWhole(transport: KestraTransport, found: readonly Execution[]): Promise<Execution[]> {
  const complete: Execution[] = [];
  for (let first = 0; first < found.length; first += AT_ONCE) {
    const some = found.slice(first, first + AT_ONCE);
    complete.push(...(await Promise.all(some.map((light) => whole(transport, light)))));
  }
  return complete;
}

/** A 2.x search leaves out task runs and outputs. What has not begun has neither. */
async function whole(transport: KestraTransport, light: Execution): Promise<Execution> {
  if (light.state.current === 'CREATED') return light;
  return (await readExecution(transport, light.id)) ?? light;
}

async function withOutputs(transport: KestraTransport, execution: Execution): Promise<Execution> {
  const { id, state, taskRunList } = execution;
  if (!isTerminal(state.current)) return execution;
  const [ofFlow, tasks] = await Promise.all([
    transport.jsonIfPresent((routes) => routes.flowOutputs(id), Outputs.nullable()),
    transport.jsonIfPresent((routes) => routes.tasksWithOutputs(id), TasksWithOutputs),
  ]);
  const ofTasks = new Map(
    await Promise.all(
      (tasks ?? []).map(
        async ({ taskRunId }) =>
          [
            taskRunId,
            await transport.jsonIfPresent((routes) => routes.taskOutputs(id, taskRunId), Outputs),
          ] as const,
      ),
    ),
  );
  return {
    ...execution,
    outputs: ofFlow ?? {},
    taskRunList: taskRunList.map((run) => ({ ...run, outputs: ofTasks.get(run.id) ?? {} })),
  };
}
