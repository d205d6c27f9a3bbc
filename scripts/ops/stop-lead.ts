import { isTerminal } from '../../helpers/clients/execution.ts';
import { isFarOff } from '../../helpers/clients/kestra-client.ts';
import { poll } from '../../helpers/wait.ts';
import { type Dossier, dossierOf, type Funnel } from './dossier.ts';
import { type MailRun, mailRunOf, nameOf } from './mail-run.ts';
import { moment } from './plain-text.ts';
import { numbered, rowFacts, textOf } from './tracker-facts.ts';

const WITHIN_MS = 180_000;
/** What a row may say of a mail that will not come any more. */
const OPEN = new Set([null, 'scheduled', 'failed']);

/** Stops the mails that wait for their date, for good, and says so. Only tells what it would stop without `yes`. */
export async function stopLead(funnel: Funnel, email: string, { yes }: { yes: boolean }): Promise<string> {
  const dossier = await dossierOf(funnel, email);
  const { kestra, ledger } = funnel;
  const busy = dossier.handlers.filter(({ state }) => !isTerminal(state.current));
  if (busy.length > 0) {
    throw new Error(
      `${busy[0]?.flowId} ${busy[0]?.id} is at work for this lead: try again when it has ended.`,
    );
  }
  const waiting = dossier.runs.filter(({ outcome }) => outcome.kind === 'waiting');
  if (waiting.length === 0) return 'No mail waits for its date: nothing to stop.';
  const list = waiting.map((run) => `  ${nameOf(run)} ${run.id}, due ${moment(run.dueAt)}`).join('\n');
  if (!yes) return `To be stopped with --yes:\n${list}`;

  // The ledger first: whatever comes to run it, be it due this moment or replayed some day, sends nothing.
  const failed = dossier.runs.filter(({ outcome }) => ['not delivered', 'broke'].includes(outcome.kind));
  for (const run of [...waiting, ...failed]) await ledger.stop(run);
  // What is about to run is let run: a kill at the wrong moment ends Kestra's server (seen on 1.3.31).
  for (const { id, execution } of waiting) if (isFarOff(execution)) await kestra.kill(id);
  const ends = await ended(funnel, waiting);
  const stopped = ends.filter(({ outcome }) => outcome.kind === 'killed' || outcome.kind === 'already sent');
  await markSkipped(funnel, dossier, stopped);
  const others = ends.filter((run) => !stopped.includes(run));
  const told = others.map((run) => `  ${nameOf(run)} ${run.id} could not be stopped: ${run.state}`);
  return [`Stopped ${stopped.length} of ${waiting.length}:`, list, ...told].join('\n');
}

async function ended({ kestra }: Funnel, runs: readonly MailRun[]): Promise<MailRun[]> {
  const { value } = await poll(
    async () => {
      const executions = await Promise.all(runs.map(({ id }) => kestra.handle(id).read()));
      return executions.flatMap((execution) => mailRunOf(execution) ?? []);
    },
    (all) => all.every(({ state }) => isTerminal(state)),
    WITHIN_MS,
  );
  return value;
}

async function markSkipped(
  { notion }: Funnel,
  { rows }: Dossier,
  stopped: readonly MailRun[],
): Promise<void> {
  const { names } = notion;
  for (const row of rows) {
    const sequence = textOf(row, names.tracker.sequence_type);
    const facts = rowFacts(row, names);
    const due = stopped.filter(
      (run) =>
        run.sequence === sequence &&
        OPEN.has(facts.find(({ number }) => number === run.number)?.status ?? null),
    );
    if (due.length === 0) continue;
    const skipped = { select: { name: 'skipped' } };
    await notion.update(
      row.id,
      Object.fromEntries(due.map(({ number }) => [numbered(names.tracker.mail_status, number), skipped])),
    );
  }
}
