import { randomBytes, randomUUID } from 'node:crypto';
import { type Context, Hono } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
// By the package's name: copies of this folder run from elsewhere in the repository (scripts/mutants/site.ts).
import { guards, type Listening, openDoor } from '#stack/doors.ts';
import { parseJson } from '#stack/json.ts';
import { assets } from './assets.ts';
import { createFunnel, type Funnel, type FunnelOptions, type OwnMail, type Told } from './kestra-funnel.ts';
import {
  assessmentPage,
  bookCallPage,
  bookedPage,
  calendarPage,
  diagnosticPage,
  notFoundPage,
  privacyPage,
  thankYouPage,
} from './pages/funnel.ts';
import { landingPage } from './pages/landing.ts';
import { type KnownLead, operatorPage } from './pages/operator.ts';
import { API, BASE, PATHS } from './paths.ts';
import { Booking, Call, Completion, messagesOf, SignUp } from './requests.ts';
import { resultsOf } from './scoring.ts';

export interface WebsiteOptions extends FunnelOptions, Listening {
  /** The environment of the funnel's server side; without it the site is as it is today: the same pages, and no calls. */
  variables?: Readonly<Record<string, string | undefined>>;
  /** The pause between two questions; 500, as on the real site, when nothing is said. */
  animationMs?: number;
}

export interface RunningWebsite {
  /** Without a slash at its end. */
  url: string;
  close(): Promise<void>;
}

const MOST_BYTES = 64 * 1024;
/** A site that runs for days must not grow for ever. */
const MOST_LEADS = 5_000;

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "frame-src 'self'",
  "frame-ancestors 'self'",
  "form-action 'self'",
  "base-uri 'none'",
].join('; ');

/** Starts the funnel's website on this machine's loopback address. */
export async function startWebsite(options: WebsiteOptions = {}): Promise<RunningWebsite> {
  const door = await openDoor(options);
  const funnel =
    options.variables &&
    createFunnel(
      {
        RESEND_FROM: 'Clear Course Coaching <website@funnel.test>',
        FUNNEL_URL: `${door.url}${BASE}`,
        ...options.variables,
      },
      options,
    );
  door.open(websiteApp(funnel, options).fetch);
  return { url: door.url, close: door.close };
}

function websiteApp(funnel: Funnel | undefined, { animationMs = 500, host }: WebsiteOptions): Hono {
  const leads = new Leads();
  const app = new Hono();
  app.use(async (c, next) => {
    await next();
    c.header('content-security-policy', POLICY);
    c.header('x-content-type-options', 'nosniff');
    c.header('referrer-policy', 'same-origin');
  });
  app.use(...guards(MOST_BYTES, host));

  app.notFound((c) => c.html(notFoundPage(), 404));
  app.get('/', (c) => c.redirect(PATHS.landing));
  app.get(`${BASE}/`, (c) => c.redirect(PATHS.landing));
  app.get(PATHS.landing, (c) => c.html(landingPage()));
  app.get(PATHS.thankYou, (c) =>
    c.html(thankYouPage({ name: c.req.query('name') ?? '', email: c.req.query('email') ?? '' })),
  );
  app.get(PATHS.assessment, (c) => c.html(assessmentPage({ animationMs })));
  app.get(PATHS.diagnostic, (c) => c.html(diagnosticPage()));
  app.get(PATHS.bookCall, (c) => c.html(bookCallPage()));
  app.get(PATHS.booked, (c) => c.html(bookedPage(Call.safeParse(c.req.query()).data)));
  app.get(PATHS.privacy, (c) => c.html(privacyPage()));
  app.get(PATHS.calendar, (c) => c.html(calendarPage()));
  app.get('/assets/:name', (c) => {
    const asset = assets().get(c.req.param('name'));
    if (!asset) return c.notFound();
    return c.body(asset.body, 200, { 'content-type': `${asset.contentType}; charset=utf-8` });
  });

  app.post(API.signUp, async (c) => {
    const read = SignUp.safeParse(await jsonOf(c));
    if (!read.success) return c.json({ errors: messagesOf(read.error) }, 400);
    const { email, firstName, businessName } = read.data;
    const lead = leads.add({ email, firstName, businessName });
    // The visitor goes on to the next page whatever Resend and Kestra do.
    void funnel?.signedUp({ id: lead.id, email, firstName, businessName });
    return c.json({ leadId: lead.id });
  });

  app.post(API.complete, async (c) => {
    const read = Completion.safeParse(await jsonOf(c));
    if (!read.success) return c.json({ errors: messagesOf(read.error) }, 400);
    const { leadId, answers, ...visitor } = read.data;
    const results = resultsOf(answers);
    const mail = await leads.assessedOnce(leadId, async (id) => {
      const outcome = await funnel?.finishedAssessment({ ...visitor, ...results, id });
      return outcome?.mail;
    });
    // As it is today, the site says that it mailed the results, and mails nothing.
    return c.json({ mailed: !funnel || mail?.status === 'sent' });
  });

  app.post(API.book, async (c) => {
    const read = Booking.safeParse(await jsonOf(c));
    if (!read.success) return c.json({ errors: messagesOf(read.error) }, 400);
    leads.book(read.data.email, `${read.data.date}T${read.data.time}`);
    return c.json({ booked: true });
  });

  app.get(PATHS.operator, (c) => c.html(operatorPage(leads.known(c.req.query('email') ?? ''))));
  app.post(`${PATHS.operator}/:event`, async (c) => {
    if (c.req.header('sec-fetch-site') !== 'same-origin') return c.text('From this page only', 403);
    // The page's form posts so; what it is when it says otherwise, nobody needs to find out.
    const email = new URLSearchParams(await c.req.text()).get('email') ?? '';
    const lead = leads.known(email);
    const event = EVENTS.get(c.req.param('event'));
    if (!event || email === '') return c.notFound();
    const executionId = funnel && (await event(funnel, lead));
    const told = executionId
      ? { ok: true, text: `Kestra was told: execution ${executionId}.` }
      : {
          ok: false,
          text: funnel ? 'Kestra was not told. Please try again.' : 'This site tells Kestra nothing.',
        };
    return c.html(operatorPage(lead, told), statusOf(told.ok));
  });
  return app;
}

