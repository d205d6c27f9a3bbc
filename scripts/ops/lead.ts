import { pathOf, scheduledAt } from '../../helpers/clients/execution.ts';
import { table } from '../../helpers/table.ts';
import { disagreements, mailsOf, type MailView } from './disagreements.ts';
import { type Dossier, dossierOf, type Funnel } from './dossier.ts';
import type { MailRun } from './mail-run.ts';
import { moment, plainText } from './plain-text.ts';
import { textOf } from './tracker-facts.ts';

/** One line of a lead's story. */
interface Event {
  /** Undefined when no witness gives a moment. */
  at: Date | undefined;
  what: string;
  kestra: string;
  notion: string;
  resend: string;
}

export interface LeadReport {
  namespace: string;
  email: string;
  known: boolean;
  /** Whether Kestra has executions of this lead in this deployment. */
  inKestra: boolean;
  contact: string;
  timeline: Event[];
  disagreements: string[];
  due: Array<{ mail: string; at: Date; executionId: string }>;
  /** Why Resend could not be asked. */
  unasked?: string;
}

const NEVER = Number.MAX_SAFE_INTEGER;

/** What a lead got, what is due, and where Kestra, Notion and Resend disagree. Reads only. */
export async function reportOn(funnel: Funnel, email: string): Promise<LeadReport> {
  const dossier = await dossierOf(funnel, email);
  const { names } = funnel.notion;
  const { contacts, handlers, runs, rows, resend } = dossier;
  const mails = mailsOf(dossier, names);
  const timeline = [
    ...handlers.map((one) => ({
      at: one.state.startDate ? new Date(one.state.startDate) : undefined,
      what: one.flowId,
      kestra: `${one.id} ${pathOf(one)}`,
      notion: '',
      resend: '',
    })),
    ...mails.map(eventOf),
  ].toSorted((a, b) => Number(a.at ?? NEVER) - Number(b.at ?? NEVER));
  return {
    namespace: funnel.namespace,
    email,
    known: [contacts, handlers, runs, rows].some(({ length }) => length > 0) || mails.length > 0,
    inKestra: handlers.length + runs.length > 0,
    contact:
      contacts.map((contact) => textOf(contact, names.contacts.status) ?? 'no status').join(', ') || 'none',
    timeline,
    disagreements: disagreements(dossier, names),
    due: dueOf(dossier),
    ...(typeof resend === 'string' ? { unasked: resend } : {}),
  };
}

function dueOf({ runs }: Dossier): LeadReport['due'] {
  return runs
    .filter(({ outcome }) => outcome.kind === 'waiting')
    .toSorted((a, b) => Number(a.dueAt) - Number(b.dueAt))
    .map((run) => ({ mail: `${run.sequence} #${run.number}`, at: run.dueAt, executionId: run.id }));
}

function eventOf({ sequence, number, runs, facts, delivered }: MailView): Event {
  const sent = runs.flatMap(({ outcome }) => (outcome.kind === 'sent' ? outcome.at : []));
  const told = [
    ...sent,
    ...(delivered ?? []).map(({ at }) => at),
    ...facts.flatMap(({ sentAt }) => (sentAt ? new Date(sentAt) : [])),
    ...runs.map(({ execution, endedAt, dueAt }) => endedAt ?? scheduledAt(execution) ?? dueAt),
  ];
  return {
    at: told[0],
    what: `${sequence} #${number}`,
    kestra: runs.map(said).join('; '),
    notion: facts
      .map(({ status, sentBy, sentAt }) =>
        [status ?? '–', sentBy && `by ${sentBy}`, sentAt && moment(new Date(sentAt))]
          .filter(Boolean)
          .join(' '),
      )
      .join('; '),
    resend: delivered?.map(({ id, event }) => `${event} ${id}`).join('; ') ?? '?',
  };
}

const said = ({ id, state, outcome }: MailRun): string =>
  `${id} ${state}${state === 'CREATED' || outcome.kind === 'running' ? '' : `, ${outcome.kind}`}`;

/** The report for a person. */
export function leadText(report: LeadReport): string {
  const { namespace, email, known, contact, timeline, due, unasked } = report;
  if (!known) return `${namespace}: nobody knows ${plainText(email)}.`;
  const rows = timeline.map(({ at, what, kestra, notion, resend }) =>
    [moment(at), what, kestra, notion, resend].map((cell) => plainText(cell) || '–'),
  );
  const found = report.disagreements;
  const agreed = unasked ? 'Kestra and Notion agree.' : 'All three agree.';
  return [
    `${namespace}: ${plainText(email)}, contact: ${plainText(contact)}`,
    '',
    table(['when', 'what', 'Kestra', 'Notion', 'Resend'], rows),
    '',
    found.length === 0 ? agreed : ['Disagreements', ...found.map((one) => `  ${one}`)].join('\n'),
    ...(unasked ? [`Resend could not be asked: ${unasked}.`] : []),
    '',
    due.length === 0
      ? 'Nothing is due.'
      : ['Due', ...due.map(({ mail, at, executionId }) => `  ${moment(at)}  ${mail}  ${executionId}`)].join(
          '\n',
        ),
  ].join('\n');
}
