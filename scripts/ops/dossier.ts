import type { Execution } from '../../helpers/clients/execution.ts';
import { KestraClient } from '../../helpers/clients/kestra-client.ts';
import type { KestraTransport } from '../../helpers/clients/kestra-transport.ts';
import { KestraAdmin } from '../flows/kestra-admin.ts';
import { Ledger } from './ledger.ts';
import { mailRunOf, type MailRun, withItsLog } from './mail-run.ts';
import { NotionBook, type Row } from './notion-book.ts';
import { CannotAsk, type ResendMail, type ResendReader } from './resend-reader.ts';
import { rowFacts } from './tracker-facts.ts';

/** One deployment of the funnel, as the operator's commands reach it. */
export interface Funnel {
  namespace: string;
  kestra: KestraClient;
  ledger: Ledger;
  notion: NotionBook;
  resend?: ResendReader;
  /** Executions and mails from before are left out of every dossier. */
  since?: Date;
}

export interface FunnelAccess {
  transport: KestraTransport;
  namespace: string;
  notion: { url: string; token: string };
  resend?: ResendReader;
  since?: Date;
}

/** Undefined when nothing is deployed into the namespace. */
export async function openFunnel(access: FunnelAccess): Promise<Funnel | undefined> {
  const { transport, namespace, resend, since } = access;
  const notion = await NotionBook.open(new KestraAdmin(transport, namespace), access.notion);
  if (!notion) return undefined;
  return {
    namespace,
    kestra: new KestraClient({ transport, resolve: () => namespace }),
    ledger: new Ledger(transport, namespace),
    notion,
    ...(resend ? { resend } : {}),
    ...(since ? { since } : {}),
  };
}

/** What the three witnesses say of one lead in one deployment, at one moment. */
export interface Dossier {
  namespace: string;
  email: string;
  /** Handlers and what they started, but for the mails; oldest first. */
  handlers: Execution[];
  runs: MailRun[];
  contacts: Row[];
  rows: Row[];
  analytics: Row[];
  /** What Resend sent this lead, or why it could not be asked. */
  resend: ResendMail[] | string;
  /** From when on Resend was looked at. */
  since: Date;
}

/** A mail may have gone out a little before the handler that the website tells of it. */
const BEFORE_MS = 24 * 3_600_000;
const NO_KEY = 'no RESEND_API_KEY is given: a key with full access lets it be asked';

/**
 * What they say of one lead. A search by label has Kestra look into all executions there are, so whoever asks about many
 * leads names the executions' ids, oldest first.
 */
export async function dossierOf(funnel: Funnel, email: string, ids?: readonly string[]): Promise<Dossier> {
  const { namespace, kestra, notion, since } = funnel;
  const [executions, contacts, rows, analytics] = await Promise.all([
    ids
      ? Promise.all(ids.map((id) => kestra.handle(id).read()))
      : kestra.search({ namespace, labels: { lead: email }, ...(since ? { startedSince: since } : {}) }),
    notion.pagesOf('contacts', email),
    notion.pagesOf('tracker', email),
    notion.pagesOf('analytics', email),
  ]);
  const runs = await Promise.all(
    executions
      .filter(({ flowId }) => flowId === 'send-email')
      // A label is a word of whoever started it; what counts is where the mail went.
      .flatMap((execution) => mailRunOf(execution) ?? [])
      .filter((run) => run.email === email)
      .map((run) => withItsLog(kestra, run)),
  );
  const handlers = executions.filter(({ flowId }) => flowId !== 'send-email');
  const known = rows.flatMap((row) => rowFacts(row, notion.names).flatMap(({ resendId }) => resendId ?? []));
  const lookedSince = since ?? firstMoment(executions);
  const resend = await resendMails(funnel, email, lookedSince, known);
  return { namespace, email, handlers, runs, contacts, rows, analytics, resend, since: lookedSince };
}

async function resendMails(
  { resend }: Funnel,
  email: string,
  since: Date,
  ids: readonly string[],
): Promise<ResendMail[] | string> {
  if (!resend) return NO_KEY;
  try {
    const mails = await resend.mailsTo(email, since);
    for (const id of ids) {
      if (mails.some((mail) => mail.id === id)) continue;
      const older = await resend.find(id);
      if (older) mails.push(older);
    }
    return mails;
  } catch (error) {
    if (error instanceof CannotAsk) return error.message;
    throw error;
  }
}

function firstMoment(executions: readonly Execution[]): Date {
  const starts = executions.flatMap(({ state }) => (state.startDate ? Date.parse(state.startDate) : []));
  return new Date(Math.min(Date.now(), ...starts) - BEFORE_MS);
}
