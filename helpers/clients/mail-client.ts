import { request } from 'undici';
import { z } from 'zod';
import type { Collection } from '../collection.ts';
import type { Lead } from '../factories/lead.ts';
import { mailName } from '../split.ts';

const Mail = z.looseObject({
  id: z.string(),
  /**
   * Whose key sent it: a `from` can say anything, a key cannot. Where keys are not to be seen, Kestra's is what a tracker row
   * claims by its id and what bears our tags; what only one of the two speaks for is `unproven`; the rest is the website's.
   */
  sender: z.enum(['website', 'kestra', 'harness', 'unproven']),
  receivedAt: z.number(),
  idempotencyKey: z.string().nullish(),
  correlationId: z.string().nullish(),
  from: z.string(),
  to: z.array(z.string()),
  subject: z.string(),
  html: z.string().nullish(),
  text: z.string().nullish(),
  /** What has become of it: `delivered`, `bounced`, … */
  last_event: z.string().nullish(),
  tags: z
    .array(z.object({ name: z.string(), value: z.string() }))
    .nullish()
    .transform((tags) => tags ?? []),
});
export type Mail = z.infer<typeof Mail>;

export interface MailFilter {
  sender?: Mail['sender'];
  since?: Date;
}

export const tagOf = (mail: Mail, name: string): string | undefined =>
  mail.tags.find((tag) => tag.name === name)?.value;

/** The mail as the responsibility matrix names it, and whose key sent it. */
export const nameAndSenderOf = (mail: Mail) => ({
  mail: mailName(tagOf(mail, 'sequence_type') ?? '?', Number(tagOf(mail, 'email_number'))),
  sender: mail.sender,
});

/** Where mails are read. */
export interface MailSource {
  /** Those to `to`, or to anybody, by one sender or by any, in any order. */
  mails(query: { to?: string; sender?: Mail['sender']; since?: Date }): Promise<Mail[]>;
  /** Tells a Resend of ours to do something; throws at any other. */
  control(what: string, body: unknown): Promise<void>;
}

/** What reached the leads, and by which key. */
export class MailClient {
  readonly #source: MailSource;

  constructor(source: MailSource | { url: string }) {
    this.#source = 'url' in source ? standIn(source.url) : source;
  }

  /** The lead's mails in the order in which they arrived. */
  of(lead: Pick<Lead, 'email' | 'since'>, { sender, since = lead.since }: MailFilter = {}): Collection<Mail> {
    return this.#collection(`mails to ${lead.email}${sender ? ` by ${sender}` : ''}`, {
      to: lead.email,
      ...(sender ? { sender } : {}),
      ...(since ? { since } : {}),
    });
  }

  /** Whoever's mails. For a Resend that nobody else uses. */
  all(): Collection<Mail> {
    return this.#collection('mails to anybody', {});
  }

  #collection(what: string, query: Parameters<MailSource['mails']>[0]): Collection<Mail> {
    return {
      what,
      read: async () => (await this.#source.mails(query)).toSorted((a, b) => a.receivedAt - b.receivedAt),
      describe: (mail) =>
        `${new Date(mail.receivedAt).toISOString()} by ${mail.sender}` +
        ` #${tagOf(mail, 'email_number') ?? '?'} "${mail.subject}" ${mail.id}`,
    };
  }

  async sendersTo(lead: Pick<Lead, 'email' | 'since'>): Promise<Mail['sender'][]> {
    return (await this.of(lead).read()).map(({ sender }) => sender);
  }

  /** As if 24 hours had passed for this lead: Resend remembers none of its idempotency keys. */
  async forgetIdempotency(lead: Pick<Lead, 'email'>): Promise<void> {
    await this.#source.control('forget-idempotency', { lead: lead.email });
  }

  /** Sets this Resend's clock so much ahead. For a Resend that nobody else uses. */
  async moveClock(offsetMs: number): Promise<void> {
    await this.#source.control('clock', { offsetMs });
  }
}

/** Our own Resend, which shows whose key sent each mail. */
function standIn(url: string): MailSource {
  return {
    mails: async ({ to, sender, since }) => {
      const query = new URLSearchParams({
        ...(to === undefined ? {} : { to }),
        ...(sender === undefined ? {} : { sender }),
        ...(since === undefined ? {} : { since: String(since.getTime()) }),
      });
      const path = `/_control/mails?${query.toString()}`;
      const { statusCode, body } = await request(`${url}${path}`);
      const text = await body.text();
      if (statusCode !== 200)
        throw new Error(`Mailbox: GET ${path} answered ${statusCode}: ${text.slice(0, 500)}`);
      return z.array(Mail).parse(JSON.parse(text));
    },
    control: async (what, body) => {
      const { statusCode, body: answer } = await request(`${url}/_control/${what}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      const text = await answer.text();
      if (statusCode > 299) throw new Error(`POST /_control/${what} answered ${statusCode}: ${text}`);
    },
  };
}
