import { Agent, type FormData, request } from 'undici';
import type { z } from 'zod';

export interface KestraAddress {
  url: string;
  user: string;
  password: string;
  /** Others' executions are on it too: those without a run's mark are not killed. */
  shared?: boolean;
}

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

const agent = new Agent({ connect: { timeout: 5_000 }, headersTimeout: 30_000, bodyTimeout: 60_000 });

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

/** HTTP to one Kestra: address, login and errors, nothing else. Paths start with `/`. */
export class KestraTransport {
  readonly url: string;
  readonly shared: boolean;
  readonly #authorization: string;

  constructor({ url, user, password, shared = false }: KestraAddress) {
    this.shared = shared;
    this.url = url.replace(/\/$/, '');
    this.#authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  }

  /** Any answer, whatever its status; throws only when there is none. */
  async raw(path: string, { method = 'GET', query, body, contentType, accept }: Call = {}): Promise<Answer> {
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
  async text(path: string, call: Call = {}): Promise<string> {
    const answer = await this.raw(path, call);
    if (answer.status < 200 || answer.status > 299) throw new KestraError(call.method ?? 'GET', path, answer);
    return answer.text;
  }

  /** The body of a 2xx answer, parsed by `schema`; throws KestraError on another status. */
  async json<T>(path: string, schema: z.ZodType<T>, call: Call = {}): Promise<T> {
    return schema.parse(JSON.parse(await this.text(path, call)));
  }

  /** The body of a 2xx answer parsed by `schema`, or undefined when Kestra answers 404. */
  async jsonIfPresent<T>(path: string, schema: z.ZodType<T>, call: Call = {}): Promise<T | undefined> {
    const answer = await this.raw(path, call);
    if (answer.status === 404) return undefined;
    if (answer.status < 200 || answer.status > 299) throw new KestraError(call.method ?? 'GET', path, answer);
    return schema.parse(JSON.parse(answer.text));
  }

  /** The raw stream of an answer, for server-sent events. */
  async stream(path: string, signal: AbortSignal): Promise<AsyncIterable<Buffer>> {
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
}

function queryString(query: Call['query'] = {}): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [value].flat().map((one) => [name, String(one)]),
  );
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs as [string, string][]).toString()}`;
}
