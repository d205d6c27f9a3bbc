import type { Browser, Page } from '@playwright/test';
import { ANSWER_SETS, type AnswerSet } from '../assessment.ts';
import { CallWatch, type SeenCall, untilOver } from '../clients/call-watch.ts';
import { KestraClient } from '../clients/kestra-client.ts';
import { KestraTransport } from '../clients/kestra-transport.ts';
import { SiteClient } from '../clients/site-client.ts';
import { type Lead, makeLead } from '../factories/lead.ts';
import { watchForeignRequests } from '../foreign-requests.ts';
import type { Site } from '../site.ts';
import type { Target } from '../target.ts';
import type { Mode } from '../timetable.ts';
import { resolverOf } from '../where.ts';
import { Visitor } from './visitor.ts';

/** What one visitor's whole way through the site left behind, for tests that each look at one fact of it. */
export interface Visit {
  lead: Lead;
  set: AnswerSet;
  /** The pages in the order in which the visitor saw them, with what they showed. */
  steps: Array<{ name: string; path: string; picture: Buffer }>;
  /** What the page's scripts posted, in order. */
  posts: Array<{ path: string; body: Record<string, unknown> }>;
  /** "Question n of 16", as they came. */
  numbers: string[];
  /** The questions below these numbers. */
  questions: string[];
  mailState: string;
  results: string;
  booked: string;
  signup: SeenCall;
  assessment: SeenCall;
}

/** Walks a new lead in a browser from the landing page to the booked call, with two red systems. */
export async function walkThrough(browser: Browser, target: Target, site: Site): Promise<Visit> {
  const lead = makeLead(target.mail.testMailbox, {}, target.mark);
  const set = ANSWER_SETS.twoRed;
  const kestra = kestraOf(target, site.mode);
  const calls = new CallWatch(kestra, target.siteNamespaces[site.mode], () => {});
  const context = await browser.newContext();
  const demandNone = watchForeignRequests(context);
  try {
    const page = await context.newPage();
    const steps: Visit['steps'] = [];
    const posts = postsOf(page);
    const visitor = new Visitor(page, {
      site,
      byHttp: new SiteClient(site, target.mail.testMailbox),
      onStep: async (name) => {
        steps.push({ name, path: pathOf(page), picture: await picture(page) });
      },
      tracked: async () => untilOver(kestra, await calls.one('signup', lead)),
    });

    await visitor.signsUp(lead);
    await page.getByRole('link', { name: 'Begin the assessment' }).click();
    const numbers: string[] = [];
    const questions: string[] = [];
    for (const [index, answer] of set.answers.entries()) {
      await visitor.assessment.question.waitFor();
      numbers.push(await visitor.assessment.number.innerText());
      questions.push(await visitor.assessment.question.innerText());
      if (index === 0)
        steps.push({ name: 'first question', path: pathOf(page), picture: await picture(page) });
      await visitor.assessment.answer([answer], index + 1);
    }
    await page.getByText(/Your results are (on their way|here)/).waitFor();
    const mailState = await visitor.assessment.mailState.innerText();
    const results = await visitor.assessment.results.innerText();
    steps.push({ name: 'results', path: pathOf(page), picture: await picture(page) });
    const booked = await visitor.booksCall();
    const signup = await calls.one('signup', lead);
    const assessment = await calls.one('assessment', lead);
    return { lead, set, steps, posts, numbers, questions, mailState, results, booked, signup, assessment };
  } finally {
    await context.close();
    demandNone();
  }
}

/** A client of Kestra's outside of any one test. */
export const kestraOf = ({ kestra, namespaces }: Target, mode: Mode): KestraClient =>
  new KestraClient({ transport: new KestraTransport(kestra), resolve: resolverOf(namespaces, mode) });

const pathOf = (page: Page) => new URL(page.url()).pathname;

export const picture = (page: Page): Promise<Buffer> => page.screenshot({ type: 'jpeg', quality: 55 });

function postsOf(page: Page): Visit['posts'] {
  const posts: Visit['posts'] = [];
  page.on('request', (request) => {
    if (request.method() !== 'POST') return;
    posts.push({
      path: new URL(request.url()).pathname,
      body: (request.postDataJSON() ?? {}) as Record<string, unknown>,
    });
  });
  return posts;
}
