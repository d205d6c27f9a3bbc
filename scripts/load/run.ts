import { isTerminal } from '../../helpers/clients/execution.ts';
import { KestraClient } from '../../helpers/clients/kestra-client.ts';
import { dialectOf } from '../../helpers/clients/kestra-dialect.ts';
import { countExecutions } from '../../helpers/clients/kestra-executions.ts';
import { KestraTransport } from '../../helpers/clients/kestra-transport.ts';
import { WebhookClient } from '../../helpers/clients/webhook-client.ts';
import { makeLead } from '../../helpers/factories/lead.ts';
import { readSetup } from '../../stack/setup-file.ts';
import type { StackFile } from '../../stack/stack-file.ts';
import { OPEN_STATES } from '../flows/scheduled.ts';
import { check, type Fault } from './check.ts';
import { drive, type Driver } from './drive.ts';
import { type Lags, lagsOf } from './figures.ts';
import { dealt, factsOf, type Kind, mailsOf } from './mix.ts';
import { beginOutage } from './outage.ts';
import { headStartS, LAST_MINUTE, type Plan } from './plan.ts';
import { type Counts, countsOf, repair, type Repair } from './repair.ts';
import { Resources, type Usage } from './resources.ts';
import type { Visit } from './visit.ts';
import { type Look, untilQuiet } from './watch.ts';
import { countMails, countRefusals, readWitnesses, type Refusals, type Witnesses } from './witnesses.ts';

/** A look at the run, every few seconds. */
interface Sample extends Look, Partial<Usage> {
  atS: number;
}

export interface Result {
  plan: Plan;
  startedAt: string;
  kestra: string;
  commit: string;
  mails: { owed: number; delivered: number };
  webhooks: number;
  /** From the first webhook to the last, and to the end of the last execution. */
  arrivalsS: number;
  tookS: number;
  /** Seconds that the run took, by whom; undefined where the machine does not tell. */
  cpu?: { engineS: number; childrenS: number; standInsS: number; driverS: number; perLeadS: number };
  /** The most that was resident, and the engine's collected heap before and after. */
  memory?: { engineRssMb: number; standInsRssMb: number; heapMbBefore?: number; heapMbAfter?: number };
  lags: Lags;
  /** How many executions ended in which state. */
  ends: { mails: Record<string, number>; others: Record<string, number> };
  /** Mails that were due already when they were scheduled. */
  overdue: number;
  /** Calls that a service answered 429, and tasks that Kestra tried again, before anybody repaired anything. */
  refusals: Refusals;
  retriedTasks: number;
  faultsBefore: Counts;
  repairs: Repair[];
  /** What is not right when all is done. */
  faults: readonly Fault[];
  /** Why it ended before everything had. */
  stalled?: string;
  samples: Sample[];
}

const TELL_MS = 15_000;
/** Under Notion's limit a handler waits for its turn among all others. */
const HANDLER_MS = 1_800_000;
/** An engine that has just started compiles for half a minute; that is no lead's cost. */
const WARM_UP_LEADS = 4;
const HOUR_MS = 3_600_000;

