import { isTerminal, labelOf } from '../../helpers/clients/execution.ts';
import { table } from '../../helpers/table.ts';
import { type Difference, differencesOf } from './differences.ts';
import { type Dossier, dossierOf, type Funnel } from './dossier.ts';
import { isSameMail, type MailRun } from './mail-run.ts';
import { masked, moment, plainText } from './plain-text.ts';
import { CannotAsk } from './resend-reader.ts';

export interface Reconcile {
  funnel: Funnel;
  /** Leads for whom nothing has run since then are not looked at, but for those whose mails wait. */
  since: Date;
  write: boolean;
  /** One lead, and no other. */
  only?: string;
  say?: (line: string) => void;
}

export interface Reconciled {
  email: string;
  differences: Difference[];
  /** Why this lead was left, or could not be written. */
  fault?: string;
}

/** Compares what executions did with what Notion says, lead by lead, and tells Notion what it missed. */
export async function reconcile({
  only,
  funnel,
  since,
  write,
  say = () => undefined,
}: Reconcile): Promise<Reconciled[]> {
  const leads: Leads = only === undefined ? await leadsSince(funnel, since) : new Map([[only, undefined]]);
  say(`${funnel.namespace}: ${leads.size} leads since ${moment(since)}`);
  const found: Reconciled[] = [];
  for (const [email, ids] of leads) {
    const one = await ofLead(funnel, email, ids, write);
    if (one.differences.length > 0 || one.fault) {
      found.push(one);
      say(described(one));
    }
  }
  const count = found.reduce((sum, { differences }) => sum + differences.length, 0);
  const faults = found.filter(({ fault }) => fault !== undefined).length;
  const done = write ? 'told' : 'missed, and nothing was written';
  say(count + faults === 0 ? 'Notion has missed nothing.' : `${count} pages: ${done}; ${faults} leads left.`);
  return found;
}

/** By address, the ids of their executions where they are known. */
type Leads = Map<string, readonly string[] | undefined>;

async function ofLead(
  funnel: Funnel,
  email: string,
  ids: readonly string[] | undefined,
  write: boolean,
): Promise<Reconciled> {
  try {
    const { resend: _, ...quiet } = funnel;
    const dossier = await dossierOf(quiet, email, ids);
    if (isBusy(dossier))
      return { email, differences: [], fault: 'an execution is at work: look again later' };
    const differences = differencesOf(await withLostIds(dossier, funnel), funnel.notion.names);
    if (write) for (const one of differences) await tell(funnel, one);
    return { email, differences };
  } catch (error) {
    return { email, differences: [], fault: error instanceof Error ? error.message : String(error) };
  }
}

function tell({ notion }: Funnel, { book, pageId, properties }: Difference): Promise<void> {
  return pageId === undefined ? notion.create(book, properties) : notion.update(pageId, properties);
}

const isBusy = ({ handlers, runs }: Dossier): boolean =>
  handlers.some(({ state }) => !isTerminal(state.current)) ||
  runs.some(({ outcome }) => outcome.kind === 'running');

/** Resend's answer may have said no more than "taken before": its list knows the id. */
async function withLostIds(dossier: Dossier, { resend }: Funnel): Promise<Dossier> {
  const lost = dossier.runs.filter(
    (run) =>
      run.outcome.kind === 'sent' &&
      run.outcome.resendId === undefined &&
      !dossier.runs.some(
        (one) => isSameMail(one, run) && one.outcome.kind === 'sent' && one.outcome.resendId,
      ),
  );
  const [first] = lost;
  if (!first || !resend) return dossier;
  const mails = await resend.mailsTo(dossier.email, first.dueAt).catch((error: unknown) => {
    if (error instanceof CannotAsk) return [];
    throw error;
  });
  const runs = dossier.runs.map((run): MailRun => {
    const mail = lost.includes(run)
      ? mails.find(
          ({ tags }) => tags['sequence_type'] === run.sequence && tags['email_number'] === String(run.number),
        )
      : undefined;
    return mail ? { ...run, outcome: { kind: 'sent', at: mail.at, resendId: mail.id } } : run;
  });
  return { ...dossier, runs };
}

/**
 * Whoever's executions ended since then, or wait, each with the ids of all that are theirs, oldest first. By one pass over
 * the deployment, page by page: a search for each lead would grow with the square of their number (0.5 s of CPU for each
 * thousand executions on H2), and all executions of a campaign do not fit into memory.
 */
async function leadsSince({ kestra, namespace, since: from }: Funnel, since: Date): Promise<Leads> {
  const leads: Leads = new Map();
  const concerned = new Set<string>();
  for await (const page of kestra.pages({ namespace, ...(from ? { startedSince: from } : {}) })) {
    for (const one of page) {
      const email = labelOf(one, 'lead');
      if (email === undefined) continue;
      leads.set(email, [...(leads.get(email) ?? []), one.id]);
      const waits = one.flowId === 'send-email' && one.state.current === 'CREATED';
      if (waits || Date.parse(one.state.endDate ?? '') >= since.getTime()) concerned.add(email);
    }
  }
  for (const email of leads.keys()) if (!concerned.has(email)) leads.delete(email);
  return leads;
}

function described({ email, differences, fault }: Reconciled): string {
  if (fault !== undefined) return `${masked(email)}: left, ${plainText(fault)}`;
  const rows = differences.flatMap(({ book, pageId, changes }) =>
    changes.map(({ property, from, to }) => [
      masked(email),
      pageId === undefined ? `${book}, new page` : book,
      property,
      plainText(from) || '–',
      to.includes('@') ? masked(to) : plainText(to),
    ]),
  );
  return table(['lead', 'where', 'property', 'says', 'is to say'], rows);
}
