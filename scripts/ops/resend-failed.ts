import { KestraClient } from '../../helpers/clients/kestra-client.ts';
import type { KestraTransport } from '../../helpers/clients/kestra-transport.ts';
import { isTerminal } from '../../helpers/clients/execution.ts';
import { table } from '../../helpers/table.ts';
import { poll } from '../../helpers/wait.ts';
import { isStopped, Ledger } from './ledger.ts';
import { isSameMail, mailRunOf, type MailRun, nameOf, withItsLog } from './mail-run.ts';
import { masked, moment, plainText } from './plain-text.ts';
import { CannotAsk, type ResendReader } from './resend-reader.ts';

export interface ResendFailed {
  transport: KestraTransport;
  namespace: string;
  /** Mails that failed before this moment are not looked at. */
  since: Date;
  /** Without it the mails are told and none is replayed. */
  replay: boolean;
  /** Asked about mails whose idempotency key Resend has forgotten. Without it those are left. */
  resend?: ResendReader;
  /** How long to wait for the replays to end. */
  withinMs?: number;
  say?: (line: string) => void;
  now?: Date;
}

/** What is to be done about one failed mail: replay it, or why not. */
export interface Verdict {
  run: MailRun;
  replay: boolean;
  why: string;
}

export interface Replayed {
  run: MailRun;
  executionId: string;
  state: string;
}

/** Resend remembers an idempotency key for 24 h; what was tried longer ago it would send again. */
const REMEMBERED_MS = 23 * 3_600_000;
const WITHIN_MS = 20 * 60_000;
const UNDER_WAY = ['RUNNING', 'PAUSED', 'QUEUED', 'RETRYING', 'RESTARTED', 'KILLING'];

/** Replays the executions whose mail Resend did not take, or never got to see, each mail once. Never calls Resend to send. */
export async function resendFailed(
  request: ResendFailed,
): Promise<{ verdicts: Verdict[]; replayed: Replayed[] }> {
  const { namespace, since, replay, say = () => undefined, now = new Date() } = request;
  const kestra = new KestraClient({ transport: request.transport, resolve: () => namespace });
  const ledger = new Ledger(request.transport, namespace);
  const failed = await Promise.all(
    latestOfEach(
      await runsOf(kestra, { namespace, flowId: 'send-email', state: ['FAILED'], endedSince: since }),
    ).map((run) => withItsLog(kestra, run)),
  );
  const others = await otherRuns(kestra, namespace, since);
  const verdicts: Verdict[] = [];
  for (const run of failed) {
    const verdict = decide(run, others, await ledger.sent(run));
    const forgotten = Number(run.endedAt) < now.getTime() - REMEMBERED_MS;
    verdicts.push({ run, ...(verdict.replay && forgotten ? await afterADay(run, request.resend) : verdict) });
  }
  say(described(verdicts, `${namespace}, failed since ${moment(since)}`));

  const due = verdicts.filter((verdict) => verdict.replay);
  if (!replay || due.length === 0) return { verdicts, replayed: [] };

  const started: Array<{ run: MailRun; executionId: string }> = [];
  for (const { run } of due) {
    // Looked at once more right before: another operator may have been quicker.
    const verdict = decide(run, await replaysOf(kestra, namespace, run), await ledger.sent(run));
    if (!verdict.replay) {
      say(`${nameOf(run)} of ${masked(run.email)}: left, ${verdict.why}`);
      continue;
    }
    started.push({ run, executionId: (await kestra.replay(run.id)).id });
  }
  const replayed = await untilEnded(kestra, started, request.withinMs ?? WITHIN_MS, say);
  say(summary(replayed));
  return { verdicts, replayed };
}

/** Whether a failed mail is to be replayed, given what else ran for it and what the ledger says. */
export function decide(run: MailRun, others: readonly MailRun[], entry: unknown): Omit<Verdict, 'run'> {
  const { outcome } = run;
  if (outcome.kind === 'sent') return { replay: false, why: 'Resend took it; only what follows failed' };
  if (outcome.kind === 'refused') {
    return { replay: false, why: `never to be sent: refused by ${plainText(outcome.task)}` };
  }
  if (outcome.kind === 'broke' && outcome.task === 'fill' && outcome.why === undefined) {
    return { replay: false, why: 'left: its log does not say yet whether it was refused' };
  }
  const other = others.find(
    (one) =>
      one.id !== run.id &&
      isSameMail(one, run) &&
      !['not delivered', 'broke', 'refused', 'waiting', 'killed'].includes(one.outcome.kind),
  );
  if (other) return { replay: false, why: `already replayed: ${other.id} is ${other.state}` };
  if (isStopped(entry)) return { replay: false, why: 'stopped by npm run lead' };
  if (entry !== undefined) return { replay: false, why: 'delivered since, the ledger says' };
  const broke = outcome.kind === 'broke' ? `; ${plainText(outcome.task)} broke` : '';
  return { replay: true, why: `to be replayed${broke}` };
}

