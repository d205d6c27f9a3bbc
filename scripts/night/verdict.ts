import { type Defect, outageIn } from '../../helpers/defects.ts';
import { type Gate, GATES } from '../../helpers/gates.ts';
import type { Outage } from '../../helpers/outage-file.ts';
import { isFlaky, type Night, type State } from './history.ts';
import type { Run, TestEnd } from './results.ts';
import type { Step } from './steps-file.ts';

/** How a night's commands end. 75 is sysexits' "temporary failure": nothing is known to be wrong, try again. */
export const EXIT: Readonly<Record<State, number>> = { green: 0, red: 1, outage: 75 };

interface ClosedGate extends Gate {
  tag: string;
  /** Since when, in days. */
  days: number;
  tests: number;
}

export interface Verdict {
  state: State;
  startedAt: string;
  durationMs: number;
  commit: string;
  passed: number;
  gated: number;
  skipped: number;
  notRun: number;
  /** Of each kind, an outage's left out: it failed none. */
  failed: Record<Exclude<Defect, 'outage'>, TestEnd[]>;
  /** One for each service. */
  outages: Array<{ service: string; what: string; tests: number }>;
  /** Steps of the night that failed, but for the suite itself. */
  steps: Step[];
  /** What failed outside of any test. */
  errors: string[];
  /** The oldest first. */
  gates: ClosedGate[];
  flaky: TestEnd[];
  /** The slowest first. */
  slowest: TestEnd[];
  mails: { planned: number; sent: number } | undefined;
  /** For the history. */
  night: Night;
}

export interface Told {
  run: Run | undefined;
  outage: Outage | undefined;
  steps: readonly Step[];
  mails: { planned: number; sent: number } | undefined;
  /** Earlier nights, the oldest first. */
  nights: readonly Night[];
  commit: string;
  now: Date;
  gates?: Readonly<Record<string, Gate>>;
}

const SLOWEST = 5;
const DAY_MS = 24 * 3_600_000;
/** A step that has its own line in the summary, by its tests. */
const SUITE = 'suite';

/** What a night has shown. A defect makes it red, an outage elsewhere or not; a night that ran nothing is not green. */
export function verdictOf({ run, outage, steps, mails, nights, commit, now, gates = GATES }: Told): Verdict {
  const tests = run?.tests ?? [];
  const ended = (end: TestEnd['end']) => tests.filter((test) => test.end === end);
  const failures = ended('failed');
  const of = (defect: Defect) => failures.filter((test) => test.defect === defect);
  const outages = outagesOf(of('outage'), run?.errors ?? [], outage);
  const errors = (run?.errors ?? []).filter((message) => outageIn(message) === undefined);
  const failedSteps = steps.filter(({ name, code }) => name !== SUITE && code !== 0 && code !== EXIT.outage);
  const defects = failures.length - of('outage').length + errors.length;
  const nothingRan = ended('passed').length === 0;
  const red = defects > 0 || (outages.length === 0 && (failedSteps.length > 0 || nothingRan));
  const state: State = red ? 'red' : outages.length > 0 ? 'outage' : 'green';

  const startedAt = run?.startedAt ?? now.toISOString();
  const night: Night = {
    startedAt,
    state,
    commit,
    passed: ended('passed').length,
    failed: defects,
    gated: ended('gated').length,
    tests: Object.fromEntries(
      tests
        .filter(({ end, defect }) => end === 'passed' || (end === 'failed' && defect !== 'outage'))
        .map(({ id, end }) => [id, end === 'passed']),
    ),
  };
  const all = [...nights.filter((one) => one.startedAt !== startedAt), night];
  return {
    state,
    startedAt,
    durationMs: run?.durationMs ?? 0,
    commit,
    passed: night.passed,
    gated: night.gated,
    skipped: ended('skipped').length,
    notRun: ended('not run').length,
    failed: { product: of('product'), drift: of('drift'), harness: of('harness') },
    outages,
    steps: failedSteps,
    errors,
    gates: closedGates(tests, gates, now),
    flaky: tests.filter(({ id }) => id in night.tests && isFlaky(id, all)),
    slowest: tests
      .filter(({ durationMs }) => durationMs > 0)
      .toSorted((a, b) => b.durationMs - a.durationMs)
      .slice(0, SLOWEST),
    mails,
    night,
  };
}

function outagesOf(
  failures: readonly TestEnd[],
  errors: readonly string[],
  outage: Outage | undefined,
): Verdict['outages'] {
  const named = errors.map(outageIn).filter((service) => service !== undefined);
  const services = [
    ...(outage ? [outage.service] : []),
    ...failures.map(({ service = 'a service' }) => service),
    ...named,
  ];
  // With one that was asked and found gone, a nameless one is the same.
  const distinct = [...new Set(services)].filter((one) => one !== 'a service' || !outage);
  return distinct.map((service) => ({
    service,
    what: service === outage?.service ? outage.what : 'did not answer, or refused for now',
    tests: failures.filter((test) => (test.service ?? 'a service') === service).length,
  }));
}

/** Gates that a test of the run stands behind, the oldest first. */
function closedGates(
  tests: readonly TestEnd[],
  gates: Readonly<Record<string, Gate>>,
  now: Date,
): ClosedGate[] {
  return Object.entries(gates)
    .map(([tag, gate]) => ({
      ...gate,
      tag,
      days: Math.floor((now.getTime() - Date.parse(gate.since)) / DAY_MS),
      tests: tests.filter(({ tags, end }) => tags.includes(tag) && end === 'gated').length,
    }))
    .filter((gate) => gate.tests > 0)
    .toSorted((a, b) => b.days - a.days);
}
