import type { Dossier } from './dossier.ts';
import { isSameMail, type MailRun, nameOf } from './mail-run.ts';
import { moment, plainText } from './plain-text.ts';
import type { PropertyNames } from './property-names.ts';
import type { ResendMail } from './resend-reader.ts';
import { type RowFact, rowFacts, saysNothing, textOf } from './tracker-facts.ts';

const MINUTE_MS = 60_000;
const ABOUT_MS = 10 * MINUTE_MS;

/** One mail of one lead, with all that is known of it. */
export interface MailView {
  sequence: string;
  number: number;
  runs: MailRun[];
  /** What each row of the sequence says of it; more than one row is a fault in itself. */
  facts: RowFact[];
  /** Undefined when Resend could not be asked. */
  delivered?: ResendMail[];
}

/** The website sends mail 1 of this sequence. */
const isTheWebsites = ({ sequence, number }: { sequence: string; number: number }) =>
  sequence === '5day' && number === 1;

/** Every mail that any witness knows of, in the order of sequences and numbers. */
export function mailsOf(dossier: Dossier, names: PropertyNames): MailView[] {
  const { email, runs, rows, resend } = dossier;
  const facts = rows.flatMap((row) => {
    const sequence = textOf(row, names.tracker.sequence_type) ?? 'unknown';
    return rowFacts(row, names).map((fact) => ({ sequence, ...fact }));
  });
  const delivered = typeof resend === 'string' ? undefined : resend.filter(isOurs(dossier));
  const ids = [
    ...runs,
    ...facts.filter((fact) => !saysNothing(fact)),
    ...(delivered ?? []).map(({ tags }) => ({
      sequence: tags['sequence_type'] ?? 'unknown',
      number: Number(tags['email_number'] ?? 0),
    })),
  ].map(({ sequence, number }) => ({ email, sequence, number }));
  return ids
    .filter((id, index) => ids.findIndex((one) => isSameMail(one, id)) === index)
    .toSorted((a, b) => a.sequence.localeCompare(b.sequence) || a.number - b.number)
    .map((id) => ({
      sequence: id.sequence,
      number: id.number,
      runs: runs.filter((run) => isSameMail(run, id)),
      facts: facts.filter(({ sequence, number }) => sequence === id.sequence && number === id.number),
      ...(delivered
        ? {
            delivered: delivered.filter(
              ({ tags }) =>
                tags['sequence_type'] === id.sequence && tags['email_number'] === String(id.number),
            ),
          }
        : {}),
    }));
}

/** Mails of this deployment's flows, and the website's, which names no deployment. */
function isOurs({ namespace }: Dossier): (mail: ResendMail) => boolean {
  const ours = namespace.replaceAll(/[^A-Za-z0-9_-]/g, '-');
  return ({ tags }) => (tags['deployment'] ?? ours) === ours && tags['email_number'] !== undefined;
}

/** Where Kestra, Notion and Resend tell different stories, one sentence each. What still runs is given time. */
export function disagreements(dossier: Dossier, names: PropertyNames): string[] {
  const mails = mailsOf(dossier, names);
  return [
    ...aboutPages(dossier, names),
    ...aboutLastMail(dossier, names),
    ...mails
      .filter(({ runs }) => runs.every(({ outcome }) => outcome.kind !== 'running'))
      .flatMap((mail) =>
        ofMail(mail, dossier, names).map((text) => `${nameOf({ email: '', ...mail })}: ${text}`),
      ),
  ].map(plainText);
}

function aboutPages({ contacts, rows, handlers, runs }: Dossier, names: PropertyNames): string[] {
  const found: string[] = [];
  if (contacts.length > 1) found.push(`${contacts.length} contacts have this address`);
  if (contacts.length === 0 && handlers.length > 0) {
    found.push('no contact has this address, although a webhook named it');
  }
  const kinds = rows.map((row) => textOf(row, names.tracker.sequence_type) ?? 'no sequence');
  for (const kind of new Set(kinds)) {
    const count = kinds.filter((one) => one === kind).length;
    if (count > 1) found.push(`${count} tracker rows are of ${kind}`);
  }
  for (const kind of new Set(runs.map(({ sequence }) => sequence))) {
    if (!kinds.includes(kind)) found.push(`no tracker row is of ${kind}, although Kestra has mails of it`);
  }
  return found;
}

/** The flows note on the contact when their last mail went out; Notion keeps no seconds. */
function aboutLastMail({ contacts, runs }: Dossier, names: PropertyNames): string[] {
  const sent = runs.flatMap(({ id, outcome, endedAt }) =>
    outcome.kind === 'sent' && outcome.resendId !== undefined && endedAt ? { id, at: outcome.at } : [],
  );
  const last = sent.toSorted((a, b) => Number(b.at) - Number(a.at))[0];
  const property = names.contacts.last_email_sent;
  if (!last || property === '' || contacts.length === 0) return [];
  const says = contacts
    .flatMap((contact) => textOf(contact, property) ?? [])
    .toSorted()
    .at(-1);
  if (says !== undefined && Date.parse(says) >= Math.floor(Number(last.at) / MINUTE_MS) * MINUTE_MS)
    return [];
  const told = says === undefined ? 'nothing' : moment(new Date(says));
  return [`the contact’s ${property} says ${told}, and ${last.id} sent a mail at ${moment(last.at)}`];
}

function ofMail(mail: MailView, dossier: Dossier, names: PropertyNames): string[] {
  return [
    ...ofKestra(mail, dossier, names),
    ...mail.facts.flatMap((fact) => (isTheWebsites(mail) ? ofMail1(fact, mail, dossier) : ofRow(fact, mail))),
    ...ofResend(mail),
    ...ofAnalytics(mail, dossier, names),
  ];
}

