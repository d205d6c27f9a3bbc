import { FormData, Response } from 'undici';
import { z } from 'zod';
import { BUDGET } from '../budgets.ts';
import type { Collection } from '../collection.ts';
import { markOfLead } from '../mark.ts';
import { type Observed, poll } from '../wait.ts';
import type { Resolve, Where } from '../where.ts';
import {
  createdAt,
  emailNumberOf,
  Execution,
  isTerminal,
  type KnowsEarlierDates,
  LogLine,
  pathOf,
  scheduledAt,
} from './execution.ts';
import { untilDone } from './execution-follow.ts';
import {
  executionPages,
  findExecutions,
  readExecution,
  type SearchFilters,
  searchExecutions,
} from './kestra-executions.ts';
import { KestraError, type KestraTransport } from './kestra-transport.ts';

export interface StartOptions extends Where {
  labels?: Record<string, string>;
  scheduleDate?: Date;
}

export interface LogFilter {
  minLevel?: 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';
  taskId?: string;
}

export interface KestraSettings {
  transport: KestraTransport;
  resolve: Resolve;
  /** Told of each execution that a call of this client began. */
  onStart?: (executionId: string) => void;
}

const FLOW_TRIGGER = 'io.kestra.plugin.core.trigger.Flow';
const CORRELATION = 'system.correlationId';

/** One that is due any moment may be running when the kill arrives. */
const ALMOST_DUE_MS = 3_000;
/** Waits for its date, and long enough to be killed. */
export const isFarOff = ({ state, scheduleDate }: Execution) =>
  state.current === 'CREATED' && Date.parse(scheduleDate ?? '') > Date.now() + ALMOST_DUE_MS;

/** One execution by its id. Reads afresh at every call. */
export class ExecutionHandle {
  readonly id: string;
  readonly #transport: KestraTransport;
  readonly #madeAt = performance.now();

  constructor(transport: KestraTransport, id: string) {
    this.#transport = transport;
    this.id = id;
  }

  /** The execution now. Soon after a webhook's 200 Kestra may still answer 404, so that is waited out. */
  async read(): Promise<Execution> {
    const fresh = Math.max(0, BUDGET.appearsMs - (performance.now() - this.#madeAt));
    const { value } = await poll(
      () => readExecution(this.#transport, this.id),
      (execution) => execution !== undefined,
      fresh,
    );
    if (!value) throw new Error(`Kestra has no execution ${this.id}`);
    return value;
  }

  /** Waits until `done`, or for `withinMs`, and says what it saw last. */
  async until(done: (execution: Execution) => boolean, withinMs: number): Promise<Observed<Execution>> {
    const stream = (signal: AbortSignal) =>
      this.#transport.stream((routes) => routes.follow(this.id), signal);
    return untilDone({ stream, read: () => this.read() }, done, withinMs);
  }

  async logs({ minLevel, taskId }: LogFilter = {}): Promise<LogLine[]> {
    return this.#transport.json((routes) => routes.logs(this.id), z.array(LogLine), {
      query: { minLevel, taskId },
    });
  }
}

/** Kestra's executions and key-value store, for reading, starting and ending. Throws on any answer but 2xx. */
export class KestraClient {
  readonly #transport: KestraTransport;
  readonly #resolve: Resolve;
  readonly #onStart: KestraSettings['onStart'];

  constructor({ transport, resolve, onStart }: KestraSettings) {
    this.#transport = transport;
    this.#resolve = resolve;
    this.#onStart = onStart;
  }

  handle(executionId: string): ExecutionHandle {
    return new ExecutionHandle(this.#transport, executionId);
  }

  /** The `send-email` executions a handler's execution led to, by number. */
  mailsOf(rootId: string): Collection<Execution> & KnowsEarlierDates {
    const read = this.#descendants(rootId, { flowId: 'send-email' });
    return {
      what: `mail executions of ${rootId}`,
      read: async () => (await read()).toSorted((a, b) => emailNumberOf(a) - emailNumberOf(b)),
      describe: (one) =>
        `#${emailNumberOf(one)} ${one.id} due ${one.scheduleDate ?? 'at once'}: ${pathOf(one)}`,
      datesOfEarlier: (some) => this.#datesOfEarlier(some),
    };
  }

  /** Every execution an execution led to, through all tiers. */
  subtreeOf(rootId: string): Collection<Execution> {
    return {
      what: `executions below ${rootId}`,
      read: this.#descendants(rootId),
      describe: (one) => `${one.flowId} ${one.id}: ${pathOf(one)}`,
    };
  }

  /** The alerts about an execution and those below it: `alert-on-failure` takes over the correlation of what it tells of. */
  alertsOf(rootId: string): Collection<Execution> {
    return {
      what: `executions that tell of a failure of ${rootId}`,
      read: this.#correlated(rootId, { flowId: 'alert-on-failure' }),
      describe: (one) => `${one.id} about ${String(one.trigger?.variables['executionId'])}: ${pathOf(one)}`,
    };
  }

  /** All executions that match, over all pages. The index behind this lags: poll, never trust the first answer. */
  async search(filters: SearchFilters): Promise<Execution[]> {
    return searchExecutions(this.#transport, filters);
  }

  /** The same page by page, as far as a search answers it: from a 2.x server without task runs and outputs. */
  pages(filters: SearchFilters): AsyncIterable<Execution[]> {
    return executionPages(this.#transport, filters);
  }

  /** Starts a flow by the API. Inputs that are objects travel as JSON. */
  async start(
    flowId: string,
    inputs: Record<string, unknown>,
    { labels = {}, scheduleDate, ...where }: StartOptions = {},
  ): Promise<ExecutionHandle> {
    const namespace = this.#resolve(where);
    const { id } = await this.#transport.json((routes) => routes.start(namespace, flowId), Execution, {
      method: 'POST',
      query: {
        labels: Object.entries(labels).map(([key, value]) => `${key}:${value}`),
        scheduleDate: scheduleDate?.toISOString(),
      },
      ...(await multipart(inputs)),
    });
    return this.#started(id);
  }

  async replay(executionId: string): Promise<ExecutionHandle> {
    const { id } = await this.#transport.json((routes) => routes.replay(executionId), Execution, {
      method: 'POST',
    });
    return this.#started(id);
  }

