import { DATE_OF_EARLIER } from './clients/execution.ts';
import type { Dialect } from './clients/kestra-dialect.ts';
import type { Power } from './target.ts';

type GateTag = `@blocked:${string}`;

export interface Gate {
  /** What is missing, in the words of whoever can supply it. */
  needs: string;
  /** Who owes it. */
  owner: string;
  /** Where it is written down. */
  issue: string;
  /** The day it was gated. */
  since: string;
  /** The body runs and must fail in just this way; without it the body is skipped. */
  symptom?: RegExp;
  /** A target that grants this power has what is missing. */
  liftedBy?: Power;
  /** Only a Kestra of this line lacks it. */
  onlyOn?: Dialect;
}

/** What the outside world owes us. */
export const GATES: Readonly<Record<GateTag, Gate>> = {
  '@blocked:website-webhooks': {
    needs: 'the website’s server to post christmas-signup and christmas-assessment, each after its own mail',
    owner: 'the website’s team',
    issue: 'docs/website-integration.md',
    since: '2025-11-30',
    symptom: /Nobody called christmas-(signup|assessment)/,
    liftedBy: 'website-webhooks',
  },
  '@blocked:event-webhooks': {
    needs: 'calendar, CRM and payment system to post calendly-noshow, postcall-maybe and onboarding-start',
    owner: 'whoever runs these systems for the business',
    issue: 'docs/website-integration.md',
    since: '2025-11-30',
    liftedBy: 'event-webhooks',
  },
  '@blocked:traefik-domain': {
    needs: 'a domain whose DNS points to Traefik with docker-compose.prod.yml, its address in EDGE_URL',
    owner: 'whoever runs the homelab',
    issue: 'docs/homelab.md',
    since: '2025-11-30',
  },
  '@blocked:own-dates': {
    needs: 'Kestra 2.x to render a Subflow’s scheduleDate for each execution anew',
    owner: 'Kestra',
    issue: 'https://github.com/kestra-io/kestra/issues/18581',
    since: '2026-11-25',
    symptom: new RegExp(DATE_OF_EARLIER.replace(/[()]/g, '\\$&')),
    onlyOn: '2.x',
  },
};

export type Decision =
  | { kind: 'run' }
  | { kind: 'skip'; reason: string }
  | { kind: 'expect-failure'; symptom: RegExp; reason: string }
  | { kind: 'refuse'; reason: string };

export interface Circumstances {
  gates: Readonly<Record<string, Gate>>;
  /** Tags of gates to run all the same, or `all`. */
  open: readonly string[];
  /** Asked only for a gate that a power can lift, since asking may open the target. */
  powers: () => ReadonlySet<Power>;
  /** What the target's Kestra speaks; asked only for a gate of one line. */
  dialect: () => Dialect | undefined;
}

/** What to do with a test that bears `tags`. A skip wins over an expected failure, an unknown tag over everything. */
export function decide(tags: readonly string[], { gates, open, powers, dialect }: Circumstances): Decision {
  const blocked = tags.filter((tag) => tag.startsWith('@blocked'));
  const unknown = blocked.filter((tag) => !Object.hasOwn(gates, tag));
  if (unknown.length > 0) {
    return { kind: 'refuse', reason: `No such gate in helpers/gates.ts: ${unknown.join(', ')}` };
  }
  const closed = blocked.flatMap((tag) => {
    const gate = gates[tag];
    const isOpen = open.includes('all') || open.includes(tag);
    if (!gate || isOpen || (gate.liftedBy && powers().has(gate.liftedBy))) return [];
    return gate.onlyOn && dialect() !== gate.onlyOn ? [] : [gate];
  });
  const skipped = closed.find(({ symptom }) => !symptom);
  if (skipped) return { kind: 'skip', reason: reasonOf(skipped) };
  const [failing] = closed;
  if (!failing?.symptom) return { kind: 'run' };
  return { kind: 'expect-failure', symptom: failing.symptom, reason: reasonOf(failing) };
}

/** The report's group of tests behind a closed gate. */
export const WAITS_FOR_OTHERS = 'Waits for others';

const BLOCKED = 'Blocked since ';

const reasonOf = ({ needs, owner, issue, since }: Gate) =>
  `${BLOCKED}${since}: needs ${needs}, from ${owner} (${issue})`;

/** Whether a skip or an expected failure was a gate's doing. */
export const isGateReason = (reason = ''): boolean => reason.startsWith(BLOCKED);

function showsSymptom(messages: readonly string[], symptom: RegExp): boolean {
  return messages.every((message) => symptom.test(message));
}

/** What a gate needs of Playwright's test info. */
export interface GatedTest {
  skip: (condition: boolean, reason: string) => void;
  fail: (condition: boolean, reason: string) => void;
  errors: ReadonlyArray<{ message?: string }>;
  expectedStatus: 'passed' | 'failed' | 'timedOut' | 'skipped' | 'interrupted';
}

/** Runs a test's body by the decision. Playwright takes any failure for the expected one; this one takes the symptom. */
export async function runGated(
  decision: Decision,
  test: GatedTest,
  body: () => Promise<void>,
): Promise<void> {
  if (decision.kind === 'refuse') throw new Error(decision.reason);
  if (decision.kind === 'skip') test.skip(true, decision.reason);
  if (decision.kind === 'expect-failure') test.fail(true, decision.reason);
  await body();
  if (decision.kind !== 'expect-failure') return;
  const messages = test.errors.map(({ message }) => message ?? '');
  if (messages.length > 0 && !showsSymptom(messages, decision.symptom)) test.expectedStatus = 'passed';
}
