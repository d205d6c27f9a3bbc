import { table } from '../../helpers/table.ts';
import type { Fault } from './check.ts';
import type { Spread } from './figures.ts';
import { KINDS } from './mix.ts';
import type { Plan } from './plan.ts';
import type { Counts } from './repair.ts';
import type { Result } from './run.ts';

/** The cost per lead may grow by so much, from one size to the next and from the first to the last. */
const MOST_GROWTH = 0.2;

const seconds = (value: number, digits = 1) => `${value.toFixed(digits)} s`;
const perSecond = (count: number, overS: number) => (overS > 0 ? `${(count / overS).toFixed(2)}/s` : '–');

function spread(of: Spread | undefined, unit: 'ms' | 's'): string {
  if (!of) return '–';
  const one = (ms: number) => (unit === 'ms' ? String(ms) : (ms / 1_000).toFixed(1));
  return `${one(of.p50)} / ${one(of.p95)} / ${one(of.p99)} ${unit}`;
}

const states = (counts: Record<string, number>) =>
  Object.entries(counts)
    .map(([state, count]) => `${count} ${state}`)
    .join(', ') || 'none';

const LINES: ReadonlyArray<[string, (result: Result) => string]> = [
  ['mails owed / left by themselves', ({ mails }) => `${mails.owed} / ${mails.delivered}`],
  ['leads not right', ({ faults }) => String(new Set(faults.map(({ lead }) => lead)).size)],
  ['took', ({ tookS }) => seconds(tookS, 0)],
  ['arrivals', ({ arrivalsS }) => seconds(arrivalsS, 0)],
  ['webhooks', ({ webhooks, arrivalsS }) => `${webhooks}, ${perSecond(webhooks, arrivalsS)}`],
  ['mails, over all', ({ mails, tookS }) => perSecond(mails.delivered, tookS)],
  ['mails, best minute', (result) => perSecond(bestMinute(result), 60)],
  ['webhook p50 / p95 / p99', ({ lags }) => spread(lags.webhook, 'ms')],
  ['driver behind its plan', ({ lags }) => spread(lags.driver, 'ms')],
  ['webhook to scheduled', ({ lags }) => spread(lags.scheduling, 's')],
  ['start behind scheduleDate', ({ lags }) => spread(lags.start, 's')],
  ['delivery behind scheduleDate', ({ lags }) => spread(lags.delivery, 's')],
  ['scheduled when due already', ({ overdue }) => String(overdue)],
  ['engine RSS, most', ({ memory }) => (memory ? `${memory.engineRssMb} MB` : '–')],
  [
    'engine heap, before / after',
    ({ memory }) => `${memory?.heapMbBefore ?? '–'} / ${memory?.heapMbAfter ?? '–'} MB`,
  ],
  ['stand-ins RSS, most', ({ memory }) => (memory ? `${memory.standInsRssMb} MB` : '–')],
  ['CPU engine', ({ cpu }) => (cpu ? seconds(cpu.engineS) : '–')],
  ['CPU its Python tasks', ({ cpu }) => (cpu ? seconds(cpu.childrenS) : '–')],
  ['CPU stand-ins', ({ cpu }) => (cpu ? seconds(cpu.standInsS) : '–')],
  ['CPU load driver', ({ cpu }) => (cpu ? seconds(cpu.driverS) : '–')],
  ['CPU per lead', ({ cpu }) => (cpu ? seconds(cpu.perLeadS, 2) : '–')],
  ['mails’ executions', ({ ends }) => states(ends.mails)],
  ['other executions', ({ ends }) => states(ends.others)],
  ['429 by Notion / Resend', ({ refusals }) => `${refusals.notion} / ${refusals.resend}`],
  ['tasks tried again', ({ retriedTasks }) => String(retriedTasks)],
];

/** The most mails between two looks a minute apart. */
function bestMinute({ samples }: Result): number {
  return Math.max(
    0,
    ...samples.map(({ atS, mails }) => mails - (samples.findLast((one) => one.atS <= atS - 60)?.mails ?? 0)),
  );
}

/** All sizes side by side, with what was repaired, how the cost grows, and every lead that is not right. */
export function reportText(results: readonly Result[]): string {
  const [first] = results;
  if (!first) return 'Nothing was measured.';
  return [
    `${describePlan(first.plan)}; Kestra ${first.kestra}, flows of ${first.commit}`,
    '',
    table(
      ['leads', ...results.map(({ plan }) => String(plan.leads))],
      LINES.map(([name, of]) => [name, ...results.map(of)]),
    ),
    '',
    ...results.flatMap(repairLines),
    growthText(results),
    ...results.flatMap(({ stalled, plan }) =>
      stalled ? [`${plan.leads} leads: ended early: ${stalled}`] : [],
    ),
    ...results.flatMap(faultLines),
  ].join('\n');
}