/** An answer that got lost looks like a failure, and after a day only Resend's own list tells the two apart. */
async function afterADay(run: MailRun, resend: ResendReader | undefined): Promise<Omit<Verdict, 'run'>> {
  const left = 'left: Resend may have taken it, and forgets after a day';
  if (!resend)
    return { replay: false, why: `${left}; RESEND_API_KEY with full access lets this be looked up` };
  try {
    const mails = await resend.mailsTo(run.email, run.dueAt);
    const taken = mails.find(
      ({ tags }) => tags['sequence_type'] === run.sequence && tags['email_number'] === String(run.number),
    );
    if (taken) return { replay: false, why: `Resend took it all the same: ${taken.id}` };
    return { replay: true, why: 'to be replayed; Resend does not have it' };
  } catch (error) {
    if (!(error instanceof CannotAsk)) throw error;
    return { replay: false, why: `${left}; ${error.message}` };
  }
}

type Filters = Parameters<KestraClient['search']>[0];

async function runsOf(kestra: KestraClient, filters: Filters): Promise<MailRun[]> {
  return (await kestra.search(filters)).flatMap((execution) => mailRunOf(execution) ?? []);
}

/** Replays since then, by whomever, and whatever is under way. */
async function otherRuns(kestra: KestraClient, namespace: string, since: Date): Promise<MailRun[]> {
  const mails = { namespace, flowId: 'send-email' };
  const found = await Promise.all([
    runsOf(kestra, { ...mails, labels: { 'system.replay': 'true' }, startedSince: since }),
    runsOf(kestra, { ...mails, state: UNDER_WAY }),
  ]);
  return found.flat();
}

/** What runs for one mail's lead now. */
function replaysOf(
  kestra: KestraClient,
  namespace: string,
  { execution, endedAt }: MailRun,
): Promise<MailRun[]> {
  const lead = execution.labels.find(({ key }) => key === 'lead')?.value;
  const labels = { 'system.replay': 'true', ...(lead === undefined ? {} : { lead }) };
  return runsOf(kestra, {
    namespace,
    flowId: 'send-email',
    labels,
    ...(endedAt ? { startedSince: endedAt } : {}),
  });
}

/** A mail that failed again after a replay is one failed mail: its last execution stands for it. */
function latestOfEach(runs: readonly MailRun[]): MailRun[] {
  const newestFirst = runs.toSorted((a, b) => Number(b.endedAt ?? 0) - Number(a.endedAt ?? 0));
  return newestFirst
    .filter((run, index) => newestFirst.findIndex((one) => isSameMail(one, run)) === index)
    .toSorted((a, b) => Number(a.dueAt) - Number(b.dueAt));
}

async function untilEnded(
  kestra: KestraClient,
  started: ReadonlyArray<{ run: MailRun; executionId: string }>,
  withinMs: number,
  say: (line: string) => void,
): Promise<Replayed[]> {
  const ended = new Map<string, string>();
  const { value } = await poll(
    async () => {
      for (const { run, executionId } of started) {
        if (isTerminal(ended.get(executionId) ?? 'CREATED')) continue;
        const { state } = await kestra.handle(executionId).read();
        ended.set(executionId, state.current);
        if (isTerminal(state.current))
          say(`${nameOf(run)} of ${masked(run.email)}: ${executionId} ${meaning(state.current)}`);
      }
      return started.map((one) => ({ ...one, state: ended.get(one.executionId) ?? 'CREATED' }));
    },
    (all) => all.every(({ state }) => isTerminal(state)),
    withinMs,
  );
  return value;
}

function meaning(state: string): string {
  if (state === 'SUCCESS') return 'SUCCESS';
  if (state === 'WARNING') return 'WARNING: delivered or skipped, and its log says what is missing';
  return isTerminal(state) ? `${state} again: its log says why` : `is still ${state}`;
}

function described(verdicts: readonly Verdict[], where: string): string {
  if (verdicts.length === 0) return `No mail has failed (${where}).`;
  const rows = verdicts.map(({ run, why }) => [
    run.id,
    plainText(nameOf(run)),
    moment(run.endedAt),
    masked(run.email),
    why,
  ]);
  return `${where}:\n${table(['execution', 'mail', 'failed', 'to', 'verdict'], rows)}`;
}

function summary(replayed: readonly Replayed[]): string {
  const well = replayed.filter(({ state }) => endedWell(state)).length;
  const others = replayed.filter(({ state }) => !endedWell(state));
  const lines = others.map(
    ({ run, executionId, state }) => `  ${nameOf(run)} ${executionId} ${meaning(state)}`,
  );
  return [`${well} of ${replayed.length} replays ended well.`, ...lines].join('\n');
}

export const endedWell = (state: string): boolean => state === 'SUCCESS' || state === 'WARNING';