/** Sends the leads, waits until all has ended, judges every one, and repairs where the plan has limits or an outage. */
export async function runLoad(
  plan: Plan,
  stack: StackFile,
  cores: number,
  say: (line: string) => void,
): Promise<Result> {
  const namespace = stack.namespaces.testing;
  const transport = new KestraTransport({ ...stack.kestra, dialect: dialectOf(stack.kestra.version) });
  const resolve = () => namespace;
  const kestra = new KestraClient({ transport, resolve });
  const webhooks = new WebhookClient({
    transport,
    keys: stack.kestra.webhookKeys,
    testMailbox: stack.testMailbox,
    resolve,
  });
  const driver: Driver = {
    send: (webhook, body) => webhooks.send(webhook, body),
    ended: async (id) => {
      const { done, value } = await kestra
        .handle(id)
        .until(({ state }) => isTerminal(state.current), HANDLER_MS);
      return done ? undefined : `it is ${value.state.current} after ${HANDLER_MS / 1_000} s`;
    },
  };
  const read = async (): Promise<Look> => ({
    mails: await countMails(stack),
    open: await countExecutions(transport, { namespace, state: OPEN_STATES }),
  });

  say(`warming up with ${WARM_UP_LEADS} leads`);
  const hourAgo = new Date(Date.now() - HOUR_MS);
  const warm = makeVisits(WARM_UP_LEADS, () => 'assessment', stack);
  await drive(warm, { kind: 'closed', atOnce: 2 }, { ...driver, email1At: hourAgo });
  const cold = await untilQuiet({ read, over: () => true, due: () => hourAgo });
  if (cold !== undefined) throw new Error(`The warm-up did not end: ${cold}`);

  const { executable: java } = readSetup().java;
  const resources = stack.engine === 'embedded' ? Resources.of(stack.pid) : undefined;
  const heapMbBefore = await resources?.heapMb(java, { collect: true });
  const refusedBefore = await countRefusals(stack);
  const mailsBefore = await countMails(stack);
  const kinds = dealt(plan.mix, plan.leads);
  const visits = makeVisits(plan.leads, (index) => kinds[index] ?? 'signup', stack);
  const owed = visits.reduce((sum, { kind }) => sum + mailsOf(kind), 0);
  const endOutage = plan.outage ? await beginOutage(visits, stack) : undefined;
  const startedAt = new Date();
  const sinceS = () => (Date.now() - startedAt.getTime()) / 1_000;
  const dueAt = plan.dueAtOnce ? new Date(Date.now() + headStartS(plan, cores) * 1_000) : undefined;
  const before = resources?.now();
  const driverBefore = process.cpuUsage();

  const samples: Sample[] = [];
  let toldAt = 0;
  const onLook = (look: Look): void => {
    const usage = resources?.now();
    const sample: Sample = {
      atS: Math.round(sinceS()),
      mails: look.mails - mailsBefore,
      open: look.open,
      ...usage,
    };
    samples.push(sample);
    if (Date.now() - toldAt < TELL_MS) return;
    toldAt = Date.now();
    say(progressLine(sample, visits, owed, before));
  };

  let arrivalsS: number | undefined;
  const arriving = drive(visits, plan.model, { ...driver, ...(dueAt ? { email1At: dueAt } : {}) }).then(
    () => {
      arrivalsS = sinceS();
    },
  );
  const lastMs = LAST_MINUTE * plan.minuteSeconds * 1_000;
  const due = () =>
    new Date((dueAt?.getTime() ?? startedAt.getTime() + (arrivalsS ?? sinceS()) * 1_000) + lastMs);
  const stalled = await untilQuiet({ read, over: () => arrivalsS !== undefined, due, onLook });
  await arriving;
  const tookS = sinceS();
  const after = resources?.now();
  const driven = process.cpuUsage(driverBefore);
  await endOutage?.();
  const heapMbAfter = await resources?.heapMb(java, { collect: true });
  const refused = await countRefusals(stack);

  say('reading what Kestra, Notion and Resend say of every lead');
  const witnesses = async () => since(startedAt, await readWitnesses(transport, namespace, stack));
  const options = {
    testingMinuteMs: plan.minuteSeconds * 1_000,
    ...(plan.latestSeconds === undefined ? {} : { latestMs: plan.latestSeconds * 1_000 }),
  };
  const seen = await witnesses();
  const found = check(visits, seen, options);
  const judge = async () => check(visits, await witnesses(), options);
  const { faults, repairs } =
    (plan.limits || plan.outage) && found.length > 0
      ? await repair(found, { stack, namespace, since: startedAt, judge, say })
      : { faults: found, repairs: [] };

  const mailRuns = seen.executions.filter(isMail);
  return {
    plan,
    startedAt: startedAt.toISOString(),
    kestra: stack.kestra.version,
    commit: stack.commit,
    mails: { owed, delivered: seen.mails.length },
    webhooks: visits.reduce((sum, { calls }) => sum + calls.length, 0),
    arrivalsS: arrivalsS ?? tookS,
    tookS,
    ...(before && after ? { cpu: cpuOf(before, after, driven, plan.leads) } : {}),
    ...(after ? { memory: memoryOf([...samples, after], heapMbBefore, heapMbAfter) } : {}),
    lags: lagsOf(visits, seen),
    ends: {
      mails: tally(mailRuns.map(({ state }) => state)),
      others: tally(seen.executions.filter((one) => !isMail(one)).map(({ state }) => state)),
    },
    overdue: mailRuns.filter((run) => run.scheduledAt !== undefined && run.scheduledAt <= run.createdAt)
      .length,
    refusals: {
      notion: refused.notion - refusedBefore.notion,
      resend: refused.resend - refusedBefore.resend,
    },
    retriedTasks: seen.executions.reduce((sum, { retried }) => sum + retried, 0),
    faultsBefore: countsOf(found),
    repairs,
    faults,
    ...(stalled === undefined ? {} : { stalled }),
    samples,
  };
}