/** `open model, 12 leads a minute; 18 % signup, …; testing minutes of 60 s` */
export function describePlan({
  model,
  mix,
  minuteSeconds,
  limits,
  outage,
  dueAtOnce,
  database,
}: Plan): string {
  const arrival =
    model.kind === 'open'
      ? `open model, ${model.perMinute} leads a minute`
      : `closed model, ${model.atOnce} leads at once`;
  const shares = KINDS.filter((kind) => mix[kind] > 0).map((kind) => `${mix[kind]} % ${kind}`);
  return [
    arrival,
    shares.join(', '),
    `testing minutes of ${minuteSeconds} s`,
    ...(limits ? ['the vendors’ limits'] : []),
    ...(outage ? ['an outage for a fifth of the leads'] : []),
    ...(dueAtOnce ? ['all mails due in one minute'] : []),
    `database in ${database === 'file' ? 'a file' : 'memory'}`,
  ].join('; ');
}

function repairLines({ plan, faultsBefore, refusals, retriedTasks, repairs }: Result): string[] {
  if (!plan.limits && !plan.outage) return [];
  return [
    `${plan.leads} leads, by which means:`,
    `  retries: ${refusals.notion + refusals.resend} calls were told to wait, ${retriedTasks} tasks were tried again; ` +
      `wrong after that: ${counted(faultsBefore)}`,
    ...repairs.map(
      ({ means, before, after, tookS, left }) =>
        `  ${means}, ${tookS} s: repaired ${counted(repairedBy(before, after))}; wrong after that: ${counted(after)}` +
        (left.length === 0 ? '' : `\n    left: ${left.join('; ')}`),
    ),
    ...(repairs.length === 0 ? ['  nothing was left for the operator’s commands'] : []),
    '',
  ];
}

/** What is no longer wrong. */
export function repairedBy(before: Counts, after: Counts): Counts {
  return Object.fromEntries(
    Object.entries(before).flatMap(([kind, count]) => {
      const fewer = count - (after[kind as keyof Counts] ?? 0);
      return fewer > 0 ? [[kind, fewer]] : [];
    }),
  );
}

const counted = (counts: Counts) =>
  Object.entries(counts)
    .map(([kind, count]) => `${count} ${kind}`)
    .join(', ') || 'nothing';

const measuredOf = (results: readonly Result[]) =>
  results
    .flatMap(({ plan, cpu }) => (cpu ? [{ leads: plan.leads, cpuS: cpu.perLeadS * plan.leads }] : []))
    .toSorted((a, b) => a.leads - b.leads);

const growth = (costs: readonly number[]): number | undefined => {
  const [first, ...more] = costs;
  const last = more.at(-1);
  return first !== undefined && last !== undefined && first > 0 ? last / first - 1 : undefined;
};

/** How the CPU cost of a lead changes from the smallest size to the largest; undefined when there is nothing to compare. */
export const growthOf = (results: readonly Result[]): number | undefined =>
  growth(measuredOf(results).map(({ leads, cpuS }) => cpuS / leads));

/**
 * What each further lead costs from one size to the next, in seconds. An engine compiles for its first minutes, which a
 * small run spreads over few leads: their average falls with the size, and would hide a cost that grows.
 */
export const furtherCostsOf = (results: readonly Result[]): number[] =>
  measuredOf(results).flatMap(({ leads, cpuS }, index, all) => {
    const before = all[index - 1];
    return before && leads > before.leads ? [(cpuS - before.cpuS) / (leads - before.leads)] : [];
  });

/** Whether the cost per lead grows no more than it may, on average and of each further lead. */
export const growsTooMuch = (results: readonly Result[]): boolean =>
  Math.max(growthOf(results) ?? 0, growth(furtherCostsOf(results)) ?? 0) > MOST_GROWTH;

function growthText(results: readonly Result[]): string {
  const average = growthOf(results);
  if (average === undefined) return 'How the cost per lead grows takes two sizes: --sizes 50,150,500.';
  const percent = (value: number) => `${value >= 0 ? '+' : ''}${(value * 100).toFixed(0)} %`;
  const further = furtherCostsOf(results);
  const change = growth(further);
  return [
    `From the smallest to the largest size a lead’s CPU changes by ${percent(average)}.`,
    `Each further lead, from size to size: ${further.map((cost) => seconds(cost, 2)).join(', ')}` +
      (change === undefined ? '.' : `, ${percent(change)}.`),
    growsTooMuch(results) ? 'That is more than the goal of a fifth.' : 'Within the goal of a fifth.',
  ].join('\n');
}

function faultLines({ plan, faults }: Result): string[] {
  if (faults.length === 0) return [`${plan.leads} leads: every story is right.`];
  const byLead = new Map<string, Fault[]>();
  for (const fault of faults) byLead.set(fault.lead, [...(byLead.get(fault.lead) ?? []), fault]);
  return [
    `${plan.leads} leads: ${byLead.size} not right:`,
    ...[...byLead].flatMap(([lead, own]) => [
      `  ${lead || 'nobody’s'}`,
      ...own.map(({ kind, what }) => `    ${kind}: ${what}`),
    ]),
  ];
}
