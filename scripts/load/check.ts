import { mailFacts, type MailFact } from '../../helpers/clients/notion-rows.ts';
import { segmentOf } from '../../helpers/segments.ts';
import { numbersSentBy, sendersOf } from '../../helpers/split.ts';
import { templateNameOf } from '../../helpers/templates.ts';
import { type Sequence, timetableOf } from '../../helpers/timetable.ts';
import { type Kind, sequenceOf, sequencesOf, WAY } from './mix.ts';
import type { Visit } from './visit.ts';
import type { Delivered, Page, Ran, Witnesses } from './witnesses.ts';

/** What can be wrong with a lead's story. */
export const FAULT_KINDS = [
  'webhook',
  'handler',
  'lost',
  'doubled',
  'stranger',
  'timetable',
  'early',
  'late',
  'order',
  'row',
  'fact',
  'contact',
  'analytics',
  'project',
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

export interface Fault {
  /** The lead's address; empty for what is nobody's. */
  lead: string;
  kind: FaultKind;
  what: string;
}

export interface CheckOptions {
  testingMinuteMs: number;
  /** A mail that starts so much after its `scheduleDate` is late; unset, it is only measured. */
  latestMs?: number;
}

const SECOND = 1_000;
const MINUTE = 60_000;
/** Mails due so close together may overtake each other on their way through a busy machine. */
const MAY_OVERTAKE_MS = MINUTE;

/** What all three witnesses say of one lead. */
interface Story {
  visit: Visit;
  /** By id, of the webhooks that were taken. */
  handlers: ReadonlyMap<string, Ran>;
  runs: Ran[];
  mails: Delivered[];
  contacts: Page[];
  tracker: Page[];
  analytics: Page[];
  projects: Page[];
}

/** Every lead that is not right, and why: all are looked at, none is a sample. */
export function check(visits: readonly Visit[], seen: Witnesses, options: CheckOptions): Fault[] {
  const byId = new Map(seen.executions.map((one) => [one.id, one]));
  const runs = grouped(seen.executions, ({ flowId, email }) =>
    flowId === 'send-email' && email ? [email] : [],
  );
  const mails = grouped(seen.mails, ({ to }) => to.map((address) => address.toLowerCase()));
  const [contacts, tracker, analytics, projects] = (
    ['contacts', 'tracker', 'analytics', 'projects'] as const
  ).map((book) =>
    grouped(seen[book], ({ values }) => (typeof values['Email'] === 'string' ? [values['Email']] : [])),
  ) as [Pages, Pages, Pages, Pages];
  const of = <T>(map: ReadonlyMap<string, T[]>, { email }: { email: string }): T[] => map.get(email) ?? [];

  const faults = visits.flatMap((visit) =>
    ofLead(
      {
        visit,
        handlers: byId,
        runs: of(runs, visit.lead),
        mails: of(mails, visit.lead),
        contacts: of(contacts, visit.lead),
        tracker: of(tracker, visit.lead),
        analytics: of(analytics, visit.lead),
        projects: of(projects, visit.lead),
      },
      options,
    ),
  );
  const ours = new Set(visits.map(({ lead }) => lead.email));
  const toOthers = seen.mails.filter(({ to }) => !to.some((address) => ours.has(address.toLowerCase())));
  return [
    ...faults,
    ...toOthers.map(({ id, to }) =>
      nobodys(`mail ${id} went to ${to.join(', ')}, who is no lead of this run`),
    ),
    ...seen.breaches.map(nobodys),
  ];
}

const nobodys = (what: string): Fault => ({ lead: '', kind: 'stranger', what });

type Pages = Map<string, Page[]>;

function grouped<T>(items: readonly T[], keysOf: (item: T) => readonly string[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    for (const key of keysOf(item)) {
      const group = groups.get(key);
      if (group) group.push(item);
      else groups.set(key, [item]);
    }
  }
  return groups;
}

function ofLead(story: Story, options: CheckOptions): Fault[] {
  const { lead, kind } = story.visit;
  const fault = (of: FaultKind, what: string): Fault => ({ lead: lead.email, kind: of, what });
  return [
    ...ofWebhooks(story, fault),
    ...sequencesOf(kind).flatMap((sequence) => ofSequence(story, sequence, options, fault)),
    ...ofStrangeMails(story, fault),
    ...ofContact(story, fault),
    ...ofProjects(story, fault),
  ];
}

type MakeFault = (kind: FaultKind, what: string) => Fault;

function ofWebhooks({ visit, handlers }: Story, fault: MakeFault): Fault[] {
  const { calls, kind, trouble } = visit;
  const untold = WAY[kind].filter((webhook) => !calls.some((one) => one.webhook === webhook));
  const found = calls.flatMap(({ webhook, status, executionId, trouble: why }): Fault[] => {
    if (executionId === undefined) {
      return [fault('webhook', `${webhook} was answered ${status ?? `not at all: ${why ?? 'no reason'}`}`)];
    }
    const handler = handlers.get(executionId);
    if (!handler) return [fault('handler', `Kestra has no execution ${executionId} of ${webhook}`)];
    return endedWell(handler.state)
      ? []
      : [fault('handler', `the handler of ${webhook} is ${handler.state}: ${executionId}`)];
  });
  return [
    ...found,
    ...untold.map((webhook) =>
      fault('webhook', `${webhook} was never sent: ${trouble ?? 'the run ended before'}`),
    ),
  ];
}

/** A WARNING has lost a fact at most, and each fact is looked for. */
const endedWell = (state: string) => state === 'SUCCESS' || state === 'WARNING';

function ofSequence(story: Story, sequence: Sequence, options: CheckOptions, fault: MakeFault): Fault[] {
  const { visit, handlers, runs, mails } = story;
  const call = visit.calls.find(({ webhook }) => sequenceOf(webhook) === sequence);
  // Told as a fault of its webhook.
  if (call?.executionId === undefined) return [];
  const handler = handlers.get(call.executionId);
  const startsAt = sequence === '5day' ? visit.email1SentAt : handler?.createdAt;
  const timetable = startsAt
    ? timetableOf(sequence, 'testing', startsAt, options.testingMinuteMs).toSorted(
        (a, b) => a.number - b.number,
      )
    : [];
  const views = numbersSentBy('kestra', sequence).map((number) => ({
    name: `${sequence} #${number}`,
    number,
    planned: timetable.find((one) => one.number === number)?.at,
    runs: runs.filter((run) => run.sequence === sequence && run.number === number),
    mails: mails.filter(
      (mail) => mail.sequence === sequence && mail.number === number && mail.sender === 'kestra',
    ),
  }));
  return [
    ...views.flatMap((view) => ofMail(view, views.length, options, fault)),
    ...ofOrder(views, fault),
    ...ofRow(story, sequence, views, fault),
    ...ofAnalytics(story, sequence, views, fault),
  ];
}

/** One mail that Kestra owes, and what became of it. */
interface MailView {
  name: string;
  number: number;
  planned: Date | undefined;
  runs: Ran[];
  mails: Delivered[];
}

const originalsOf = ({ runs }: MailView) => runs.filter(({ replayOf }) => replayOf === undefined);

function ofMail(view: MailView, ofAll: number, { latestMs }: CheckOptions, fault: MakeFault): Fault[] {
  const { name, planned, runs, mails } = view;
  const found: Fault[] = [];
  const told = runs.map(({ id, state }) => `${id} ${state}`).join(', ') || 'no execution';
  if (mails.length === 0) found.push(fault('lost', `${name} never left: ${told}`));
  if (mails.length > 1) {
    found.push(
      fault(
        'doubled',
        `${name} left ${mails.length} times: ${mails.map(({ id }) => id).join(', ')}; ${told}`,
      ),
    );
  }
  const originals = originalsOf(view);
  if (originals.length > 1)
    found.push(fault('timetable', `${name} was scheduled ${originals.length} times: ${told}`));
  for (const run of originals) {
    const off = offPlan(run, planned, ofAll);
    if (off !== undefined) found.push(fault('timetable', `${name} ${off}: ${run.id}`));
    const due = run.scheduledAt ?? run.createdAt;
    const lagMs = run.startedAt && run.startedAt.getTime() - due.getTime();
    if (lagMs !== undefined && lagMs < 0)
      found.push(fault('early', `${name} began ${-lagMs} ms before its date: ${run.id}`));
    if (latestMs !== undefined && lagMs !== undefined && lagMs > latestMs) {
      found.push(fault('late', `${name} began ${Math.round(lagMs / SECOND)} s after its date: ${run.id}`));
    }
  }
  for (const mail of mails) {
    if (planned && mail.receivedAt < planned) {
      const ms = planned.getTime() - mail.receivedAt.getTime();
      found.push(fault('early', `${name} left ${ms} ms before its time: ${mail.id}`));
    }
  }
  return found;
}

/** How an execution's date differs from the plan; what was due when it came into being leaves then, a second apart. */
function offPlan(
  { scheduledAt, createdAt }: Ran,
  planned: Date | undefined,
  ofAll: number,
): string | undefined {
  if (!planned) return undefined;
  const date = scheduledAt ?? createdAt;
  const ms = date.getTime() - planned.getTime();
  if (Math.abs(ms) < SECOND) return undefined;
  const latest = createdAt.getTime() + ofAll * SECOND;
  if (planned <= createdAt && ms >= 0 && date.getTime() <= latest) return undefined;
  return `is scheduled ${(Math.abs(ms) / SECOND).toFixed(1)} s too ${ms < 0 ? 'early' : 'late'}`;
}

/**
 * Executions begin in the order of their numbers, and mails arrive in it, but for those that are due within a minute of
 * each other: on a busy machine a slow one may be overtaken. One that failed is sent after the others.
 */
function ofOrder(views: readonly MailView[], fault: MakeFault): Fault[] {
  return views.flatMap((view, index) => {
    const before = views[index - 1];
    if (!before) return [];
    const [run, runBefore] = [originalsOf(view)[0], originalsOf(before)[0]];
    const found: Fault[] = [];
    if (run?.startedAt && runBefore?.startedAt && run.startedAt < runBefore.startedAt) {
      found.push(fault('order', `${view.name} began before ${before.name}: ${run.id}, ${runBefore.id}`));
    }
    const [mail, mailBefore] = [view.mails[0], before.mails[0]];
    const apartMs = Number(run?.scheduledAt) - Number(runBefore?.scheduledAt);
    const bothByThemselves = [run, runBefore].every((one) => one && endedWell(one.state));
    if (
      mail &&
      mailBefore &&
      mail.receivedAt < mailBefore.receivedAt &&
      apartMs >= MAY_OVERTAKE_MS &&
      bothByThemselves
    ) {
      found.push(fault('order', `${view.name} left before ${before.name}: ${mail.id}, ${mailBefore.id}`));
    }
    return found;
  });
}

/** What is of no sequence of this lead, and above all mail 1 of the five days, by Kestra's key. */
function ofStrangeMails({ visit, mails }: Story, fault: MakeFault): Fault[] {
  return mails
    .filter(
      ({ sender, sequence, number }) =>
        sender !== 'kestra' ||
        !sequencesOf(visit.kind).some(
          (one) => one === sequence && number !== undefined && numbersSentBy('kestra', one).includes(number),
        ),
    )
    .map(({ id, sender, sequence = '?', number = '?' }) =>
      fault('stranger', `${sequence} #${number} by ${sender} is no mail that Kestra owes: ${id}`),
    );
}

function ofRow(
  { visit, tracker }: Story,
  sequence: Sequence,
  views: readonly MailView[],
  fault: MakeFault,
): Fault[] {
  const rows = tracker.filter(({ values }) => values['Sequence Type'] === sequence);
  const [row] = rows;
  if (!row) return [fault('row', `there is no tracker row of ${sequence}`)];
  if (rows.length > 1) return [fault('row', `there are ${rows.length} tracker rows of ${sequence}`)];
  const { lead, email1SentAt } = visit;
  const facts = mailFacts(row);
  const last = Math.max(...views.map(({ number }) => number));
  const found = [
    ...differing(row, {
      'First Name': lead.firstName,
      'Business Name': lead.businessName,
      Segment: sequence === '5day' ? segmentOf(lead.systems) : 'OPTIMIZE',
      'Sequence Completed': true,
      'Last Email Sent': last,
    }).map((text) => fault('row', `row of ${sequence}: ${text}`)),
    ...views.flatMap(({ name, number, mails: [mail] }) =>
      factFaults(facts[number - 1], { sentBy: 'kestra', resendId: mail?.id, at: mail?.receivedAt }).map(
        (text) => fault('fact', `${name} in the row: ${text}`),
      ),
    ),
  ];
  if (sendersOf(sequence)[0] !== 'website') return found;
  const mail1 = factFaults(facts[0], { sentBy: 'website', at: email1SentAt });
  return [...found, ...mail1.map((text) => fault('fact', `${sequence} #1 in the row: ${text}`))];
}

function factFaults(
  fact: MailFact | undefined,
  wanted: { sentBy: string; resendId?: string | undefined; at: Date | undefined },
): string[] {
  const found: string[] = [];
  const say = (what: string, expected: string, received: string | null | undefined) =>
    found.push(`${what} is ${received ?? 'missing'}, expected ${expected}`);
  if (fact?.status !== 'sent') say('status', 'sent', fact?.status);
  if (fact?.sent_by !== wanted.sentBy) say('sent by', wanted.sentBy, fact?.sent_by);
  if (wanted.resendId !== undefined && fact?.resend_id !== wanted.resendId) {
    say('Resend’s id', wanted.resendId, fact?.resend_id);
  }
  if (wanted.at && !isMinuteOf(fact?.sent_at, wanted.at))
    say('moment', wanted.at.toISOString(), fact?.sent_at);
  return found;
}

/** Notion keeps no seconds, and Resend's answer comes a little after it took the mail. */
function isMinuteOf(text: string | null | undefined, at: Date): boolean {
  if (!text) return false;
  const minutes = Math.floor(Date.parse(text) / MINUTE) - Math.floor(at.getTime() / MINUTE);
  return minutes === 0 || minutes === 1;
}

function differing({ values }: Page, wanted: Record<string, string | number | boolean>): string[] {
  return Object.entries(wanted)
    .filter(([name, value]) => values[name] !== value)
    .map(([name, value]) => `${name} is ${shown(values[name])}, expected ${String(value)}`);
}

const shown = (value: Page['values'][string] | undefined) =>
  value === null || value === undefined || value === '' ? 'missing' : String(value);

const STATUS: Record<Kind, string> = {
  signup: 'Signed Up',
  assessment: 'Nurture Sequence',
  noshow: 'Nurture Sequence',
  postcall: 'Nurture Sequence',
  onboarding: 'Portal Delivered',
};
const MORE: Partial<Record<Kind, Record<string, string>>> = {
  noshow: { 'Booking Status': 'No-Show' },
  postcall: { 'Booking Status': 'Completed' },
  onboarding: { Phase: 'Phase 1' },
};

function ofContact({ visit, contacts, mails }: Story, fault: MakeFault): Fault[] {
  const { lead, kind } = visit;
  const [contact] = contacts;
  if (!contact) return [fault('contact', 'there is no contact')];
  if (contacts.length > 1) return [fault('contact', `there are ${contacts.length} contacts`)];
  const found = differing(contact, {
    first_name: lead.firstName,
    'Business Name': lead.businessName,
    'Christmas Campaign Status': STATUS[kind],
    ...(kind === 'signup' ? {} : { Segment: segmentOf(lead.systems), 'Assessment Score': lead.score }),
    ...MORE[kind],
  });
  const last = Math.max(...mails.map(({ receivedAt }) => receivedAt.getTime()));
  const says = contact.values['Last Email Sent'];
  // Of two mails within a minute either may be the last to tell.
  const told = typeof says === 'string' && Date.parse(says) >= Math.floor(last / MINUTE) * MINUTE - MINUTE;
  if (Number.isFinite(last) && !told) {
    found.push(`Last Email Sent is ${shown(says)}, expected ${new Date(last).toISOString()}`);
  }
  return found.map((text) => fault('contact', text));
}

function ofAnalytics(
  { analytics }: Story,
  sequence: Sequence,
  views: readonly MailView[],
  fault: MakeFault,
): Fault[] {
  const pages = (number: number) =>
    analytics.filter(({ values }) => values['Template ID'] === templateNameOf(sequence, number));
  const sent = views.flatMap(({ name, number, mails: [mail] }) => {
    if (!mail) return []; // told as lost
    const own = pages(number).filter(({ values }) => values['Resend Email ID'] === mail.id);
    return own.length === 1 ? [] : [fault('analytics', `${name} has ${own.length} pages in analytics`)];
  });
  if (sendersOf(sequence)[0] !== 'website') return sent;
  const mail1 = pages(1).filter(({ values }) => values['Sent By'] === 'website').length;
  return mail1 === 1 ? sent : [...sent, fault('analytics', `${sequence} #1 has ${mail1} pages in analytics`)];
}

function ofProjects({ visit, projects }: Story, fault: MakeFault): Fault[] {
  const wanted = visit.kind === 'onboarding' ? 1 : 0;
  return projects.length === wanted
    ? []
    : [fault('project', `there are ${projects.length} project pages, expected ${wanted}`)];
}
