/**
 * The website's side of the funnel, ready to be copied into a Next.js project (docs/website-integration.md). Runs on the
 * server only: it holds the keys. Needs the package `resend` and nothing else.
 *
 * The website sends two mails by itself, the confirmation of a sign-up and mail 1 of five, and then tells Kestra. Kestra
 * sends all the others. A call that fails never disturbs the visitor: it is tried again, logged, and given up.
 */
import { createHash } from 'node:crypto';
import { Resend } from 'resend';

/** What the site's environment must hold. The addresses are printed by `npm run flows -- urls --reveal`. */
export const VARIABLES = [
  'RESEND_API_KEY',
  'RESEND_FROM',
  'FUNNEL_URL',
  'KESTRA_WEBHOOK_SIGNUP',
  'KESTRA_WEBHOOK_ASSESSMENT',
  'KESTRA_WEBHOOK_NOSHOW',
  'KESTRA_WEBHOOK_POSTCALL',
  'KESTRA_WEBHOOK_ONBOARDING',
] as const;

type Variables = Readonly<Record<string, string | undefined>>;
type Webhook = 'SIGNUP' | 'ASSESSMENT' | 'NOSHOW' | 'POSTCALL' | 'ONBOARDING';

/** A visitor as the sign-up form knows him. */
export interface Visitor {
  /** The same for each repetition of one submission: a double click then sends one mail. */
  id: string;
  email: string;
  /** As the form's field is called; people write their full name into it. */
  firstName: string;
  businessName?: string | undefined;
}

/** What the assessment's page has computed, by its own names. */
export interface Assessment extends Visitor {
  redCount: number;
  orangeCount: number;
  yellowCount: number;
  greenCount: number;
  /** Out of 800. */
  overallScore: number;
  revenueLeak: number;
  weakestSystem1: string;
  weakestSystem2: string;
  strongestSystem?: string | undefined;
}

/** What calendar, CRM or payment system know of a person. */
export interface Person {
  email: string;
  firstName?: string | undefined;
  businessName?: string | undefined;
}

interface MissedCall {
  eventId?: string;
  scheduledTime?: string;
}

interface MaybeCall {
  interest?: string;
  objections?: string[];
  notes?: string;
}

interface Payment {
  packageType?: string;
  amount?: number;
}

/** What became of the website's own mail. */
export type OwnMail = { status: 'sent'; sentAt: string } | { status: 'failed' };

/** What became of the call to Kestra: the execution it began, or undefined when it was given up. */
export type Told = Promise<string | undefined>;

interface Outcome {
  mail: OwnMail;
  /** Goes on behind the visitor's back. Where a server ends with its answer, hand it to `waitUntil` or `after`. */
  told: Told;
}

export interface Funnel {
  /** After the sign-up form: the confirmation, then Kestra. */
  signedUp(visitor: Visitor): Promise<Outcome>;
  /** After the last question: mail 1, then Kestra with the moment of mail 1. */
  finishedAssessment(assessment: Assessment): Promise<Outcome>;
  missedCall(person: Person, call: MissedCall): Told;
  saidMaybe(person: Person, call: MaybeCall): Told;
  paid(person: Person, payment: Payment): Told;
}

export interface FunnelOptions {
  /** Told what went wrong, without address or key. */
  log?: (line: string) => void;
  /** Waits before each further try, in milliseconds. */
  retryAfterMs?: readonly number[];
  /** How long a call to Kestra may take before it counts as failed. */
  answerWithinMs?: number;
}

const TIMEOUT_MS = 10_000;
const RETRY_AFTER_MS = [1_000, 5_000, 30_000];

