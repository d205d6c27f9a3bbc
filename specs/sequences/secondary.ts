import { expect } from '../../fixtures/index.ts';
import { BUDGET, BY_NOW } from '../../helpers/budgets.ts';
import type { FaultsClient } from '../../helpers/clients/faults-client.ts';
import type { KestraClient } from '../../helpers/clients/kestra-client.ts';
import { type Mail, type MailClient, tagOf } from '../../helpers/clients/mail-client.ts';
import type { NotionClient } from '../../helpers/clients/notion-client.ts';
import type { WebhookClient } from '../../helpers/clients/webhook-client.ts';
import type { Lead } from '../../helpers/factories/lead.ts';
import type { Secondary } from '../../helpers/factories/payloads.ts';
import { numbersSentBy } from '../../helpers/split.ts';
import { filledFor, templateNameOf } from '../../helpers/templates.ts';
import { timetableOf } from '../../helpers/timetable.ts';

interface Witnesses {
  lead: Lead;
  webhooks: WebhookClient;
  kestra: KestraClient;
  mailbox: MailClient;
  notion: NotionClient;
}

const byNumber = (a: Mail, b: Mail) => Number(tagOf(a, 'email_number')) - Number(tagOf(b, 'email_number'));
const seconds = (ms: number) => ms * 1_000;

/** In production: three mails, each to its second, and a row that says so. Returns the row's values. */
export async function waitsItsTime(
  sequence: Secondary,
  { lead, webhooks, kestra, notion }: Omit<Witnesses, 'mailbox'>,
) {
  const { executionId } = await webhooks.secondary(sequence, lead, { mode: 'production' });

  const handler = kestra.handle(executionId);
  await expect(handler, 'the handler ends well').toReachState('SUCCESS', { within: BUDGET.handlerMs });
  const { state, outputs } = await handler.read();
  expect(outputs['warnings'], 'no warning').toEqual([]);
  await expect(kestra.mailsOf(executionId), 'three mails and no other').toFollowTimetable(
    timetableOf(sequence, 'production', String(state.startDate)),
    { within: BUDGET.settleMs },
  );
  await expect(notion.trackerRows(lead, sequence), 'one row').toHaveTrackerFacts(
    numbersSentBy('kestra', sequence).map((email_number) => ({
      email_number,
      status: 'scheduled',
      sent_by: 'kestra',
      sent_at: null,
      resend_id: null,
    })),
    { within: BUDGET.settleMs },
  );
  const { values } = await notion.trackerRow(lead, sequence);
  expect(values).toMatchObject({
    Email: lead.email,
    'First Name': lead.firstName,
    'Business Name': lead.businessName,
    Campaign: 'Christmas 2025',
    'Sequence Type': sequence,
    Segment: 'OPTIMIZE',
    'Started At': expect.stringContaining(String(state.startDate).slice(0, 16)),
  });
  return values;
}

/** In TESTING_MODE: three mails on time, by Kestra alone, each from its own template, and Notion tells the same. */
export async function sendsItsMails(
  sequence: Secondary,
  { lead, webhooks, kestra, mailbox, notion }: Witnesses,
  more: () => Promise<Record<string, string>> = async () => ({}),
) {
  const { executionId } = await webhooks.secondary(sequence, lead, { mode: 'testing' });

  const handler = kestra.handle(executionId);
  await expect(handler, 'the handler ends well').toReachState('SUCCESS', { within: BUDGET.handlerMs });
  await expect(kestra.mailsOf(executionId), 'three mails and no other').toFollowTimetable(
    timetableOf(sequence, 'testing', String((await handler.read()).state.startDate)),
    { within: BUDGET.settleMs },
  );
  await expect(mailbox.of(lead), 'each in its time').toHaveArrivedOnTime(kestra.mailsOf(executionId), {
    within: BUDGET.sequenceMs,
    latenessMs: BUDGET.latenessMs,
  });
  await expect(mailbox.of(lead), 'three mails and no more').toSettleAt(3, {
    within: BUDGET.sequenceMs,
    quietFor: BUDGET.quietMs,
  });
  const mails = (await mailbox.of(lead).read()).toSorted(byNumber);
  expect(
    mails.map((mail) => `${mail.sender}: ${tagOf(mail, 'sequence_type')} ${tagOf(mail, 'email_number')}`),
  ).toEqual([1, 2, 3].map((number) => `kestra: ${sequence} ${number}`));
  await readAsTheirTemplates(sequence, mails, { lead, notion }, await more());
  await tellTheSameInNotion(sequence, mails, { lead, notion });
}

