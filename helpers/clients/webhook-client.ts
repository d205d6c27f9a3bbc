import { z } from 'zod';
import { strangers } from '../addresses.ts';
import type { Lead } from '../factories/lead.ts';
import {
  assessmentBody,
  type Mail1,
  type Secondary,
  secondaryBody,
  signupBody,
} from '../factories/payloads.ts';
import type { WebhookName } from '../target.ts';
import type { Resolve, Where } from '../where.ts';
import { KestraError, type KestraTransport } from './kestra-transport.ts';

export const WEBHOOK_FLOWS: Record<WebhookName, string> = {
  signup: 'signup-handler',
  assessment: 'assessment-handler',
  noshow: 'noshow-recovery-handler',
  postcall: 'postcall-maybe-handler',
  onboarding: 'onboarding-handler',
};

export interface SendOptions extends Where {
  /** Another key than the webhook's own. */
  key?: string;
  contentType?: string;
  method?: 'GET' | 'POST' | 'PUT';
}

export interface WebhookAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
  /** Present when Kestra began an execution. */
  executionId?: string;
}

/** One call as the report shows it: no key in it. */
export interface WebhookCall {
  name: WebhookName;
  namespace: string;
  flowId: string;
  at: Date;
  body: string;
  answer: WebhookAnswer;
}

export interface WebhookSettings {
  transport: KestraTransport;
  keys: Record<WebhookName, string>;
  testMailbox: string;
  resolve: Resolve;
  onCall?: (call: WebhookCall) => void;
}

const Begun = z.looseObject({ id: z.string() });

/** Kestra's webhooks, called as the website and its partners call them. */
export class WebhookClient {
  readonly #settings: WebhookSettings;

  constructor(settings: WebhookSettings) {
    this.#settings = settings;
  }

  /** The raw answer, whatever its status. Objects go as JSON, a string as it is, undefined as an empty body. */
  async send(
    name: WebhookName,
    body: unknown,
    { key, contentType = 'application/json', method = 'POST', ...where }: SendOptions = {},
  ): Promise<WebhookAnswer> {
    const { transport, keys, testMailbox, resolve, onCall } = this.#settings;
    const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
    const outside = strangers(text, testMailbox);
    if (outside.length > 0) {
      throw new Error(`Not sent: the body holds addresses outside ${testMailbox}: ${outside.join(', ')}`);
    }
    const namespace = resolve(where);
    const at = new Date();
    const raw = await transport.raw(
      (routes) => routes.webhook(namespace, WEBHOOK_FLOWS[name], key ?? keys[name]),
      { method, ...(method === 'GET' ? {} : { body: text, contentType }) },
    );
    const begun = raw.status === 200 ? Begun.safeParse(parsed(raw.text)) : undefined;
    const answer: WebhookAnswer = { ...raw, ...(begun?.success ? { executionId: begun.data.id } : {}) };
    onCall?.({ name, namespace, flowId: WEBHOOK_FLOWS[name], at, body: text, answer });
    return answer;
  }

  /** The sign-up of `lead`; throws unless Kestra took it. */
  async signup(lead: Lead, where: Where = {}): Promise<Begun> {
    return this.#begin('signup', signupBody(lead), where);
  }

  /** The assessment of `lead`, as the website tells it; throws unless Kestra took it. */
  async assessment(lead: Lead, { email1SentAt, email1Status, ...where }: Mail1 & Where = {}): Promise<Begun> {
    const mail1: Mail1 = {
      ...(email1SentAt === undefined ? {} : { email1SentAt }),
      ...(email1Status === undefined ? {} : { email1Status }),
    };
    return this.#begin('assessment', assessmentBody(lead, mail1), where);
  }

  /** A missed call, a maybe or a payment of `lead`; throws unless Kestra took it. */
  async secondary(webhook: Secondary, lead: Lead, where: Where = {}): Promise<Begun> {
    return this.#begin(webhook, secondaryBody(webhook, lead), where);
  }

  async #begin(name: WebhookName, body: unknown, where: Where): Promise<Begun> {
    const answer = await this.send(name, body, where);
    if (!answer.executionId) throw new KestraError('POST', `/…/webhook/${WEBHOOK_FLOWS[name]}`, answer);
    return { executionId: answer.executionId, answer };
  }
}

export interface Begun {
  executionId: string;
  answer: WebhookAnswer;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
