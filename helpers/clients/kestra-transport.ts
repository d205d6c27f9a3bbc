import { Agent, type FormData, request } from 'undici';
import { z } from 'zod';
import { type Dialect, dialectOf } from './kestra-dialect.ts';
import { CONFIGS, type Routes, ROUTES } from './kestra-routes.ts';

export interface KestraAddress {
  url: string;
  user: string;
  password: string;
  /** Without it the server is asked for its version, once. */
  dialect?: Dialect;
  /** Others' executions are on it too: those without a run's mark are not killed. */
  shared?: boolean;
}

/** A path as it is, or by the routes of the server's dialect. */
export type Path = string | ((routes: Routes) => string);

export interface Call {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  query?: Record<string, string | number | boolean | readonly string[] | undefined>;
  body?: string | FormData;
  contentType?: string;
  accept?: string;
}

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}

const Configs = z.looseObject({ version: z.string() });

/** An engine that has just started, on a slow machine with others beside it, takes half a minute to read a flow. */
const PATIENCE_MS = 120_000;
const agent = new Agent({
  connect: { timeout: 20_000 },
  headersTimeout: PATIENCE_MS,
  bodyTimeout: PATIENCE_MS,
});

/** A call that Kestra did not answer with 2xx. The message has method, path (webhook keys masked), status and body. */
export class KestraError extends Error {
  readonly status: number;
  readonly body: string;

  constructor(method: string, path: string, answer: Answer) {
    super(`Kestra: ${method} ${maskKey(path)} answered ${answer.status}: ${answer.text.slice(0, 2_000)}`);
    this.name = 'KestraError';
    this.status = answer.status;
    this.body = answer.text;
  }
}

/** The path with a webhook's key hidden: the key is the URL's only guard. */
function maskKey(path: string): string {
  return path.replace(/(\/executions\/webhook\/[^/]+\/[^/]+\/)[^/?]+/, '$1***');
}

/**
 * HTTP to one Kestra: address, login, dialect and errors, nothing else. Paths start with `/`. No cookie is kept, so that
 * a 2.x server, which guards its cookies against forged requests, asks for nothing but the login.
 */
export class KestraTransport {
  readonly url: string;
  readonly shared: boolean;
  readonly #authorization: string;
  #dialect: Promise<Dialect> | undefined;

  constructor({ url, user, password, dialect, shared = false }: KestraAddress) {
    this.shared = shared;
    this.url = url.replace(/\/$/, '');
    this.#authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
    if (dialect) this.#dialect = Promise.resolve(dialect);
  }

  /** The server's dialect, asked for once. Throws when the server is none that this client speaks to. */
  async dialect(): Promise<Dialect> {
    this.#dialect ??= this.version().then(dialectOf);
    try {
      return await this.#dialect;
    } catch (error) {
      this.#dialect = undefined; // an outage is no lasting answer
      throw error;
    }
  }

  /** The server's version as it tells it. */
  async version(): Promise<string> {
    return (await this.json(CONFIGS, Configs)).version;
  }

  /** Any answer, whatever its status; throws only when there is none. */
  async raw(to: Path, { method = 'GET', query, body, contentType, accept }: Call = {}): Promise<Answer> {
    const path = await this.#resolved(to);
    const answer = await request(`${this.url}${path}${queryString(query)}`, {
      dispatcher: agent,
      method,
      headers: {
        authorization: this.#authorization,
        accept: accept ?? 'application/json',
        ...(contentType ? { 'content-type': contentType } : {}),
      },
      ...(body === undefined ? {} : { body }),
    }).catch((cause: unknown) => {
      throw new Error(`Kestra: ${method} ${maskKey(path)} got no answer from ${this.url}`, { cause });
    });
    return { status: answer.statusCode, headers: answer.headers, text: await answer.body.text() };
  }

  /** The body of a 2xx answer as text; throws KestraError otherwise. */
  async text(to: Path, call: Call = {}): Promise<string> {
    const path = await this.#resolved(to);
    const answer = await this.raw(path, call);
    if (answer.status < 200 || answer.status > 299) throw new KestraError(call.method ?? 'GET', path, answer);
    return answer.text;
  }

  /** The body of a 2xx answer, parsed by `schema`; throws KestraError on another status. */
  async json<T>(to: Path, schema: z.ZodType<T>, call: Call = {}): Promise<T> {
    return schema.parse(JSON.parse(await this.text(to, call)));
  }

  /** The body of a 2xx answer parsed by `schema`, or undefined when Kestra answers 404. */
  async jsonIfPresent<T>(to: Path, schema: z.ZodType<T>, call: Call = {}): Promise<T | undefined> {
    const path = await this.#resolved(to);
    const answer = await this.raw(path, call);
    if (answer.status === 404) return undefined;
    if (answer.status < 200 || answer.status > 299) throw new KestraError(call.method ?? 'GET', path, answer);
    return schema.parse(JSON.parse(answer.text));
  }

  /** The raw stream of an answer, for server-sent events. */
  async stream(to: Path, signal: AbortSignal): Promise<AsyncIterable<Buffer>> {
    const path = await this.#resolved(to);
    const { statusCode, body } = await request(`${this.url}${path}`, {
      dispatcher: agent,
      headers: { authorization: this.#authorization, accept: 'text/event-stream' },
      bodyTimeout: 0,
      signal,
    });
    if (statusCode !== 200) {
      throw new KestraError('GET', path, { status: statusCode, headers: {}, text: await body.text() });
    }
    return body;
  }

  async #resolved(path: Path): Promise<string> {
    return typeof path === 'string' ? path : path(ROUTES[await this.dialect()]);
  }
}

function queryString(query: Call['query'] = {}): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [value].flat().map((one) => [name, String(one)]),
  );
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs as [string, string][]).toString()}`;
}
