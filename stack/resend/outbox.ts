import { randomUUID } from 'node:crypto';
import { addressOf, isTestAddress } from './addresses.ts';
import { resendTime, type Clock } from './clock.ts';
import { invalidField, mailNotFound, notUuid, Refusal } from './refusal.ts';
import type { SendRequest } from './send-request.ts';

export type KeyName = 'website' | 'kestra' | 'harness';

export interface Mail {
  id: string;
  /** The name of the key that sent it: the one proof of who did. */
  sender: KeyName;
  receivedAt: number;
  idempotencyKey: string | null;
  correlationId: string | null;
  request: SendRequest;
  scheduledFor: number | null;
  canceled: boolean;
}

export interface RefusedRecipient {
  at: number;
  who: KeyName;
  field: 'to' | 'cc' | 'bcc';
  address: string;
  subject: string;
}

type Origin = Pick<Mail, 'sender' | 'idempotencyKey' | 'correlationId'>;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Every mail that was accepted, and every recipient that was not. */
export class Outbox {
  readonly mails: Mail[] = [];
  readonly refusedRecipients: RefusedRecipient[] = [];
  readonly #clock: Clock;
  readonly #testMailbox: string;

  constructor(clock: Clock, testMailbox: string) {
    this.#clock = clock;
    this.#testMailbox = testMailbox;
  }

  /** Takes all of the mails, or none when one of them would reach a person. */
  accept(requests: SendRequest[], origin: Origin): Mail[] {
    for (const request of requests) this.#refuseStrangers(request, origin.sender);
    return requests.map((request) => this.store(request, origin));
  }

  /** Puts a mail in without asking where it goes. */
  store(request: SendRequest, origin: Origin, receivedAt = this.#clock.now()): Mail {
    const mail: Mail = {
      id: randomUUID(),
      ...origin,
      receivedAt,
      request,
      scheduledFor: request.scheduledFor,
      canceled: false,
    };
    this.mails.push(mail);
    return mail;
  }

  find(id: string): Mail {
    if (!UUID.test(id)) throw notUuid();
    const mail = this.mails.find((one) => one.id === id.toLowerCase());
    if (!mail) throw mailNotFound();
    return mail;
  }

  reschedule(id: string, scheduledFor: number): Mail {
    const mail = this.#findScheduled(id, 'updated');
    mail.scheduledFor = scheduledFor;
    return mail;
  }

  cancel(id: string): Mail {
    const mail = this.#findScheduled(id, 'canceled');
    mail.canceled = true;
    return mail;
  }

  /** Worked out when asked, so that nothing has to run at the moment a scheduled mail is due. */
  lastEvent(mail: Mail): 'canceled' | 'scheduled' | 'delivered' {
    if (mail.canceled) return 'canceled';
    return mail.scheduledFor !== null && mail.scheduledFor > this.#clock.now() ? 'scheduled' : 'delivered';
  }

  /** Newest first, one page beyond or before a cursor. */
  page(
    limit: number,
    cursor: { after?: string | undefined; before?: string | undefined },
  ): { mails: Mail[]; hasMore: boolean } {
    const newestFirst = this.mails.toReversed();
    if (cursor.before !== undefined) {
      const end = newestFirst.indexOf(this.find(cursor.before));
      return { mails: newestFirst.slice(Math.max(0, end - limit), end), hasMore: end > limit };
    }
    const start = cursor.after === undefined ? 0 : newestFirst.indexOf(this.find(cursor.after)) + 1;
    return { mails: newestFirst.slice(start, start + limit), hasMore: newestFirst.length > start + limit };
  }

  reset(): void {
    this.mails.length = 0;
    this.refusedRecipients.length = 0;
  }

  #findScheduled(id: string, change: string): Mail {
    const mail = this.find(id);
    if (this.lastEvent(mail) !== 'scheduled') throw invalidField(`Only scheduled emails can be ${change}.`);
    return mail;
  }

  #refuseStrangers(request: SendRequest, who: KeyName): void {
    const strangers = (['to', 'cc', 'bcc'] as const).flatMap((field) =>
      request[field]
        .map((recipient) => addressOf(recipient) ?? recipient)
        .filter((address) => !isTestAddress(address, this.#testMailbox))
        .map((address) => ({ at: this.#clock.now(), who, field, address, subject: request.subject })),
    );
    if (strangers.length === 0) return;
    this.refusedRecipients.push(...strangers);
    throw new Refusal(
      403,
      'validation_error',
      `You can only send testing emails to your own email address (${this.#testMailbox}). To send emails to other recipients, ` +
        'please verify a domain at resend.com/domains, and change the `from` address to an email using this domain.',
    );
  }
}

/** Everyone a mail goes to, as bare addresses in lower case. */
export const recipientsOf = ({ request }: Mail): string[] =>
  [...request.to, ...request.cc, ...request.bcc].map(
    (recipient) => addressOf(recipient) ?? recipient.toLowerCase(),
  );

/** A mail as `GET /emails` lists it. */
export const listedMail = (outbox: Outbox, mail: Mail) => ({
  id: mail.id,
  message_id: messageId(mail),
  to: mail.request.to,
  from: mail.request.from,
  created_at: resendTime(mail.receivedAt),
  subject: mail.request.subject,
  bcc: mail.request.bcc,
  cc: mail.request.cc,
  reply_to: mail.request.reply_to,
  last_event: outbox.lastEvent(mail),
  scheduled_at: mail.scheduledFor === null ? null : resendTime(mail.scheduledFor),
});

/** A mail as `GET /emails/{id}` answers it. */
export const wholeMail = (outbox: Outbox, mail: Mail) => ({
  object: 'email',
  ...listedMail(outbox, mail),
  html: mail.request.html,
  text: mail.request.text,
  tags: mail.request.tags,
});

/** A mail as the harness reads it: what was asked for, by whom, and when. */
export const controlMail = (outbox: Outbox, mail: Mail) => ({
  id: mail.id,
  sender: mail.sender,
  receivedAt: mail.receivedAt,
  ...(mail.idempotencyKey !== null && { idempotencyKey: mail.idempotencyKey }),
  ...(mail.correlationId !== null && { correlationId: mail.correlationId }),
  from: mail.request.from,
  to: mail.request.to,
  cc: mail.request.cc,
  bcc: mail.request.bcc,
  reply_to: mail.request.reply_to,
  subject: mail.request.subject,
  html: mail.request.html,
  text: mail.request.text,
  headers: mail.request.headers,
  tags: mail.request.tags,
  last_event: outbox.lastEvent(mail),
  scheduledFor: mail.scheduledFor,
});

export const messageId = (mail: Mail): string => `<${mail.id}@stand-in.invalid>`;
