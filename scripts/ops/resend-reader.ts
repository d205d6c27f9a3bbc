import { request } from 'undici';
import { z } from 'zod';
import { Coalesced } from '../../helpers/clients/coalesce.ts';
import { poll } from '../../helpers/wait.ts';

export interface ResendAccess {
  url: string;
  key: string;
}

const Listed = z.looseObject({
  id: z.string(),
  to: z.array(z.string()),
  subject: z.string().nullish(),
  created_at: z.string(),
  last_event: z.string().nullish(),
});
type Listed = z.infer<typeof Listed>;
const Page = z.looseObject({ has_more: z.boolean(), data: z.array(Listed) });
const Whole = Listed.extend({
  from: z.string(),
  html: z.string().nullish(),
  text: z.string().nullish(),
  tags: z
    .array(z.looseObject({ name: z.string(), value: z.string() }))
    .nullish()
    .transform((tags) => Object.fromEntries((tags ?? []).map(({ name, value }) => [name, value]))),
});

/** A mail as Resend knows it. */
export interface ResendMail {
  id: string;
  to: string[];
  from: string;
  subject: string;
  html: string | null;
  text: string | null;
  at: Date;
  event: string;
  tags: Record<string, string>;
}

/** The key cannot read: it may only send, or Resend refuses it. */
export class CannotAsk extends Error {}

const PAUSE_MS = 30_000;

/** After these nothing happens to a mail that a test looks for. */
const FINAL = new Set([
  'delivered',
  'bounced',
  'complained',
  'opened',
  'clicked',
  'failed',
  'canceled',
  'suppressed',
]);

/** Reads what Resend has sent. Never sends. */
export class ResendReader {
  readonly #access: ResendAccess;
  readonly #lists: Coalesced<Listed[]>;
  /** How far back the list goes. */
  #from: Date | undefined;
  readonly #final = new Map<string, ResendMail>();

  /** `freshMs`: how long a list serves for the next question; without it, as long as the reader. */
  constructor(access: ResendAccess, { freshMs = Infinity }: { freshMs?: number } = {}) {
    this.#access = access;
    this.#lists = new Coalesced(freshMs);
  }

  /** Every mail to `address` since a moment, oldest first. */
  async mailsTo(address: string, since: Date): Promise<ResendMail[]> {
    const found = (await this.#since(since)).filter(({ to }) => to.some((one) => isTo(one, address)));
    const mails: ResendMail[] = [];
    for (const { id } of found) {
      const mail = await this.find(id);
      if (mail) mails.push(mail);
    }
    return mails;
  }

  /** Undefined when Resend has no mail of that id. */
  async find(id: string): Promise<ResendMail | undefined> {
    const known = this.#final.get(id);
    if (known) return known;
    const text = await this.#text(`/emails/${encodeURIComponent(id)}`);
    if (text === undefined) return undefined;
    const {
      to,
      from,
      subject,
      html,
      text: plain,
      created_at,
      last_event,
      tags,
    } = Whole.parse(JSON.parse(text));
    const mail = {
      id,
      to,
      from,
      subject: subject ?? '',
      html: html ?? null,
      text: plain ?? null,
      at: instantOf(created_at),
      event: last_event ?? 'unknown',
      tags,
    };
    if (FINAL.has(mail.event)) this.#final.set(id, mail);
    return mail;
  }

  /** Resend's list filters nothing, so it is read page by page, newest first, and serves the next question too. */
  async #since(since: Date): Promise<Listed[]> {
    const from = this.#from && this.#from < since ? this.#from : since;
    if (from !== this.#from) this.#lists.forget();
    this.#from = from;
    const mails = await this.#lists.ask('list', () => this.#readSince(from));
    return mails.filter((mail) => instantOf(mail.created_at) >= since);
  }

  async #readSince(since: Date): Promise<Listed[]> {
    const mails: Listed[] = [];
    for (let after = ''; ;) {
      const text = await this.#text(`/emails?limit=100${after && `&after=${after}`}`);
      const page = Page.parse(JSON.parse(text ?? '{}'));
      mails.push(...page.data);
      const last = page.data.at(-1);
      if (!page.has_more || !last || instantOf(last.created_at) < since) return mails.toReversed();
      after = encodeURIComponent(last.id);
    }
  }

  /** A 429 is waited out: Resend allows a team a few calls a second, all keys together. */
  async #text(path: string): Promise<string | undefined> {
    const { value } = await poll(
      () => this.#ask(path),
      ({ status }) => status !== 429,
      PAUSE_MS,
    );
    // An id that is none of Resend's making is answered 422.
    if (value.status === 404 || value.status === 422) return undefined;
    if (value.status === 401 || value.status === 403) {
      throw new CannotAsk('RESEND_API_KEY may not read: give a key with full access');
    }
    if (value.status !== 200) throw new CannotAsk(`Resend answered ${value.status} to GET ${path}`);
    return value.text;
  }

  async #ask(path: string): Promise<{ status: number; text: string }> {
    const { url, key } = this.#access;
    const answer = await request(`${url.replace(/\/$/, '')}${path}`, {
      headers: { authorization: `Bearer ${key}`, 'user-agent': 'funnel-e2e' },
    }).catch((cause: unknown) => {
      throw new CannotAsk(`no answer from ${url}`, { cause });
    });
    return { status: answer.statusCode, text: await answer.body.text() };
  }
}

/** `2023-04-03 22:13:42.674981+00`, which JavaScript does not read. */
function instantOf(text: string): Date {
  return new Date(text.replace(' ', 'T').replace(/([+-]\d{2})$/, '$1:00'));
}

function isTo(recipient: string, address: string): boolean {
  const bare = /<([^>]*)>\s*$/.exec(recipient)?.[1] ?? recipient;
  return bare.trim().toLowerCase() === address.toLowerCase();
}
