import { Resend } from 'resend';
import type { Lead } from '../factories/lead.ts';

export interface SentMail {
  id: string;
  /** The moment the website tells Kestra. */
  sentAt: Date;
}

interface Letter {
  subject: string;
  text: string;
  sequence: 'signup' | '5day';
}

/** Sends the website's two mails as the website does: with its own key. */
export class WebsiteMailer {
  readonly #resend: Resend;
  readonly #from: string;

  constructor({ url, key, from }: { url: string; key: string; from: string }) {
    this.#from = from;
    this.#resend = new Resend(key, { baseUrl: url });
  }

  /** The confirmation of a sign-up. */
  async sendConfirmation(lead: Lead): Promise<SentMail> {
    return this.#send(lead, {
      subject: 'You are signed up',
      text: 'You are signed up. The website sends this mail by itself.',
      sequence: 'signup',
    });
  }

  /** Mail 1 of the five-day sequence. */
  async sendMail1(lead: Lead): Promise<SentMail> {
    return this.#send(lead, {
      subject: 'Your assessment results are ready',
      text: 'Your results are ready. The website sends this mail, the first of five, by itself.',
      sequence: '5day',
    });
  }

  async #send(lead: Lead, { subject, text, sequence }: Letter): Promise<SentMail> {
    const { data, error } = await this.#resend.emails.send({
      from: this.#from,
      to: [lead.email],
      subject,
      text,
      html: `<p>${text}</p>`,
      tags: [
        { name: 'sequence_type', value: sequence },
        { name: 'email_number', value: '1' },
      ],
    });
    if (error)
      throw new Error(`The website's mail "${subject}" was refused: ${error.name}: ${error.message}`);
    return { id: data.id, sentAt: new Date() };
  }
}