/** Throws when a variable is missing, naming all that are. `RESEND_BASE_URL` is for another address than Resend's own. */
export function createFunnel(variables: Variables, options: FunnelOptions = {}): Funnel {
  const missing = VARIABLES.filter((name) => !variables[name]);
  if (missing.length > 0) throw new Error(`The website's environment lacks ${missing.join(', ')}`);
  const { log = console.warn, retryAfterMs = RETRY_AFTER_MS, answerWithinMs = TIMEOUT_MS } = options;
  const value = (name: (typeof VARIABLES)[number]): string => variables[name] ?? '';

  const baseUrl = variables['RESEND_BASE_URL'];
  const resend = new Resend(value('RESEND_API_KEY'), baseUrl ? { baseUrl } : {});

  /** Tries until it is done or can't be; says each time what stood in the way. */
  async function persist<T>(what: string, attempt: () => Promise<Attempt<T>>): Promise<T | undefined> {
    for (const waitMs of [0, ...retryAfterMs]) {
      await pause(waitMs);
      // A fetch that fails has the address in its message, and the address holds the key: so its name alone is told.
      const { done, problem, final }: Attempt<T> = await attempt().catch((error: unknown) => ({
        problem: error instanceof Error ? error.name : 'it failed',
      }));
      if (done !== undefined) return done;
      log(`${what}: ${problem}`);
      if (final) break;
    }
    log(`${what}: given up`);
    return undefined;
  }

  async function send(visitor: Visitor, letter: Letter): Promise<OwnMail> {
    const sentAt = await persist(`The mail "${letter.sequence} 1"`, async () => {
      const sending = resend.emails.send(
        {
          from: value('RESEND_FROM'),
          to: [visitor.email],
          subject: letter.subject,
          html: htmlOf(letter),
          text: textOf(letter),
          tags: [
            { name: 'sequence_type', value: letter.sequence },
            { name: 'email_number', value: '1' },
          ],
        },
        // Each try, and each repetition of a submission, carries the same key: Resend sends one mail.
        { idempotencyKey: hashOf(letter.sequence, visitor.id) },
      );
      const answer = await Promise.race([sending, deadline()]);
      if (!answer) return { problem: 'Resend did not answer' };
      const { data, error } = answer;
      // The same submission with other words: the first one's mail is out.
      if (data || error.name === 'invalid_idempotent_request') return { done: new Date().toISOString() };
      const passes = error.statusCode === null || error.statusCode === 429 || error.statusCode >= 500;
      return { problem: `Resend answered ${error.statusCode ?? 'nothing'}: ${error.name}`, final: !passes };
    });
    return sentAt === undefined ? { status: 'failed' } : { status: 'sent', sentAt };
  }

  const tell = (webhook: Webhook, payload: object): Told =>
    persist(`Kestra's webhook ${webhook}`, () =>
      post(value(`KESTRA_WEBHOOK_${webhook}`), payload, answerWithinMs),
    );

  return {
    async signedUp(visitor) {
      const mail = await send(visitor, confirmation(visitor, value('FUNNEL_URL')));
      return { mail, told: tell('SIGNUP', signupPayload(visitor)) };
    },
    async finishedAssessment(assessment) {
      const mail = await send(assessment, mail1(assessment, value('FUNNEL_URL')));
      return { mail, told: tell('ASSESSMENT', assessmentPayload(assessment, mail)) };
    },
    missedCall: (person, call) => tell('NOSHOW', noshowPayload(person, call)),
    saidMaybe: (person, call) => tell('POSTCALL', postcallPayload(person, call)),
    paid: (person, payment) => tell('ONBOARDING', onboardingPayload(person, payment)),
  };
}

const personPayload = ({ email, firstName, businessName }: Person) => ({
  email,
  first_name: firstName === undefined ? undefined : firstWord(firstName),
  business_name: businessName || undefined,
});

/** What christmas-signup is told. */
export const signupPayload = (visitor: Visitor) => ({ ...personPayload(visitor), source: 'website' });

/** What christmas-assessment is told. Without the moment of mail 1, mails 2 to 5 would count from this call. */
export const assessmentPayload = (assessment: Assessment, mail: OwnMail) => ({
  ...personPayload(assessment),
  red_systems: assessment.redCount,
  orange_systems: assessment.orangeCount,
  yellow_systems: assessment.yellowCount,
  green_systems: assessment.greenCount,
  assessment_score: Math.round(assessment.overallScore / 8),
  revenue_leak_total: assessment.revenueLeak,
  weakest_system_1: assessment.weakestSystem1,
  weakest_system_2: assessment.weakestSystem2,
  strongest_system: assessment.strongestSystem,
  email_1_sent_at: mail.status === 'sent' ? mail.sentAt : new Date().toISOString(),
  email_1_status: mail.status,
});

/** What calendly-noshow is told. */
export const noshowPayload = (person: Person, { eventId, scheduledTime }: MissedCall) => ({
  ...personPayload(person),
  calendly_event_id: eventId,
  scheduled_time: scheduledTime,
});

