import type { Begun, WebhookClient } from '../clients/webhook-client.ts';
import type { WebsiteMailer } from '../clients/website-mailer.ts';
import type { Lead } from '../factories/lead.ts';
import type { Mail1Note } from '../journal.ts';
import type { Mode } from '../timetable.ts';
import type { Where } from '../where.ts';

export interface Completion extends Where {
  /** The moment of mail 1 that the website tells Kestra, when it is not the real one. */
  sentAt?: string | Date;
  /** `fails`: the website could not send mail 1 and says so. */
  mail1?: 'sent' | 'fails';
}

export interface Completed extends Begun {
  email1SentAt: string;
  /** Resend's id of mail 1; absent when it failed. */
  mailId?: string;
}

/** Plays the website's server: its own mail first, then the webhook. */
export class Website {
  readonly #mailer: WebsiteMailer;
  readonly #webhooks: WebhookClient;
  readonly #mode: Mode;
  readonly #note: (mail1: Mail1Note) => void;

  constructor(
    mailer: WebsiteMailer,
    webhooks: WebhookClient,
    { mode, note }: { mode: Mode; note: (mail1: Mail1Note) => void },
  ) {
    this.#mailer = mailer;
    this.#webhooks = webhooks;
    this.#mode = mode;
    this.#note = note;
  }

  /** The visitor sends the sign-up form. */
  async signsUp(lead: Lead, { mode = this.#mode, ...where }: Where = {}): Promise<Begun> {
    return this.#webhooks.signup(lead, { mode, ...where });
  }

  /** The visitor answers the last question: mail 1 goes out, then Kestra hears of it. */
  async completesAssessment(
    lead: Lead,
    { mode = this.#mode, sentAt: told, mail1 = 'sent', ...where }: Completion = {},
  ): Promise<Completed> {
    const sent = mail1 === 'sent' ? await this.#mailer.sendMail1(lead) : undefined;
    const sentAt = new Date(told ?? sent?.sentAt ?? new Date());
    const email1SentAt = sentAt.toISOString();
    const status = sent ? 'sent' : 'failed';
    const tells = { email1SentAt, email1Status: status, mode, ...where } as const;
    const begun = await this.#webhooks.assessment(lead, tells);
    this.#note({ lead, mode, sentAt, status, executionId: begun.executionId });
    return { ...begun, email1SentAt, ...(sent ? { mailId: sent.id } : {}) };
  }
}