  /**
   * Kills an execution and what it started. One that is over already, or unknown, is left as it is. Where others have theirs,
   * throws for one whose lead bears no run's mark.
   */
  async kill(executionId: string): Promise<void> {
    if (this.#transport.shared) await this.#demandMark(executionId);
    try {
      await this.#transport.text((routes) => routes.kill(executionId), {
        method: 'DELETE',
        query: { isOnKillCascade: true },
      });
    } catch (error) {
      if (!(error instanceof KestraError && [404, 409].includes(error.status))) throw error;
    }
  }

  /**
   * Kills an execution that still waits for its date, or the mails it led to that do. What runs is let end by itself: a
   * kill interrupts the worker's thread, and at the wrong moment Kestra 1.3.31 takes that for a fault of its own and
   * shuts the whole server down (seen).
   */
  async killWaiting(rootId: string): Promise<void> {
    const { value: root } = await this.handle(rootId).until(
      (begun) => isFarOff(begun) || isTerminal(begun.state.current),
      BUDGET.handlerMs,
    );
    if (isFarOff(root)) return this.kill(rootId);
    const subtree = this.subtreeOf(rootId);
    const { value } = await poll(
      () => subtree.read(),
      (all) => all.every(({ flowId, state }) => flowId === 'send-email' || isTerminal(state.current)),
      BUDGET.handlerMs,
    );
    await Promise.all(value.filter(isFarOff).map(({ id }) => this.kill(id)));
  }

  /** The key-value store of one deployment. */
  kv(where: Where = {}) {
    const namespace = this.#resolve(where);
    const transport = this.#transport;
    return {
      keys: async (): Promise<string[]> =>
        (
          await transport.json(
            (routes) => routes.keys(namespace),
            z.array(z.looseObject({ key: z.string() })),
          )
        ).map(({ key }) => key),
      get: async (key: string): Promise<unknown> =>
        (
          await transport.jsonIfPresent(
            (routes) => routes.key(namespace, key),
            z.looseObject({ value: z.unknown() }),
          )
        )?.value,
      set: async (key: string, value: unknown): Promise<void> => {
        const body = JSON.stringify(value);
        await transport.text((routes) => routes.key(namespace, key), {
          method: 'PUT',
          body,
          contentType: 'text/plain',
        });
      },
      delete: async (key: string): Promise<void> => {
        await transport.text((routes) => routes.key(namespace, key), { method: 'DELETE' });
      },
    };
  }

  async #datesOfEarlier(some: readonly Execution[]): Promise<ReadonlySet<string>> {
    const [first] = some;
    if (!first) return new Set();
    const all = await findExecutions(this.#transport, { namespace: first.namespace, flowId: first.flowId });
    const isEarlier = (one: Execution) => (other: Execution) =>
      other.flowRevision === one.flowRevision &&
      scheduledAt(other)?.getTime() === scheduledAt(one)?.getTime() &&
      createdAt(other) < createdAt(one);
    return new Set(some.filter((one) => one.scheduleDate && all.some(isEarlier(one))).map(({ id }) => id));
  }

  async #demandMark(id: string): Promise<void> {
    const { inputs, namespace, flowId } = await this.handle(id).read();
    const { lead } = inputs;
    if (typeof lead === 'object' && lead !== null && markOfLead(lead) !== undefined) return;
    throw new Error(
      `Not killed: the lead of ${id} of ${namespace}.${flowId} bears no run's mark, so it may be somebody.`,
    );
  }

  #started(id: string): ExecutionHandle {
    this.#onStart?.(id);
    return this.handle(id);
  }

  /** What a Flow trigger began watches an execution; it is none of its steps. */
  #descendants(rootId: string, filters: SearchFilters = {}): () => Promise<Execution[]> {
    const read = this.#correlated(rootId, filters);
    return async () => (await read()).filter(({ trigger }) => trigger?.type !== FLOW_TRIGGER);
  }

  /**
   * By label, which all tiers carry, within the root's own namespace and since it began. A label alone has Kestra look
   * into every execution it ever ran.
   */
  #correlated(rootId: string, filters: SearchFilters = {}): () => Promise<Execution[]> {
    const root = this.handle(rootId);
    let narrowed: SearchFilters | undefined;
    return async () => {
      narrowed ??= await root
        .read()
        .then((begun) => ({ namespace: begun.namespace, startedSince: createdAt(begun) }));
      const found = await this.search({ ...filters, ...narrowed, labels: { [CORRELATION]: rootId } });
      return found.filter(({ id }) => id !== rootId);
    };
  }
}

/**
 * As text and not as a stream: Kestra's server leaves a carriage return at the end of a value when a chunk ends inside
 * the line that follows it (seen: `Invalid value for input email_number: "3\r"`).
 */
async function multipart(inputs: Record<string, unknown>): Promise<{ body: string; contentType: string }> {
  const form = new FormData();
  for (const [name, value] of Object.entries(inputs)) {
    form.append(name, typeof value === 'string' ? value : JSON.stringify(value));
  }
  const encoded = new Response(form);
  return { body: await encoded.text(), contentType: encoded.headers.get('content-type') ?? '' };
}
