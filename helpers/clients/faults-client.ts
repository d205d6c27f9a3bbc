import { request } from 'undici';
import { z } from 'zod';
import type { Lead } from '../factories/lead.ts';

export type Service = 'notion' | 'resend';

/** How a service misbehaves for one lead. Without `count`, until the test ends. */
export interface Fault {
  method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** A regular expression for the path. */
  path?: string;
  status?: number;
  code?: string;
  message?: string;
  headers?: Record<string, string>;
  delayMs?: number;
  /** Takes the call and never answers. */
  hang?: boolean;
  /** Takes the mail, and only the answer is lost. */
  acceptThenFail?: boolean;
  /** Does what it is asked, and breaks the connection half-way through the answer. */
  cut?: boolean;
  count?: number;
}

const Call = z.looseObject({
  at: z.number(),
  method: z.string(),
  path: z.string(),
  status: z.number(),
  who: z.string().nullish(),
  correlationId: z.string().nullish(),
  fault: z.unknown().optional(),
  body: z.unknown().optional(),
});
/** One call as a stand-in noted it, refused ones included. */
export type Call = z.infer<typeof Call>;

/** Of Notion's callers only the flows: the harness that looks on is spared. */
const STRUCK: Record<Service, { who?: string }> = { notion: { who: 'token 1' }, resend: {} };

type Undo = (what: string, action: () => Promise<void>) => void;
type Address = Pick<Lead, 'email'>;

/** Makes Notion or Resend misbehave for one lead, and tells what each was asked. */
export class FaultsClient {
  readonly #urls: Record<Service, string>;
  readonly #undo: Undo;

  /** Each fault is taken back by `undo` when its test is over. */
  constructor(urls: Record<Service, string>, undo: Undo) {
    this.#urls = urls;
    this.#undo = undo;
  }

  async at(service: Service, lead: Address, fault: Fault): Promise<string> {
    const answer = await this.#call(service, 'POST', '/_control/faults', {
      lead: lead.email,
      ...STRUCK[service],
      ...fault,
    });
    const { id } = z.looseObject({ id: z.string() }).parse(answer);
    this.#undo(`fault ${id} at ${service}`, () => this.remove(service, id));
    return id;
  }

  async remove(service: Service, id: string): Promise<void> {
    await this.#call(service, 'DELETE', `/_control/faults/${id}`);
  }

  /** What a service was asked on behalf of `lead`, in order. */
  async callsOf(service: Service, lead: Address & Pick<Lead, 'since'>): Promise<Call[]> {
    const query = new URLSearchParams({ lead: lead.email });
    const calls = z.array(Call).parse(await this.#call(service, 'GET', `/_control/log?${query.toString()}`));
    return calls.filter(({ at }) => at >= (lead.since?.getTime() ?? 0));
  }

  async #call(
    service: Service,
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    body?: unknown,
  ): Promise<unknown> {
    const { statusCode, body: answer } = await request(`${this.#urls[service]}${path}`, {
      method,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const text = await answer.text();
    // A fault that a count used up, or that was removed, is as gone as one wants it.
    if (method === 'DELETE' && statusCode === 404) return undefined;
    if (statusCode > 299) throw new Error(`${service}: ${method} ${path} answered ${statusCode}: ${text}`);
    return text === '' ? undefined : (JSON.parse(text) as unknown);
  }
}