/** With Notion gone from the webhook on: all three mails go out in order, from the static templates with these subjects. */
export async function goesOutWithoutNotion(
  sequence: Secondary,
  subjects: readonly string[],
  { lead, webhooks, kestra, mailbox, faults }: Omit<Witnesses, 'notion'> & { faults: FaultsClient },
) {
  await faults.at('notion', lead, { status: 500 });
  const { executionId } = await webhooks.secondary(sequence, lead, { mode: 'testing' });

  await expect(kestra.handle(executionId), 'scheduled, with a loss').toReachState('WARNING', {
    within: BUDGET.handlerMs,
  });
  await expect(mailbox.of(lead), 'three mails').toSettleAt(3, {
    within: BUDGET.sequenceMs,
    quietFor: BUDGET.quietMs,
  });
  const mails = (await mailbox.of(lead).read()).toSorted(byNumber);
  expect(mails.map(({ sender, subject }) => `${sender}: ${subject}`)).toEqual(
    subjects.map((subject) => `kestra: ${subject}`),
  );
}

async function readAsTheirTemplates(
  sequence: Secondary,
  mails: readonly Mail[],
  { lead, notion }: Pick<Witnesses, 'lead' | 'notion'>,
  more: Record<string, string>,
) {
  for (const [index, mail] of mails.entries()) {
    const { values } = await notion.template(templateNameOf(sequence, index + 1));
    expect(mail.subject).toBe(filledFor(lead, String(values['Subject Line']), more));
    expect(mail.text).toBe(filledFor(lead, String(values['Email Body Plain Text']), more).trim());
    expect(mail.html, 'the text of Notion, not the fall-back').toContain('notion-template');
    expect(mail.html).not.toContain('{{');
  }
}

async function tellTheSameInNotion(
  sequence: Secondary,
  mails: readonly Mail[],
  { lead, notion }: Pick<Witnesses, 'lead' | 'notion'>,
) {
  await expect(notion.trackerRows(lead, sequence), 'five facts of each mail').toHaveTrackerFacts(
    mails.map(({ id, receivedAt }, index) => ({
      email_number: index + 1,
      status: 'sent',
      sent_by: 'kestra',
      resend_id: id,
      sent_at: { from: new Date(receivedAt - seconds(1)), to: new Date(receivedAt + seconds(20)) },
    })),
    { within: BUDGET.settleMs },
  );
  const { values } = await notion.trackerRow(lead, sequence);
  expect(values).toMatchObject({ 'Last Email Sent': 3, 'Sequence Completed': true });
  await expect(notion.analytics(lead), 'one analytics row a mail').toSettleAt(3, BY_NOW);
  const analytics = (await notion.analytics(lead).read()).map(({ values: row }) => ({
    number: row['Email Number'],
    template: row['Template ID'],
    status: row['Status'],
    by: row['Sent By'],
    id: row['Resend Email ID'],
  }));
  expect(analytics.toSorted((a, b) => Number(a.number) - Number(b.number))).toEqual(
    mails.map(({ id }, index) => ({
      number: index + 1,
      template: templateNameOf(sequence, index + 1),
      status: 'sent',
      by: 'kestra',
      id,
    })),
  );
  expect((await notion.contact(lead)).values['Last Email Sent']).toBe(values['Last Email Sent At']);
}
