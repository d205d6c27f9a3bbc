import { z } from 'zod';

// Of the kinds that Allure takes for a label: any other would be shown as a step.
const PLANNED = 'allure.label.mails';
const SENT = 'mails sent';

interface Annotation {
  type: string;
  description?: string | undefined;
}

/** How many mails a test causes, the website's included: declared when it is written, and held to what was sent. */
export const mails = (count: number): { type: string; description: string } => ({
  type: PLANNED,
  description: String(count),
});

/** How many mails were sent to a test's leads, noted when it is over. */
export const mailsSent = (count: number) => ({ type: SENT, description: String(count) });

const numberIn = (annotations: readonly Annotation[], wanted: string): number | undefined => {
  const text = annotations.findLast(({ type }) => type === wanted)?.description;
  return text === undefined ? undefined : Number(text);
};

/** What a test declared; undefined when it did not. */
export const plannedIn = (annotations: readonly Annotation[]) => numberIn(annotations, PLANNED);
/** What was sent to a test's leads; undefined when nobody counted. */
export const sentIn = (annotations: readonly Annotation[]) => numberIn(annotations, SENT);

interface ListedSuite {
  suites?: ListedSuite[] | undefined;
  specs: Array<{
    title: string;
    file: string;
    line: number;
    tags: string[];
    tests: Array<{ projectName: string; annotations: Annotation[] }>;
  }>;
}

const ListedSuite: z.ZodType<ListedSuite> = z.looseObject({
  specs: z.array(
    z.looseObject({
      title: z.string(),
      file: z.string(),
      line: z.number(),
      tags: z.array(z.string()),
      tests: z.array(
        z.looseObject({
          projectName: z.string(),
          annotations: z.array(z.looseObject({ type: z.string(), description: z.string().optional() })),
        }),
      ),
    }),
  ),
  get suites() {
    return z.array(ListedSuite).optional();
  },
});
const Listed = z.looseObject({ suites: z.array(ListedSuite) });

export interface MailPlan {
  mails: number;
  tests: number;
  /** Tests that send somebody through the website. */
  journeys: string[];
  /** Tests that do not say how many mails they cause. */
  undeclared: string[];
}

/** The mails that a selection of tests causes, of Playwright's own list of it as JSON. The harness's tests cause none. */
export function planIn(list: unknown): MailPlan {
  const { suites } = Listed.parse(list);
  const plan: MailPlan = { mails: 0, tests: 0, journeys: [], undeclared: [] };
  const visit = ({ specs, suites: inner = [] }: ListedSuite): void => {
    for (const { title, file, line, tags, tests } of specs) {
      for (const { projectName, annotations } of tests) {
        plan.tests += 1;
        if (projectName === 'harness') continue;
        if (tags.includes('website')) plan.journeys.push(`${file}:${line} ${title}`);
        const planned = plannedIn(annotations);
        if (planned === undefined) plan.undeclared.push(`${file}:${line} ${title}`);
        plan.mails += planned ?? 0;
      }
    }
    inner.forEach(visit);
  };
  suites.forEach(visit);
  return plan;
}

const MOST_NAMED = 5;

/** Throws unless a run with this plan may start. */
export function demandWithin({ mails: planned, undeclared }: MailPlan, budget: number): void {
  if (undeclared.length > 0) {
    const named = undeclared.slice(0, MOST_NAMED).map((test) => `  ${test}`);
    const more = undeclared.length > MOST_NAMED ? [`  and ${undeclared.length - MOST_NAMED} more`] : [];
    throw new Error(
      [
        `${undeclared.length} of the selected tests do not declare the mails they cause, so they are not run on a target that is not ours.`,
        'Select with --grep @night, or give each its annotation mails(n):',
        ...named,
        ...more,
      ].join('\n'),
    );
  }
  if (planned <= budget) return;
  throw new Error(
    `The selected tests cause ${planned} mails, and MAIL_BUDGET is ${budget}: select fewer, or raise it.`,
  );
}

/** Throws when a run would make more than one lead on a website behind which real leads are. */
export function demandOneJourney({ journeys }: Pick<MailPlan, 'journeys'>): void {
  if (journeys.length <= 1) return;
  throw new Error(
    `The site posts to the deployment of real leads, and ${journeys.length} of the selected tests send somebody through it: ` +
      `select one, with --grep @night.\n${journeys.slice(0, MOST_NAMED).join('\n')}`,
  );
}