/** What postcall-maybe is told. */
export const postcallPayload = (person: Person, { interest, objections, notes }: MaybeCall) => ({
  ...personPayload(person),
  call_outcome: 'maybe',
  call_date: new Date().toISOString(),
  interest_level: interest,
  objections,
  call_notes: notes,
});

/** What onboarding-start is told. */
export const onboardingPayload = (person: Person, { packageType, amount }: Payment) => ({
  ...personPayload(person),
  payment_status: 'paid',
  payment_date: new Date().toISOString(),
  package_type: packageType,
  payment_amount: amount,
});

interface Attempt<T> {
  done?: T;
  problem?: string;
  /** Another try would be answered the same. */
  final?: boolean;
}

async function post(url: string, payload: object, withinMs: number): Promise<Attempt<string>> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(payload, wellFormed),
    signal: AbortSignal.timeout(withinMs),
  });
  if (response.ok) {
    const { id } = (await response.json()) as { id?: string };
    return id ? { done: id } : { problem: `it answered ${response.status} without an execution` };
  }
  const passes = response.status === 408 || response.status === 429 || response.status >= 500;
  return { problem: `it answered ${response.status}`, final: !passes };
}

interface Letter {
  sequence: 'signup' | '5day';
  subject: string;
  paragraphs: readonly string[];
  link: { text: string; url: string };
}

const confirmation = ({ firstName }: Visitor, site: string): Letter => ({
  sequence: 'signup',
  subject: 'You are signed up',
  paragraphs: [
    `Hello ${firstWord(firstName)},`,
    'Thank you for signing up. Your place is reserved.',
    'The next step is the assessment: sixteen questions, each answered with yes or no. It takes about four minutes.',
  ],
  link: { text: 'Begin the assessment', url: `${site}/assessment` },
});

const mail1 = (assessment: Assessment, site: string): Letter => ({
  sequence: '5day',
  subject: `${firstWord(assessment.firstName)}, your assessment results`,
  paragraphs: [
    `Hello ${firstWord(assessment.firstName)},`,
    `Your score is ${assessment.overallScore} out of 800. Of your eight systems ${assessment.redCount} are red, ${assessment.orangeCount} orange and ${assessment.greenCount} green.`,
    `The answers point to ${assessment.weakestSystem1} first, then to ${assessment.weakestSystem2}. Over the next days we send four short letters about what to do with that.`,
  ],
  link: { text: 'See the results in detail', url: `${site}/diagnostic` },
});

const WHY = 'You get this mail because you signed up on our website. Reply “stop”, and no other follows.';

const textOf = ({ paragraphs, link }: Letter): string =>
  [...paragraphs, `${link.text}: ${link.url}`, 'Warm regards,\nyour coaching team', WHY].join('\n\n');

const htmlOf = ({ subject, paragraphs, link }: Letter): string => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>${escaped(subject)}</title>
    <style>
      body { overflow-wrap: break-word; }
      @media (prefers-color-scheme: dark) {
        body { color: #e4e7eb !important; background: #1b2026 !important; }
        a { color: #7fd6c8 !important; }
      }
    </style>
  </head>
  <body style="margin: 0 auto; max-width: 36rem; padding: 1.5rem; font: 1rem/1.6 Georgia, serif; color: #1f2933; background: #ffffff">
    ${paragraphs.map((paragraph) => `<p>${escaped(paragraph)}</p>`).join('\n    ')}
    <p><a href="${escaped(link.url)}" style="color: #0b5c53">${escaped(link.text)}</a></p>
    <p>Warm regards,<br>your coaching team</p>
    <p style="font-size: 0.9rem">${WHY}</p>
  </body>
</html>`;

const pause = (ms: number): Promise<undefined> =>
  new Promise((resolve) => setTimeout(() => resolve(undefined), ms));

/** Keeps no process alive that has nothing else to do. */
const deadline = (): Promise<undefined> =>
  new Promise((resolve) => setTimeout(() => resolve(undefined), TIMEOUT_MS).unref());

const firstWord = (name: string): string => String(wellFormed('', name)).trim().split(/\s+/)[0] ?? '';

/** Half a pair of surrogates, as a broken client sends it, becomes a sign of its own: Kestra answers 500 to it at every try. */
const wellFormed = (_: string, value: unknown): unknown =>
  typeof value === 'string' ? Buffer.from(value).toString() : value;

const hashOf = (...parts: string[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex');

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
