import type { ExpectMatcherState, MatcherReturnType } from '@playwright/test';
import { type MailFact, mailFacts, type Row } from '../clients/notion-rows.ts';
import type { Collection } from '../collection.ts';
import { table } from '../table.ts';
import { poll } from '../wait.ts';
import { refuseNegation } from './no-negation.ts';

/** Facts that are not named are not looked at; null says that there is none. */
export interface ExpectedFact {
  email_number: number;
  status?: string | null;
  sent_by?: string | null;
  resend_id?: string | null;
  /** A moment, or one between two, to the minute: Notion keeps no seconds. */
  sent_at?: string | Date | { from: Date; to: Date } | null;
}

const MINUTE = 60_000;
const NAMES = ['status', 'sent_by', 'resend_id', 'sent_at'] as const;

/** There is one tracker row, and it says of each named mail what is expected. */
export async function toHaveTrackerFacts(
  this: ExpectMatcherState,
  rows: Collection<Row>,
  expected: readonly ExpectedFact[],
  { within }: { within: number },
): Promise<MatcherReturnType> {
  refuseNegation(this, 'toHaveTrackerFacts');
  const { value, elapsedMs, done } = await poll(
    () => rows.read(),
    (found) => faultsOf(found, expected).length === 0,
    within,
  );
  return {
    name: 'toHaveTrackerFacts',
    pass: done,
    message: () =>
      `expected other facts in the ${rows.what}, seen after ${elapsedMs} ms:\n` +
      `${faultsOf(value, expected).join('\n')}\n${value.map(shown).join('\n')}`,
  };
}

function faultsOf(rows: readonly Row[], expected: readonly ExpectedFact[]): string[] {
  const [row] = rows;
  if (!row || rows.length > 1) return [`  one row expected, found ${rows.length}`];
  const facts = mailFacts(row);
  return expected.flatMap((wanted) => {
    const fact = facts.find(({ email_number }) => email_number === wanted.email_number);
    if (!fact) return [`  #${wanted.email_number}: the row has no such mail`];
    return NAMES.filter((name) => wanted[name] !== undefined && !agrees(name, wanted, fact)).map(
      (name) =>
        `  #${wanted.email_number} ${name}: expected ${told(wanted[name])}, received ${fact[name] ?? 'none'}`,
    );
  });
}

function agrees(name: (typeof NAMES)[number], wanted: ExpectedFact, fact: MailFact): boolean {
  const { sent_at: moment } = wanted;
  if (name !== 'sent_at' || moment === undefined || moment === null) return wanted[name] === fact[name];
  if (fact.sent_at === null) return false;
  const sent = minuteOf(fact.sent_at);
  if (typeof moment === 'object' && 'from' in moment) {
    return sent >= minuteOf(moment.from) && sent <= minuteOf(moment.to);
  }
  return sent === minuteOf(moment);
}

const minuteOf = (moment: string | Date) => Math.floor(new Date(moment).getTime() / MINUTE);

function told(wanted: ExpectedFact[(typeof NAMES)[number]]): string {
  if (wanted === null || wanted === undefined) return 'none';
  if (typeof wanted === 'string') return wanted;
  if (wanted instanceof Date) return wanted.toISOString();
  return `between ${wanted.from.toISOString()} and ${wanted.to.toISOString()}`;
}

const shown = (row: Row) =>
  table(
    ['mail', ...NAMES],
    mailFacts(row).map((fact) => [`#${fact.email_number}`, ...NAMES.map((name) => fact[name] ?? '–')]),
  );
