import type { Begun, WebhookClient } from '../clients/webhook-client.ts';
import type { WebsiteMailer } from '../clients/website-mailer.ts';
import type { Lead } from '../factories/lead.ts';
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

  constructor(mailer: WebsiteMailer, webhooks: WebhookClient) {
    this.#mailer = mailer;
    this.#webhooks = webhooks;
  }

  /** The visitor sends the sign-up form: the confirmation goes out, then Kestra hears of it. */
  async signsUp(lead: Lead, where: Where = {}): Promise<Begun> {
    await this.#mailer.sendConfirmation(lead);
    return this.#webhooks.signup(lead, where);
  }

  /** The visitor answers the last question: mail 1 goes out, then Kestra hears of it. */
  async completesAssessment(
    lead: Lead,
    { sentAt: told, mail1 = 'sent', ...where }: Completion = {},
  ): Promise<Completed> {
    const sent = mail1 === 'sent' ? await this.#mailer.sendMail1(lead) : undefined;
    const email1SentAt = new Date(told ?? sent?.sentAt ?? Date.now()).toISOString();
    const email1Status = sent ? 'sent' : 'failed';
    const begun = await this.#webhooks.assessment(lead, { email1SentAt, email1Status, ...where });
    return { ...begun, email1SentAt, ...(sent ? { mailId: sent.id } : {}) };
  }
}
