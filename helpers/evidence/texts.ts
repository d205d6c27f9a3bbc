import { type Execution, pathOf } from '../clients/execution.ts';
import type { Mail } from '../clients/mail-client.ts';
import { mailFacts, type Row } from '../clients/notion-rows.ts';
import type { WebhookCall } from '../clients/webhook-client.ts';
import { table } from '../table.ts';

const LONGEST_TEXT = 4_000;

/** A webhook's request and answer; the key is not in what was noted. */
export function callText({ namespace, flowId, at, body, answer }: WebhookCall): string {
  return [
    `POST /api/v1/main/executions/webhook/${namespace}/${flowId}/***`,
    at.toISOString(),
    '',
    pretty(body).slice(0, LONGEST_TEXT) || '(empty body)',
    '',
    `answered ${answer.status}${answer.executionId ? `, execution ${answer.executionId}` : ''}`,
    '',
    pretty(answer.text).slice(0, LONGEST_TEXT),
  ].join('\n');
}

/** Each execution with its way through the states, the root first. */
export function executionsText(executions: readonly Execution[]): string {
  return table(
    ['flow', 'execution', 'mail', 'scheduled for', 'began', 'ended', 'state path'],
    executions.map((one) => [
      `${one.namespace}.${one.flowId}`,
      one.id,
      typeof one.inputs['email_number'] === 'number' ? `#${one.inputs['email_number']}` : '',
      one.scheduleDate ?? '',
      one.state.histories.find(({ state }) => state === 'RUNNING')?.date ?? '',
      one.state.endDate ?? '',
      pathOf(one),
    ]),
  );
}

/** What Notion holds about a lead: the contact, a table of mails for each sequence, the analytics rows. */
export function rowsText(
  contacts: readonly Row[],
  tracker: readonly Row[],
  analytics: readonly Row[],
): string {
  return [
    ...contacts.map((row) => `Contact ${row.id}\n${valuesText(row)}`),
    ...tracker.map((row) => `Tracker row ${row.id}\n${valuesText(row, /^Email \d/)}\n${factsText(row)}`),
    analytics.length === 0
      ? 'No analytics row'
      : `Analytics\n${analytics.map((row) => valuesText(row)).join('\n\n')}`,
    ...(contacts.length === 0 ? ['No contact'] : []),
    ...(tracker.length === 0 ? ['No tracker row'] : []),
  ].join('\n\n');
}

/** A page around a mail's body that can load nothing. The envelope takes one line: the report shows few at first. */
export function mailHtml(mail: Mail): string {
  const envelope = [
    `${mail.from} to ${mail.to.join(', ')}`,
    `arrived ${new Date(mail.receivedAt).toISOString()}`,
    `sent with the key of ${mail.sender}`,
    ...mail.tags.map(({ name, value }) => `${name}=${value}`),
  ];
  return `<!doctype html>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<p style="font: 12px system-ui, sans-serif; color: #475569; border-bottom: 1px solid #cbd5e1">${escaped(envelope.join(' · '))}</p>
<h1 style="font: 600 15px system-ui, sans-serif">${escaped(mail.subject)}</h1>
${mail.html ?? `<pre>${escaped(mail.text ?? '')}</pre>`}
`;
}

function valuesText({ values }: Row, except?: RegExp): string {
  const filled = Object.entries(values).filter(
    ([name, value]) => !except?.test(name) && value !== null && value !== '' && value !== false,
  );
  return table(
    ['property', 'value'],
    filled.map(([name, value]) => [name, String(value)]),
  );
}

function factsText(row: Row): string {
  return table(
    ['mail', 'status', 'sent by', 'sent at', 'resend id'],
    mailFacts(row).map((fact) => [
      `#${fact.email_number}`,
      fact.status ?? '–',
      fact.sent_by ?? '–',
      fact.sent_at ?? '–',
      fact.resend_id ?? '–',
    ]),
  );
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
