import { request } from 'undici';
import { z } from 'zod';
import { strangers } from '../addresses.ts';
import type { AnswerSet } from '../assessment.ts';
import type { Lead } from '../factories/lead.ts';
import type { Secondary } from '../factories/payloads.ts';
import { OWN_PAGES, SITE_API, type Site } from '../site.ts';

export interface SiteAnswer {
  status: number;
  text: string;
}

const SignedUp = z.looseObject({ leadId: z.string() });

/** What the form posts. */
export const formBody = (lead: Lead) => ({
  firstName: lead.firstName,
  email: lead.email,
  businessName: lead.businessName,
  monthlyRevenue: '5k-10k',
  biggestChallenge: 'pricing',
  privacy: true,
});

/** What the assessment's page posts after the last answer. */
export const completionBody = (lead: Lead, set: AnswerSet, leadId = '') => ({
  leadId,
  email: lead.email,
  firstName: lead.firstName,
  businessName: lead.businessName,
  answers: set.answers,
  redCount: set.red,
  orangeCount: set.orange,
  yellowCount: 0,
  greenCount: set.green,
  overallScore: set.total,
  revenueLeak: set.monthlyLoss,
  weakestSystem1: set.weakest[0],
  weakestSystem2: set.weakest[1],
  strongestSystem: 'AUTOPILOT',
  timestamp: new Date().toISOString(),
});

/**
 * Resolves when Kestra is done with the sign-up. Whatever comes next in a lead's life comes minutes later; in the same
 * second both handlers would find no contact, and make two.
 */
export type Tracked = (lead: Lead) => Promise<void>;

/** Takes a visitor through the website without a browser, for the steps that a spec only needs behind it. */
export class SiteClient {
  readonly #url: string;
  readonly #testMailbox: string;
  readonly #tracked: Tracked;

  constructor({ url }: Pick<Site, 'url'>, testMailbox: string, tracked: Tracked = async () => {}) {
    this.#url = url;
    this.#testMailbox = testMailbox;
    this.#tracked = tracked;
  }

  /** Signs up, and returns the id that the site gave; throws unless it took the form. */
  async signsUp(lead: Lead): Promise<string> {
    const answer = await this.send(SITE_API.signUp, formBody(lead));
    const { leadId } = SignedUp.parse(JSON.parse(this.#taken(answer, SITE_API.signUp)));
    await this.#tracked(lead);
    return leadId;
  }

  /** Hands in all answers; throws unless the site took them. */
  async completesAssessment(lead: Lead, set: AnswerSet, leadId?: string): Promise<void> {
    this.#taken(await this.send(SITE_API.complete, completionBody(lead, set, leadId)), SITE_API.complete);
  }

  /** Presses one of the operator's buttons; throws unless the site says that Kestra was told. */
  async tells(event: Secondary, lead: Lead): Promise<void> {
    const path = `${OWN_PAGES.operator}/${event}`;
    const body = new URLSearchParams({ email: lead.email }).toString();
    this.#taken(await this.#post(path, body, 'application/x-www-form-urlencoded'), path);
  }

  /** The raw answer, whatever its status. */
  async send(path: string, body: object): Promise<SiteAnswer> {
    return this.#post(path, JSON.stringify(body), 'application/json');
  }

  async #post(path: string, body: string, contentType: string): Promise<SiteAnswer> {
    const outside = strangers(body, this.#testMailbox);
    if (outside.length > 0) {
      throw new Error(
        `Not sent: the body holds addresses outside ${this.#testMailbox}: ${outside.join(', ')}`,
      );
    }
    const { statusCode, body: answer } = await request(`${this.#url}${path}`, {
      method: 'POST',
      headers: { 'content-type': contentType, 'sec-fetch-site': 'same-origin' },
      body,
    });
    return { status: statusCode, text: await answer.text() };
  }

  #taken({ status, text }: SiteAnswer, path: string): string {
    if (status !== 200) throw new Error(`The site: POST ${path} answered ${status}: ${text.slice(0, 300)}`);
    return text;
  }
}