const withOutcome = (mail: MailView, kind: MailRun['outcome']['kind']) =>
  mail.runs.filter(({ outcome }) => outcome.kind === kind);
const idsOf = (runs: readonly { id: string }[]) => runs.map(({ id }) => id).join(', ');

function ofKestra(mail: MailView, { contacts }: Dossier, names: PropertyNames): string[] {
  const found: string[] = [];
  const waiting = withOutcome(mail, 'waiting');
  const sent = withOutcome(mail, 'sent');
  if (waiting.length > 1) found.push(`${waiting.length} executions wait to send it: ${idsOf(waiting)}`);
  if (sent.length > 1) found.push(`${sent.length} executions sent it: ${idsOf(sent)}`);
  if (waiting.length > 0 && sent.length > 0) {
    found.push(`it went out by ${idsOf(sent)}, and ${idsOf(waiting)} waits to send it`);
  }
  const unsubscribed = contacts.some((contact) => textOf(contact, names.contacts.status) === 'Unsubscribed');
  if (waiting.length > 0 && unsubscribed) {
    found.push(`${idsOf(waiting)} waits to send it, although the contact is unsubscribed`);
  }
  return found;
}

const saidOf = ({ status }: RowFact) => `the row says ${status ?? 'nothing'}`;

function ofMail1(fact: RowFact, { delivered = [] }: MailView, { resend, since }: Dossier): string[] {
  const found: string[] = [];
  if (fact.sentBy === 'kestra') found.push('the row says Kestra sent it, and it is the website’s');
  if (typeof resend === 'string') return found;
  const arrived = delivered.filter(({ event }) => !TROUBLE.has(event));
  if (fact.status !== 'sent' && arrived.length > 0) {
    found.push(`${saidOf(fact)}, and Resend has it as ${idsOf(arrived)}`);
  }
  const at = Date.parse(fact.sentAt ?? '');
  // The website may send without tags: then a mail without any, of about that time, may be it.
  const nameless = resend.some(
    (mail) => mail.tags['email_number'] === undefined && Math.abs(Number(mail.at) - at) < ABOUT_MS,
  );
  if (fact.status === 'sent' && delivered.length === 0 && at >= Number(since) && !nameless) {
    found.push(`${saidOf(fact)}, and Resend has no such mail since ${moment(since)}`);
  }
  return found;
}

function ofRow(fact: RowFact, mail: MailView): string[] {
  const says = saidOf(fact);
  const waiting = withOutcome(mail, 'waiting');
  const sent = withOutcome(mail, 'sent');
  const failed = withOutcome(mail, 'not delivered');
  const found: string[] = [];
  if (sent.length > 0 && fact.status !== 'sent') found.push(`${idsOf(sent)} sent it, and ${says}`);
  if (sent.length === 0) {
    if (fact.status === 'sent') found.push(`${says}, and no execution sent it`);
    else if (waiting.length > 0 && fact.status !== 'scheduled') {
      found.push(`${idsOf(waiting)} waits to send it, and ${says}`);
    } else if (waiting.length === 0 && fact.status === 'scheduled') {
      found.push(`${says}, and no execution waits to send it`);
    } else if (
      failed.length > 0 &&
      fact.status !== 'failed' &&
      fact.status !== 'skipped' &&
      waiting.length === 0
    ) {
      found.push(`${idsOf(failed)} failed, and ${says}`);
    }
  }
  const ids = sent.flatMap(({ outcome }) => (outcome.kind === 'sent' ? (outcome.resendId ?? []) : []));
  if (fact.resendId && ids.length > 0 && !ids.includes(fact.resendId)) {
    found.push(`the row has Resend's id ${fact.resendId}, Kestra was told ${ids.join(', ')}`);
  }
  if (fact.resendId && mail.delivered && !mail.delivered.some(({ id }) => id === fact.resendId)) {
    found.push(`${says} as ${fact.resendId}, and Resend has no such mail to this address`);
  }
  return found;
}

function ofResend(mail: MailView): string[] {
  const { delivered } = mail;
  if (!delivered) return [];
  const sent = withOutcome(mail, 'sent').flatMap(({ id, outcome }) =>
    outcome.kind === 'sent' ? { id, ...outcome } : [],
  );
  const found: string[] = [];
  if (delivered.length > 1) found.push(`Resend has it ${delivered.length} times: ${idsOf(delivered)}`);
  // A 409 has no id: Resend only says that it took this mail before.
  const nameless = sent.some(({ resendId }) => resendId === undefined);
  for (const { id } of delivered) {
    if (isTheWebsites(mail) || nameless || sent.some(({ resendId }) => resendId === id)) continue;
    found.push(`Resend has it as ${id}, and no execution led to that`);
  }
  for (const { id, resendId } of sent) {
    if (resendId !== undefined && !delivered.some((one) => one.id === resendId)) {
      found.push(`${id} sent it as ${resendId}, and Resend has no such mail`);
    }
  }
  for (const { id, event } of delivered) {
    if (TROUBLE.has(event)) found.push(`Resend took it as ${id}, and then: ${event}`);
  }
  return found;
}

/** It left, and did not arrive, or was not welcome. */
const TROUBLE: ReadonlySet<string> = new Set(['bounced', 'complained', 'failed', 'canceled', 'suppressed']);

function ofAnalytics(mail: MailView, { analytics }: Dossier, names: PropertyNames): string[] {
  const [sent] = withOutcome(mail, 'sent');
  if (sent?.outcome.kind !== 'sent' || sent.outcome.resendId === undefined) return [];
  const { resendId } = sent.outcome;
  const known = analytics.some((page) => textOf(page, names.analytics.resend_email_id) === resendId);
  return known ? [] : [`${sent.id} sent it as ${resendId}, and analytics does not have it`];
}
