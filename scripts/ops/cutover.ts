import { type Execution, labelOf } from '../../helpers/clients/execution.ts';
import { table } from '../../helpers/table.ts';
import { type Mode, type Sequence, timetableOf } from '../../helpers/timetable.ts';
import { isScheduled } from '../flows/scheduled.ts';
import type { Funnel } from './dossier.ts';
import { mailRunOf } from './mail-run.ts';
import type { Row } from './notion-book.ts';
import { masked, moment, plainText } from './plain-text.ts';
import type { PropertyNames } from './property-names.ts';
import { rowFacts, textOf } from './tracker-facts.ts';

/** One lead's sequence at the hand-over from Prefect to Kestra, or back. */
export interface CutoverLine {
  email: string;
  sequence: Sequence;
  rows: string[];
  /** Mails that went out, by the dates in the rows, whoever wrote them. */
  sent: number[];
  /** Mails that Kestra has scheduled, with their moment. */
  scheduled: Array<{ number: number; at: Date; id: string }>;
  /** Mails that Kestra would schedule if the lead's webhook came now, with the moment they would be due. */
  open: Array<{ number: number; at: Date | undefined }>;
  /** Why Kestra sends none of the open ones. */
  blocked?: string;
}

const SEQUENCES: readonly Sequence[] = ['5day', 'noshow', 'postcall', 'onboarding'];

/** Prefect named no sequence in the rows of its five days; in those of the others it used this property. */
const PREFECT_TYPE = 'Template Type';
const PREFECT_SEQUENCES: Readonly<Record<string, Sequence>> = {
  'No-Show Recovery': 'noshow',
  'Post-Call Follow-Up': 'postcall',
  Onboarding: 'onboarding',
};

/** What is sent, scheduled and open of every lead that the tracker has, or of one. Reads only. */
export async function cutoverOf(funnel: Funnel, only?: string): Promise<CutoverLine[]> {
  const { namespace, kestra, notion } = funnel;
  const [rows, contacts, executions, testing] = await Promise.all([
    only === undefined ? notion.allPages('tracker') : notion.pagesOf('tracker', only),
    only === undefined ? notion.allPages('contacts') : notion.pagesOf('contacts', only),
    kestra.search({
      namespace,
      flowId: 'send-email',
      state: ['CREATED'],
      ...(only === undefined ? {} : { labels: { lead: only } }),
    }),
    kestra.kv({ namespace }).get('TESTING_MODE'),
  ]);
  const { names } = notion;
  const unsubscribed = new Set(
    contacts
      .filter((contact) => textOf(contact, names.contacts.status) === 'Unsubscribed')
      .flatMap((contact) => addressOf(contact, names.contacts.email)),
  );
  const scheduled = executions.filter(isScheduled);
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const [email] = addressOf(row, names.tracker.email);
    if (email === undefined) continue;
    const key = `${sequenceOf(row, names)} ${email}`;
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups].flatMap(([key, group]) => {
    const [kind = '', email = ''] = key.split(' ');
    const sequence = SEQUENCES.find((one) => one === kind);
    if (!sequence) return [];
    const mode: Mode = testing === true ? 'testing' : 'production';
    return [
      lineOf({ email, sequence, group, scheduled, mode, names, unsubscribed: unsubscribed.has(email) }),
    ];
  });
}

interface Group {
  email: string;
  sequence: Sequence;
  group: readonly Row[];
  scheduled: readonly Execution[];
  mode: Mode;
  names: PropertyNames;
  unsubscribed: boolean;
}

function lineOf({ email, sequence, group, scheduled, mode, names, unsubscribed }: Group): CutoverLine {
  const facts = group.flatMap((row) => rowFacts(row, names));
  const sent = facts.filter(({ sentAt, status }) => sentAt !== null || status === 'sent');
  const waiting = scheduled
    .filter((one) => labelOf(one, 'lead') === email)
    .flatMap((one) => mailRunOf(one) ?? [])
    .filter((run) => run.email === email && run.sequence === sequence);
  const mail1 = sent.find(({ number }) => number === 1)?.sentAt;
  const settled = new Set([...sent, ...waiting].map(({ number }) => number));
  const open = timetableOf(sequence, mode, mail1 ?? new Date(0)).filter(({ number }) => !settled.has(number));
  return {
    email,
    sequence,
    rows: group.map(({ id }) => id),
    sent: [...new Set(sent.map(({ number }) => number))].toSorted((a, b) => a - b),
    scheduled: waiting
      .map(({ number, dueAt, id }) => ({ number, at: dueAt, id }))
      .toSorted((a, b) => a.number - b.number),
    // The other sequences count from the webhook: there is no telling when.
    open: open.map(({ number, at }) => ({
      number,
      at: sequence === '5day' && mail1 ? new Date(Math.max(Number(at), Date.now())) : undefined,
    })),
    ...(unsubscribed ? { blocked: 'unsubscribed' } : {}),
  };
}

/** As lib/tracker.py tells the rows apart. */
function sequenceOf(row: Row, names: PropertyNames): string {
  const own = textOf(row, names.tracker.sequence_type);
  return own ?? PREFECT_SEQUENCES[textOf(row, PREFECT_TYPE) ?? ''] ?? '5day';
}

const addressOf = ({ values }: Row, property: string): string[] => {
  const value = values[property];
  return typeof value === 'string' && value !== '' ? [value.toLowerCase()] : [];
};

/** For the terminal: a line a lead and sequence in which something is open or scheduled, then the sums. */
export function cutoverText(lines: readonly CutoverLine[]): string {
  const told = lines.filter(({ open, scheduled }) => open.length + scheduled.length > 0);
  const rows = told.map(({ email, sequence, rows: ids, sent, scheduled, open, blocked }) => [
    masked(email),
    sequence,
    sent.map((number) => `#${number}`).join(' ') || 'none',
    scheduled.map(({ number, at }) => `#${number} ${moment(at)}`).join(', ') || 'none',
    blocked
      ? `none: ${blocked}`
      : open.map(({ number, at }) => `#${number}${at ? ` ${moment(at)}` : ''}`).join(', ') || 'none',
    ids.map(plainText).join(' '),
  ]);
  const sum = (count: (line: CutoverLine) => number) => lines.reduce((all, line) => all + count(line), 0);
  const scheduled = sum((line) => line.scheduled.length);
  const open = sum((line) => (line.blocked ? 0 : line.open.length));
  return [
    ...(rows.length === 0
      ? []
      : [table(['lead', 'sequence', 'sent', 'scheduled', 'would send', 'tracker row'], rows)]),
    `${lines.length} sequences in the tracker: ${scheduled} mails are scheduled in Kestra, ${open} more would be if the leads’ webhooks came now. Nothing was changed.`,
  ].join('\n');
}
