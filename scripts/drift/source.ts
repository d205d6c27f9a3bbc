import { request } from 'undici';
import { poll } from '../../helpers/wait.ts';
import type { Json } from './sanitise.ts';

export interface Ask {
  method: 'GET' | 'POST';
  path: string;
  body?: Json;
  /** With a login that nobody has, to see the refusal. */
  asNobody?: boolean;
}

export interface Answer {
  status: number;
  /** Undefined when it is no JSON. */
  body: Json | undefined;
}

/** Who answers: the real service, or what stands in for it. */
export interface Source {
  url: string;
  headers: (asNobody: boolean) => Record<string, string>;
}

/** The service did not answer, or not with what it has to say: no drift, and no reason to look at our code. */
export class Trouble extends Error {}

const PATIENCE_MS = 60_000;
const TIMEOUT_MS = 30_000;

/** One answer; 429 is waited out. Throws Trouble when there is none, or one of a service that is down or overrun. */
export async function ask(source: Source, { method, path, body, asNobody = false }: Ask): Promise<Answer> {
  const { value } = await poll(
    () => once(source, method, path, body, asNobody),
    ({ status }) => status !== 429,
    PATIENCE_MS,
  );
  if (value.status === 429) throw new Trouble(`answered 429 for ${PATIENCE_MS / 1_000} s: its rate limit`);
  if (value.status >= 500) throw new Trouble(`answered ${value.status}: the service is in trouble`);
  return { status: value.status, body: parsed(value.text) };
}

async function once(
  source: Source,
  method: Ask['method'],
  path: string,
  body: Json | undefined,
  asNobody: boolean,
) {
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  const { statusCode, body: text } = await request(`${source.url.replace(/\/$/, '')}${path}`, {
    method,
    headersTimeout: TIMEOUT_MS,
    bodyTimeout: TIMEOUT_MS,
    headers: {
      'user-agent': 'funnel-e2e',
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...source.headers(asNobody),
    },
    ...sent,
  }).catch((cause: unknown) => {
    throw new Trouble(`gave no answer at ${new URL(source.url).origin}`, { cause });
  });
  return { status: statusCode, text: await text.text() };
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