const isMail = ({ flowId }: { flowId: string }) => flowId === 'send-email';

const makeVisits = (
  count: number,
  kindOf: (index: number) => Kind,
  { testMailbox }: Pick<StackFile, 'testMailbox'>,
): Visit[] =>
  Array.from({ length: count }, (_, index) => ({
    lead: makeLead(testMailbox, factsOf(index)),
    kind: kindOf(index),
    calls: [],
  }));

/** Without what the warm-up left. */
const since = (moment: Date, seen: Witnesses): Witnesses => ({
  ...seen,
  executions: seen.executions.filter(({ createdAt }) => createdAt >= moment),
  mails: seen.mails.filter(({ receivedAt }) => receivedAt >= moment),
});

function cpuOf(
  before: Usage,
  after: Usage,
  driven: NodeJS.CpuUsage,
  leads: number,
): NonNullable<Result['cpu']> {
  const engineS = after.engineCpuS - before.engineCpuS;
  const childrenS = after.childrenCpuS - before.childrenCpuS;
  return {
    engineS,
    childrenS,
    standInsS: after.standInsCpuS - before.standInsCpuS,
    driverS: (driven.user + driven.system) / 1e6,
    perLeadS: (engineS + childrenS) / leads,
  };
}

const memoryOf = (
  seen: ReadonlyArray<Partial<Usage>>,
  heapMbBefore: number | undefined,
  heapMbAfter: number | undefined,
): NonNullable<Result['memory']> => ({
  engineRssMb: Math.max(...seen.map(({ engineRssMb = 0 }) => engineRssMb)),
  standInsRssMb: Math.max(...seen.map(({ standInsRssMb = 0 }) => standInsRssMb)),
  ...(heapMbBefore === undefined ? {} : { heapMbBefore }),
  ...(heapMbAfter === undefined ? {} : { heapMbAfter }),
});

function tally(items: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const item of items) counts[item] = (counts[item] ?? 0) + 1;
  return counts;
}

function progressLine(
  { atS, mails, open, engineCpuS, childrenCpuS, engineRssMb }: Sample,
  visits: readonly Visit[],
  owed: number,
  before: Usage | undefined,
): string {
  const begun = visits.filter(({ calls }) => calls.length > 0).length;
  const calls = visits.reduce((sum, visit) => sum + visit.calls.length, 0);
  const used =
    before && engineCpuS !== undefined && childrenCpuS !== undefined
      ? `, ${Math.round(engineCpuS + childrenCpuS - before.engineCpuS - before.childrenCpuS)} s of CPU, ${engineRssMb} MB`
      : '';
  return `${String(atS).padStart(5)} s  leads ${begun}/${visits.length}, webhooks ${calls}, mails ${mails}/${owed}, ${open} executions open${used}`;
}
