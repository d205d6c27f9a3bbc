import { request } from 'undici';
import { z } from 'zod';
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
  tags: z
    .array(z.looseObject({ name: z.string(), value: z.string() }))
    .nullish()
    .transform((tags) => Object.fromEntries((tags ?? []).map(({ name, value }) => [name, value]))),
});

/** A mail as Resend knows it. */
export interface ResendMail {
  id: string;
  to: string[];
  subject: string;
  at: Date;
  event: string;
  tags: Record<string, string>;
}

/** The key cannot read: it may only send, or Resend refuses it. */
export class CannotAsk extends Error {}

const PAUSE_MS = 30_000;

/** Reads what Resend has sent. Never sends. */
export class ResendReader {
  readonly #access: ResendAccess;
  #known: { since: Date; mails: Promise<Listed[]> } | undefined;

  constructor(access: ResendAccess) {
    this.#access = access;
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
    const text = await this.#text(`/emails/${encodeURIComponent(id)}`);
    if (text === undefined) return undefined;
    const { to, subject, created_at, last_event, tags } = Whole.parse(JSON.parse(text));
    return {
      id,
      to,
      subject: subject ?? '',
      at: instantOf(created_at),
      event: last_event ?? 'unknown',
      tags,
    };
  }

  /** Resend's list filters nothing, so it is read page by page, newest first, and kept for the next question. */
  async #since(since: Date): Promise<Listed[]> {
    if (!this.#known || this.#known.since > since) this.#known = { since, mails: this.#readSince(since) };
    return (await this.#known.mails).filter((mail) => instantOf(mail.created_at) >= since);
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
