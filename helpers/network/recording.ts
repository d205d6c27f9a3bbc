import type { Har } from 'chrome-har';
import { isForeign } from '../foreign-requests.ts';
import { formsOf, redact } from '../redact.ts';
import { table } from '../table.ts';
import { type Body, isRedirect, type Message } from './messages.ts';

/** One request and what became of it. */
export interface Call {
  requestId: string;
  method: string;
  url: string;
  /** What wanted it, in Chrome's words: Document, Stylesheet, Script, Fetch. */
  type: string;
  /** Undefined when nobody answered. */
  status?: number;
  /** Since the tab's first request. */
  atMs: number;
  /** From the request to the last byte of its answer. */
  tookMs?: number;
  ended: boolean;
}

/** All that one tab sent and received. */
export class Recording {
  readonly calls: readonly Call[];
  readonly #messages: readonly Message[];
  readonly #bodies: readonly Body[];
  readonly #missed: readonly string[];

  constructor(messages: readonly Message[], bodies: readonly Body[], missed: readonly string[]) {
    this.calls = callsIn(messages);
    this.#messages = messages;
    this.#bodies = bodies;
    this.#missed = missed;
  }

  /** What must not be: a request to another host, a secret anywhere, something that was not recorded. */
  faults(secrets: readonly string[]): string[] {
    const foreign = this.calls.filter(({ url }) => isForeign(url));
    return [
      ...foreign.map(({ method, url }) => `another host was asked: ${method} ${url}`),
      ...this.#places(secrets).map((place) => `a secret travels in ${place}`),
      ...this.#escapes(),
      ...this.#unread().map(({ method, url }) => `not recorded is the answer to ${method} ${url}`),
      ...this.#missed,
    ].map((fault) => redact(fault, secrets));
  }

  /** The requests in order with their times, for the report. */
  table(): string {
    return table(
      ['at', 'took', 'status', 'type', 'request'],
      this.calls.map(({ atMs, tookMs, status, type, method, url }) => [
        `${atMs.toFixed(0)} ms`,
        tookMs === undefined ? '–' : `${tookMs.toFixed(1)} ms`,
        String(status ?? '–'),
        type,
        `${method} ${url}`,
      ]),
    );
  }

  /** The recording as an HTTP archive, bodies included, as every browser's developer tools open it. */
  async har(): Promise<Har> {
    const { harFromMessages } = await import('chrome-har'); // only the few tests with a recording pay for it
    const text = new Map(this.#bodies.map((body) => [body.requestId, body.text]));
    const messages = this.#messages.map((message) => {
      if (message.method !== 'Network.responseReceived') return message;
      const { method, params } = message;
      return {
        method,
        params: { ...params, response: { ...params.response, body: text.get(params.requestId) } },
      };
    });
    return harFromMessages(messages, {
      includeResourcesFromDiskCache: true,
      includeTextFromResponseBody: true,
    });
  }

  /** Bodies that are no text, such as files; other windows, which have a network of their own. */
  #escapes(): string[] {
    return this.#messages.flatMap(({ method, params }) => {
      if (method === 'Page.windowOpen') return [`a window was opened: ${params.url}`];
      if (method !== 'Network.requestWillBeSent') return [];
      const { method: verb, url, hasPostData, postData } = params.request;
      return hasPostData && postData === undefined ? [`no text is the body of ${verb} ${url}`] : [];
    });
  }

  /** Answers without a body on record. One from the cache has its own on an earlier one. */
  #unread(): Call[] {
    const cached = this.#messages.flatMap(({ method, params }) =>
      method === 'Network.requestServedFromCache' ? [params.requestId] : [],
    );
    const known = new Set([...cached, ...this.#bodies.map(({ requestId }) => requestId)]);
    return this.calls.filter(
      ({ requestId, status }) => status !== undefined && !isRedirect(status) && !known.has(requestId),
    );
  }

  /** Where one of the secrets is, in any of its forms. */
  #places(secrets: readonly string[]): string[] {
    const forms = secrets.flatMap(formsOf);
    const hasSecret = (text: string) => forms.some((form) => text.includes(form));
    const nameOf = (requestId: string) => {
      const call = this.calls.find((one) => one.requestId === requestId);
      return call ? `${call.method} ${call.url}` : requestId;
    };
    const found = this.#messages.flatMap(({ method, params }) => {
      const requestId = 'requestId' in params ? params.requestId : '';
      return textsIn(params)
        .filter(([, text]) => hasSecret(text))
        .map(([path]) => `${method} ${path} of ${nameOf(requestId)}`);
    });
    const inBodies = this.#bodies
      .filter(({ text }) => hasSecret(text))
      .map(({ requestId }) => `the answer to ${nameOf(requestId)}`);
    return [...found, ...inBodies];
  }
}

/** A data: or blob: address is a request to nobody. */
const leavesTheTab = (url: string) => /^(https?|wss?):/.test(url);

function callsIn(messages: readonly Message[]): Call[] {
  const calls: Call[] = [];
  const began = new Map<Call, number>();
  const add = (call: Omit<Call, 'atMs' | 'ended'>, timestamp: number) => {
    const [first = timestamp] = began.values();
    const made = { ...call, atMs: (timestamp - first) * 1_000, ended: false };
    calls.push(made);
    began.set(made, timestamp);
  };
  // A redirect keeps its request's id, so the last one of that id is the one that goes on.
  const ofId = (id: string) => calls.findLast(({ requestId, ended }) => requestId === id && !ended);
  const end = (id: string, timestamp: number, status?: number) => {
    const call = ofId(id);
    if (!call) return;
    call.ended = true;
    call.tookMs = (timestamp - (began.get(call) ?? timestamp)) * 1_000;
    if (status !== undefined) call.status = status;
  };

  for (const { method, params } of messages) {
    if (method === 'Network.requestWillBeSent') {
      const { requestId, request, type = 'Other', timestamp, redirectResponse } = params;
      if (redirectResponse) end(requestId, timestamp, redirectResponse.status);
      if (leavesTheTab(request.url))
        add({ requestId, method: request.method, url: request.url, type }, timestamp);
    } else if (method === 'Network.responseReceived') {
      const call = ofId(params.requestId);
      if (call) call.status = params.response.status;
    } else if (method === 'Network.loadingFinished' || method === 'Network.loadingFailed') {
      end(params.requestId, params.timestamp);
    } else if (method === 'Network.webSocketCreated') {
      calls.push(lasting(params.requestId, 'WebSocket', params.url));
    } else if (method === 'Network.webTransportCreated') {
      calls.push(lasting(params.transportId, 'WebTransport', params.url));
    }
  }
  return calls;
}

/** A connection: its events have no time, and it lasts as long as it likes. */
const lasting = (requestId: string, type: string, url: string): Call => ({
  requestId,
  method: 'CONNECT',
  url,
  type,
  atMs: 0,
  ended: true,
});

/** Each text in a message with the way to it: names of headers count as texts, too. */
function textsIn(value: unknown, path = ''): Array<readonly [string, string]> {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const way = path === '' ? key : `${path}.${key}`;
    return [[way, key] as const, ...textsIn(inner, way)];
  });
}
