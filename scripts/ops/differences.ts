import type { Dossier } from './dossier.ts';
import { type Fact, factsOf, plainOf } from './facts.ts';
import type { Book, Properties, Row } from './notion-book.ts';
import type { PropertyNames } from './property-names.ts';
import { MAIL_NUMBERS, numbered, textOf } from './tracker-facts.ts';

/** One page that Notion is to be told about: what is to be written, and on which page; a new one when there is none. */
export interface Difference {
  book: Book;
  pageId?: string;
  properties: Properties;
  /** For people: property, what it says, what it is to say. */
  changes: Array<{ property: string; from: string; to: string }>;
}

/** As lib/contact.py has them. A status that is not listed was set by a person. */
export const CONTACT_STATUSES = [
  'Signed Up',
  'Nurture Sequence',
  'Pre-Call Prep',
  'Portal Delivered',
  'Long-Term',
  'Unsubscribed',
];
/** What the flows and `npm run lead` write, the final word last. */
const MAIL: Record<string, number> = { scheduled: 1, skipped: 2, failed: 2, sent: 3 };

/** What Notion missed of one lead. A status only rises, a filled field stays, and nobody's page is made a second time. */
export function differencesOf(dossier: Dossier, names: PropertyNames): Difference[] {
  const facts = factsOf(dossier, names);
  const sequences = new Set(facts.flatMap(({ sequence }) => sequence ?? []));
  return [
    ...page(
      'contacts',
      facts.filter(({ book }) => book === 'contacts'),
      dossier.contacts[0],
      names,
    ),
    ...[...sequences].flatMap((sequence) =>
      page(
        'tracker',
        facts.filter((fact) => fact.book === 'tracker' && fact.sequence === sequence),
        dossier.rows.find((row) => textOf(row, names.tracker.sequence_type) === sequence),
        names,
      ),
    ),
    ...analytics(
      facts.filter(({ book }) => book === 'analytics'),
      dossier.analytics,
      names,
    ),
  ];
}

function page(
  book: 'contacts' | 'tracker',
  facts: Fact[],
  row: Row | undefined,
  names: PropertyNames,
): Difference[] {
  // Notion had it, and somebody took it away: that is theirs to decide.
  if (!row && (!facts.some(({ makes }) => makes) || facts.some(({ there }) => there))) return [];
  const takes = book === 'contacts' ? contactTakes(names) : trackerTakes(names);
  const before = row?.values ?? {};
  const after: Record<string, unknown> = { ...before };
  const properties: Properties = {};
  for (const fact of facts) {
    for (const [name, value] of Object.entries(fact.properties)) {
      const plain = plainOf(value);
      if (row && !(name in before)) continue; // a property that the live database lacks
      if (plain === null || plain === '' || !takes({ name, now: after[name], plain, fact, after })) continue;
      after[name] = plain;
      properties[name] = value;
    }
  }
  return difference(book, row, properties);
}

interface Question {
  name: string;
  now: unknown;
  plain: string | number | boolean;
  fact: Fact;
  /** All the page says so far. */
  after: Record<string, unknown>;
}

const isEmpty = (value: unknown) => value === null || value === undefined || value === '' || value === false;
/** Notion keeps no seconds. */
const minute = (value: unknown) => Math.floor(Date.parse(String(value)) / 60_000);
const isLater = (now: unknown, plain: unknown) => isEmpty(now) || minute(plain) > minute(now);
const fills = ({ now, fact }: Question) => !fact.written && isEmpty(now);

function contactTakes({ contacts }: PropertyNames): (question: Question) => boolean {
  return (question) => {
    const { name, now, plain, fact } = question;
    if (name === contacts.last_email_sent) return isLater(now, plain);
    if (name !== contacts.status) return fills(question);
    const rank = CONTACT_STATUSES.indexOf(String(now));
    if (fact.written) return false;
    return isEmpty(now) || (rank >= 0 && CONTACT_STATUSES.indexOf(String(plain)) > rank);
  };
}

function trackerTakes({ tracker }: PropertyNames): (question: Question) => boolean {
  return (question) => {
    const { name, now, plain, after, fact } = question;
    if (name === tracker.last_mail_number) return Number(plain) > Number(now ?? 0);
    if (name === tracker.last_mail_sent_at) return isLater(now, plain);
    if (name === tracker.completed) return plain === true && now !== true;
    const number = numberIn(name, tracker);
    if (number === undefined) return fills(question);
    const status = numbered(tracker.mail_status, number);
    const wanted = plainOf(fact.properties[status]);
    const said = after[status];
    const rankNow = isEmpty(said) ? 0 : typeof said === 'string' ? MAIL[said] : undefined;
    const rank = MAIL[String(wanted)];
    // A word of a person's own stands, with all that belongs to it.
    if (rankNow === undefined || rank === undefined || rank < rankNow) return false;
    return name === status ? rank > rankNow : isEmpty(now);
  };
}

/** The mail whose facts a property holds; undefined for a property of the row as a whole. */
function numberIn(name: string, names: PropertyNames['tracker']): number | undefined {
  const perMail = [names.mail_status, names.mail_sent_at, names.mail_sent_by, names.mail_resend_id];
  return MAIL_NUMBERS.find((number) => perMail.some((one) => numbered(one, number) === name));
}

/** One page a send. One that was written and is gone was taken away by a person. */
function analytics(facts: Fact[], pages: readonly Row[], { analytics: names }: PropertyNames): Difference[] {
  const told = pages.map((row) => ({ ...row.values }));
  return facts.flatMap(({ properties, there }) => {
    const keys = [names.template_id, names.email_number, names.status];
    const wanted = (name: string) => plainOf(properties[name]);
    const id = wanted(names.resend_email_id);
    const known = told.some(
      (values) =>
        keys.every((key) => String(values[key]) === String(wanted(key))) &&
        (isEmpty(id) || values[names.resend_email_id] === id),
    );
    if (known || there) return [];
    told.push(Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, plainOf(value)])));
    return difference('analytics', undefined, properties);
  });
}

function difference(book: Book, row: Row | undefined, properties: Properties): Difference[] {
  const changes = Object.entries(properties).map(([property, value]) => ({
    property,
    from: row ? String(row.values[property] ?? '') : '',
    to: String(plainOf(value)),
  }));
  return changes.length === 0 ? [] : [{ book, ...(row ? { pageId: row.id } : {}), properties, changes }];
}