const statusOf = (ok: boolean): ContentfulStatusCode => (ok ? 200 : 502);

/** What the operator's buttons tell. */
const EVENTS = new Map<string, (funnel: Funnel, lead: KnownLead) => Told>([
  [
    'noshow',
    (funnel, lead) =>
      funnel.missedCall(lead, {
        eventId: `evt_${randomBytes(6).toString('hex')}`,
        ...(lead.call ? { scheduledTime: `${lead.call}:00Z` } : {}),
      }),
  ],
  ['postcall', (funnel, lead) => funnel.saidMaybe(lead, { interest: 'medium', objections: ['time'] })],
  ['onboarding', (funnel, lead) => funnel.paid(lead, { packageType: 'foundation', amount: 4_500 })],
]);

async function jsonOf(c: Context): Promise<unknown> {
  return parseJson(await c.req.text());
}

interface Lead extends KnownLead {
  id: string;
}

/** Who signed up since the site started. A real site has a database for this. */
class Leads {
  readonly #byId = new Map<string, Lead>();
  readonly #byEmail = new Map<string, Lead>();
  readonly #assessed = new Map<string, Promise<OwnMail | undefined>>();

  add(facts: KnownLead): Lead {
    const lead = { ...facts, id: randomUUID() };
    this.#byId.set(lead.id, lead);
    this.#byEmail.set(lead.email, lead);
    for (const map of [this.#byId, this.#byEmail, this.#assessed]) {
      const [oldest] = map.keys();
      if (map.size > MOST_LEADS && oldest !== undefined) map.delete(oldest);
    }
    return lead;
  }

  known(email: string): KnownLead {
    return this.#byEmail.get(email) ?? { email, firstName: '', businessName: '' };
  }

  book(email: string, call: string): void {
    const lead = this.#byEmail.get(email);
    if (lead) lead.call = call;
  }

  /** Two tabs, a double click, a reload: one sign-up has one assessment, whose first answers stand. */
  async assessedOnce(
    leadId: string,
    finish: (id: string) => Promise<OwnMail | undefined>,
  ): Promise<OwnMail | undefined> {
    if (!this.#byId.has(leadId)) return finish(randomUUID());
    const running = this.#assessed.get(leadId) ?? finish(leadId);
    this.#assessed.set(leadId, running);
    let mail: OwnMail | undefined;
    try {
      mail = await running;
      return mail;
    } finally {
      if (mail?.status !== 'sent') this.#assessed.delete(leadId); // the visitor may try again
    }
  }
}
