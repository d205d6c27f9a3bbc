import { Resend } from 'resend';
import type { Lead } from '../factories/lead.ts';

export interface SentMail {
  id: string;
  /** The moment the website tells Kestra. */
  sentAt: Date;
}

/** Sends mail 1 of the five-day sequence as the website does: with the website's own key. */
export class WebsiteMailer {
  readonly #resend: Resend;

  constructor({ url, key }: { url: string; key: string }) {
    this.#resend = new Resend(key, { baseUrl: url });
  }

  async sendMail1(lead: Lead): Promise<SentMail> {
    const { data, error } = await this.#resend.emails.send({
      from: 'The website <website@funnel.example>',
      to: [lead.email],
      subject: 'Your assessment results are ready',
      text: 'Your results are ready. The website sends this mail, the first of five, by itself.',
      html: '<p>Your results are ready.</p><p>The website sends this mail, the first of five, by itself.</p>',
      tags: [
        { name: 'sequence_type', value: '5day' },
        { name: 'email_number', value: '1' },
      ],
    });
    if (error) throw new Error(`The website's mail 1 was refused: ${error.name}: ${error.message}`);
    return { id: data.id, sentAt: new Date() };
  }
}
