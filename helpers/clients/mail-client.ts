import { request } from 'undici';
import { z } from 'zod';
import type { Collection } from '../collection.ts';
import type { Lead } from '../factories/lead.ts';
import { mailName } from '../split.ts';

const Mail = z.looseObject({
  id: z.string(),
  /** Whose key sent it: a `from` can say anything, a key cannot. */
  sender: z.enum(['website', 'kestra', 'harness']),
  receivedAt: z.number(),
  idempotencyKey: z.string().nullish(),
  correlationId: z.string().nullish(),
  from: z.string(),
  to: z.array(z.string()),
  subject: z.string(),
  html: z.string().nullish(),
  text: z.string().nullish(),
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

/** What reached the leads, and by which key. */
export class MailClient {
  readonly #url: string;

  constructor({ url }: { url: string }) {
    this.#url = url;
  }

  /** The lead's mails in the order in which they arrived. */
  of(lead: Pick<Lead, 'email' | 'since'>, { sender, since = lead.since }: MailFilter = {}): Collection<Mail> {
    const query = new URLSearchParams({ to: lead.email });
    if (sender) query.set('sender', sender);
    if (since) query.set('since', String(since.getTime()));
    return this.#collection(`mails to ${lead.email}${sender ? ` by ${sender}` : ''}`, query);
  }

  /** Whoever's mails. For a Resend that nobody else uses. */
  all(): Collection<Mail> {
    return this.#collection('mails to anybody', new URLSearchParams());
  }

  #collection(what: string, query: URLSearchParams): Collection<Mail> {
    return {
      what,
      read: async () => (await this.#mails(query)).toSorted((a, b) => a.receivedAt - b.receivedAt),
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
    await this.#control('forget-idempotency', { lead: lead.email });
  }

  /** Sets this Resend's clock so much ahead. For a Resend that nobody else uses. */
  async moveClock(offsetMs: number): Promise<void> {
    await this.#control('clock', { offsetMs });
  }

  async #control(what: string, body: unknown): Promise<void> {
    const { statusCode, body: answer } = await request(`${this.#url}/_control/${what}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const text = await answer.text();
    if (statusCode > 299) throw new Error(`POST /_control/${what} answered ${statusCode}: ${text}`);
  }

  async #mails(query: URLSearchParams): Promise<Mail[]> {
    const path = `/_control/mails?${query.toString()}`;
    const { statusCode, body } = await request(`${this.#url}${path}`);
    const text = await body.text();
    if (statusCode !== 200)
      throw new Error(`Mailbox: GET ${path} answered ${statusCode}: ${text.slice(0, 500)}`);
    return z.array(Mail).parse(JSON.parse(text));
  }
}
