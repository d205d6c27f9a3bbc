import { z } from 'zod';
import type { Execution } from '../../helpers/clients/execution.ts';
import type { Dossier } from './dossier.ts';
import { isSameMail, jsonOf, type MailRun, outputsOf } from './mail-run.ts';
import type { Book, Properties } from './notion-book.ts';
import type { PropertyNames } from './property-names.ts';
import { MAIL_NUMBERS, numbered } from './tracker-facts.ts';

/** What one execution made true of a page, in the properties that the flow itself prepared for Notion. */
export interface Fact {
  executionId: string;
  book: Book;
  /** Of a tracker row. */
  sequence?: string;
  properties: Properties;
  /** Whether Notion took it at the time: then only what no later write may take back is compared. */
  written: boolean;
  /** Whether Notion had the page afterwards, be it that a look-up found it there. */
  there: boolean;
  /** Whether it is enough to make the page. */
  makes: boolean;
}

const Request = z.looseObject({
  body: z.looseObject({ properties: z.record(z.string(), z.unknown()), parent: z.unknown().optional() }),
});
const Prepared = z.looseObject({
  row: z.unknown().optional(),
  contact: z.unknown().optional(),
  request: z.unknown().optional(),
  analytics: z.unknown().optional(),
  missed: z.looseObject({ row: z.unknown().optional(), contact: z.unknown().optional() }).nullish(),
});
const Sequence = z.looseObject({ sequence_type: z.string() });
/** Notion's to a write: the page; to the look-up before a creation is tried again: pages. */
const Answer = z.looseObject({ id: z.string().optional(), results: z.array(z.unknown()).optional() });

/** Everything that a lead's executions had to tell Notion, in the order in which they came. */
export function factsOf(dossier: Dossier, names: PropertyNames): Fact[] {
  const { handlers, runs } = dossier;
  const all = [
    ...handlers.map((one) => ({
      at: one.state.startDate ?? '',
      facts: () => ofHandler(one, dossier, names),
    })),
    ...runs.map((run) => ({
      at: run.execution.state.endDate ?? run.execution.state.startDate ?? '',
      facts: () => ofMail(run, runs),
    })),
  ];
  return all.toSorted((a, b) => a.at.localeCompare(b.at)).flatMap(({ facts }) => facts());
}

function ofHandler(execution: Execution, dossier: Dossier, names: PropertyNames): Fact[] {
  if (execution.flowId === 'signup-handler') {
    const { request, missed } = prepared(execution, 'plan_contact');
    return fact(execution, 'contacts', request ?? missed?.contact, 'write_contact');
  }
  const sequence = Sequence.safeParse(execution.inputs);
  if (execution.flowId !== 'schedule-email-sequence' || !sequence.success) return [];
  const kind = sequence.data.sequence_type;
  const { contact, row, analytics, missed } = prepared(execution, 'plan');
  const rows = fact(execution, 'tracker', row ?? missed?.row, 'write_row', kind);
  return [
    ...fact(execution, 'contacts', contact ?? missed?.contact, 'write_contact'),
    ...rows.map((one) => ({ ...one, properties: stillTrue(one.properties, kind, dossier, names) })),
    ...fact(execution, 'analytics', analytics, 'record_email_1'),
  ];
}

/** Without the `scheduled` of mails that wait no more: what became of those, their own executions tell. */
function stillTrue(
  properties: Properties,
  kind: string,
  { runs }: Dossier,
  names: PropertyNames,
): Properties {
  const kept = { ...properties };
  for (const number of MAIL_NUMBERS) {
    const status = numbered(names.tracker.mail_status, number);
    const waits = runs.some(
      (run) => run.sequence === kind && run.number === number && run.outcome.kind === 'waiting',
    );
    if (waits || plainOf(kept[status]) !== 'scheduled') continue;
    delete kept[status];
    delete kept[numbered(names.tracker.mail_sent_by, number)];
  }
  return kept;
}

