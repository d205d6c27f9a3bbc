import {
  createdAt,
  type Execution,
  emailNumberOf,
  isTerminal,
  pathOf,
  scheduledAt,
} from './clients/execution.ts';
import { type Mail, type MailClient, tagOf } from './clients/mail-client.ts';
import type { NotionClient } from './clients/notion-client.ts';
import { mailFacts, type Row } from './clients/notion-rows.ts';
import type { Collection } from './collection.ts';
import type { Lead } from './factories/lead.ts';
import type { Sequence } from './timetable.ts';

/** The mails of one lead's sequence that Kestra owes, and what must have become of each by now. */
export interface Owed {
  lead: Lead;
  sequence: Sequence;
  /** Those that are to send them. */
  executions: Collection<Execution>;
  /** The numbers of those that must be out. */
  sent: readonly number[];
  /** Of those that wait for their dates. */
  waiting?: readonly number[];
  /** Whether a handler has written of the lead: then there is one contact, and the row names the mails that wait. */
  handled?: boolean;
  /** The most that a mail may come after its date, or after Kestra was up again. */
  latest?: { ms: number; upSince?: Date };
  /** How far Kestra's clock is ahead of the mailbox's. */
  kestraAheadMs?: number;
}

/** What the three witnesses say, and what is missing or too much in it. */
interface Reckoning {
  /** One line for each thing that was lost, doubled, early, or told wrongly. */
  losses: string[];
  /** Whether one of them is there for good: what came too often, too early or too late. */
  forGood: boolean;
  /** One line for each mail. */
  lines: string[];
}

/** One execution as a collection, for a mail that was ordered by hand. */
export const alone = (execution: { id: string; read(): Promise<Execution> }): Collection<Execution> => ({
  what: `execution ${execution.id}`,
  read: async () => [await execution.read()],
  describe: pathOf,
});

export interface Account {
  read(): Promise<Reckoning>;
}

interface Witnesses {
  mailbox: Pick<MailClient, 'of'>;
  notion: Pick<NotionClient, 'contacts' | 'trackerRows' | 'analytics'>;
}

interface Seen {
  executions: readonly Execution[];
  mails: readonly Mail[];
  contacts: readonly Row[];
  rows: readonly Row[];
  analytics: readonly Row[];
}

/** What Kestra, mailbox and Notion have of all that is owed. */
export const accountOf = ({ mailbox, notion }: Witnesses, ...owed: readonly Owed[]): Account => ({
  read: async () => {
    const reckonings = await Promise.all(
      owed.map(async (one) =>
        reckon(one, {
          executions: await one.executions.read(),
          mails: await mailbox.of(one.lead, { sender: 'kestra' }).read(),
          contacts: await notion.contacts(one.lead).read(),
          rows: await notion.trackerRows(one.lead, one.sequence).read(),
          analytics: await notion.analytics(one.lead).read(),
        }),
      ),
    );
    return {
      losses: reckonings.flatMap(({ losses }) => losses),
      forGood: reckonings.some(({ forGood }) => forGood),
      lines: reckonings.flatMap(({ lines }) => lines),
    };
  },
});

function reckon(owed: Owed, seen: Seen): Reckoning {
  const { lead, sequence, sent, waiting = [], handled = true } = owed;
  const name = (number: number | string) => `${lead.id} ${sequence} #${number}`;
  const losses: string[] = [];
  const lines: string[] = [];
  let forGood = false;
  const lost = (number: number | string, what: string, stays = false) => {
    losses.push(`${name(number)}: ${what}`);
    forGood ||= stays;
  };

  const strays = seen.mails.filter((mail) => !isOneOf(mail, sequence, sent));
  for (const mail of strays)
    lost(tagOf(mail, 'email_number') ?? '?', `came and was not owed (${mail.id})`, true);

  const [row] = seen.rows;
  if (seen.rows.length !== 1) {
    lost('*', `${seen.rows.length} tracker rows, expected one`, seen.rows.length > 1);
  }
  if (seen.contacts.length !== Number(handled)) {
    lost(
      '*',
      `${seen.contacts.length} contacts, expected ${handled ? 'one' : 'none'}`,
      seen.contacts.length > Number(handled),
    );
  }
  const facts = row ? mailFacts(row) : [];

  for (const number of sent) {
    const mails = seen.mails.filter((mail) => isOneOf(mail, sequence, [number]));
    const executions = seen.executions.filter((one) => emailNumberOf(one) === number);
    const paths = executions.map(pathOf).join('; ') || 'no execution';
    const [mail] = mails;
    lines.push(`${name(number)}: ${mails.length} mail, ${paths}`);
    if (!mail) {
      lost(number, `lost, ${paths}`);
      continue;
    }
    if (mails.length > 1) {
      lost(number, `came ${mails.length} times: ${mails.map(({ id }) => id).join(', ')}`, true);
    }
    if (!executions.every(({ state }) => isTerminal(state.current))) lost(number, `not over yet: ${paths}`);
    for (const execution of executions) {
      const fault = offTime(execution, mail, owed);
      if (fault) lost(number, fault, true);
    }
    const fact = facts.find(({ email_number }) => email_number === number);
    const told = [fact?.status, fact?.sent_by, fact?.resend_id].map((value) => value ?? 'none').join(', ');
    const wanted = ['sent', 'kestra', mail.id].join(', ');
    if (told !== wanted) lost(number, `the row says ${told}, expected ${wanted}`);
    const pages = seen.analytics.filter(({ values }) => values['Resend Email ID'] === mail.id);
    if (pages.length !== 1) {
      lost(number, `${pages.length} pages in analytics, expected one`, pages.length > 1);
    }
  }

  for (const number of waiting) {
    const executions = seen.executions.filter((one) => emailNumberOf(one) === number);
    const paths = executions.map(pathOf).join('; ') || 'no execution';
    lines.push(`${name(number)}: waits, ${paths}`);
    const [execution] = executions;
    if (executions.length !== 1 || execution?.state.current !== 'CREATED') {
      lost(number, `one execution that waits was expected: ${paths}`);
    }
    const status = facts.find(({ email_number }) => email_number === number)?.status ?? 'none';
    if (handled && status !== 'scheduled') lost(number, `the row says ${status}, expected scheduled`);
  }
  return { losses, forGood, lines };
}

const isOneOf = (mail: Mail, sequence: Sequence, numbers: readonly number[]): boolean =>
  tagOf(mail, 'sequence_type') === sequence && numbers.includes(Number(tagOf(mail, 'email_number')));

/** Whether a mail came before its date, or too long after it. */
function offTime(execution: Execution, mail: Mail, { kestraAheadMs = 0, latest }: Owed): string | undefined {
  const due = (scheduledAt(execution) ?? createdAt(execution)).getTime();
  const lateMs = mail.receivedAt + kestraAheadMs - due;
  if (lateMs < 0) return `came ${-lateMs} ms before its date`;
  if (!latest) return undefined;
  const sinceUpMs = mail.receivedAt - (latest.upSince?.getTime() ?? 0);
  const overMs = Math.min(lateMs, sinceUpMs);
  return overMs > latest.ms ? `came ${overMs} ms after it could have` : undefined;
}