function ofMail(run: MailRun, runs: readonly MailRun[]): Fact[] {
  const { execution, outcome, sequence } = run;
  if (outcome.kind === 'sent') {
    const known = runs.some(
      (one) => isSameMail(one, run) && one.outcome.kind === 'sent' && one.outcome.resendId !== undefined,
    );
    // Resend only said "taken before": the execution that it took it from knows more.
    if (known && outcome.resendId === undefined) return [];
    const { row, contact, analytics, missed } = prepared(execution, 'fill');
    const marks = {
      '@sent_at@': `${outcome.at.toISOString().slice(0, 19)}Z`,
      '@resend_id@': outcome.resendId ?? '',
    };
    return [
      ...fact(execution, 'tracker', row ?? missed?.row, 'write_row', sequence),
      ...fact(execution, 'contacts', contact ?? missed?.contact, 'write_contact'),
      ...fact(execution, 'analytics', analytics, 'write_analytics'),
    ].map((one) => ({ ...one, properties: filled(one.properties, marks) }));
  }
  if (outcome.kind === 'unsubscribed') {
    const { row, missed } = prepared(execution, 'fill');
    return fact(execution, 'tracker', row ?? missed?.row, 'write_row', sequence);
  }
  if (outcome.kind === 'not delivered') {
    const { row, analytics, missed } = prepared(execution, 'record_failure');
    return [
      ...fact(execution, 'tracker', row ?? missed?.row, 'write_failed_row', sequence),
      ...fact(execution, 'analytics', analytics, 'write_failed_analytics'),
    ];
  }
  return [];
}

function prepared(execution: Execution, taskId: string): z.infer<typeof Prepared> {
  const parsed = Prepared.safeParse(outputsOf(execution, taskId)?.['vars']);
  return parsed.success ? parsed.data : {};
}

function fact(execution: Execution, book: Book, request: unknown, taskId: string, sequence?: string): Fact[] {
  const parsed = Request.safeParse(request);
  if (!parsed.success) return [];
  const { properties, parent } = parsed.data.body;
  const pages = execution.taskRunList
    .filter((run) => run.taskId === taskId || run.taskId === `${taskId}_again`)
    .filter(({ state }) => state.current === 'SUCCESS')
    .map(({ outputs }) => Answer.safeParse(jsonOf(z.string().safeParse(outputs['body']).data)).data);
  return [
    {
      executionId: execution.id,
      book,
      ...(sequence === undefined ? {} : { sequence }),
      properties,
      written: pages.some((page) => page?.id !== undefined),
      there: pages.some((page) => page?.id !== undefined || page?.results?.length),
      makes: parent !== undefined,
    },
  ];
}

/** With the marks that the flow replaces when the mail is out; what stays unknown is left out. */
function filled(properties: Properties, marks: Record<string, string>): Properties {
  const text = Object.entries(marks).reduce(
    (all, [mark, value]) => all.replaceAll(mark, () => JSON.stringify(value).slice(1, -1)),
    JSON.stringify(properties),
  );
  const replaced = jsonOf(text) as Properties;
  return Object.fromEntries(
    Object.entries(replaced).filter(
      ([name, value]) => plainOf(properties[name]) === '' || plainOf(value) !== '',
    ),
  );
}

/** The value in a property as Notion is asked to write it. */
export function plainOf(property: unknown): string | number | boolean | null {
  const [value] = typeof property === 'object' && property !== null ? Object.values(property as object) : [];
  return plainValue(value);
}

const Option = z.looseObject({ name: z.string() });
const Moment = z.looseObject({ start: z.string() });
const Pieces = z.array(z.looseObject({ text: z.looseObject({ content: z.string() }) }));

function plainValue(value: unknown): string | number | boolean | null {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  const pieces = Pieces.safeParse(value);
  if (pieces.success) return pieces.data.map(({ text }) => text.content).join('');
  const option = Option.safeParse(value);
  if (option.success) return option.data.name;
  const moment = Moment.safeParse(value);
  return moment.success ? moment.data.start : null;
}
