import { expect } from '../../fixtures/index.ts';
import { BUDGET, BY_NOW } from '../../helpers/budgets.ts';
import { emailNumberOf, type Execution } from '../../helpers/clients/execution.ts';
import type { KestraClient } from '../../helpers/clients/kestra-client.ts';
import { type Mail, tagOf } from '../../helpers/clients/mail-client.ts';
import type { NotionClient } from '../../helpers/clients/notion-client.ts';
import { mailFacts } from '../../helpers/clients/notion-rows.ts';
import type { Lead } from '../../helpers/factories/lead.ts';
import type { Target } from '../../helpers/target.ts';
import { asHtml, filledFor, templateNameOf } from '../../helpers/templates.ts';
import type { Sequence } from '../../helpers/timetable.ts';

const numberOf = (mail: Mail) => Number(tagOf(mail, 'email_number'));
export const byNumber = (a: Mail, b: Mail) => numberOf(a) - numberOf(b);

/**
 * The mail is its template in Notion, word for word, filled with the data of its lead, from the campaign's sender, to the
 * lead and nobody else. Its tags tell Resend of the deployment and the mail, and of no person.
 */
export async function readsAsItsTemplate(
  mail: Mail,
  { lead, notion, target }: { lead: Lead; notion: NotionClient; target: Target },
  more: Record<string, string> = {},
) {
  const name = templateNameOf(tagOf(mail, 'sequence_type') as Sequence, numberOf(mail));
  const { values } = await notion.template(name);
  const filled = (part: string, escape?: (value: string) => string) =>
    filledFor(lead, String(values[part]), more, escape).trim();
  const { from, to, subject, html, text } = mail;
  expect({ from, to, subject, html, text, tags: mail.tags.map((tag) => tag.name) }, name).toEqual({
    from: target.mail.from,
    to: [lead.email],
    tags: ['deployment', 'sequence_type', 'email_number'],
    subject: filled('Subject Line'),
    html: filled('Email Body HTML', asHtml),
    text: filled('Email Body Plain Text'),
  });
}

/** Tracker row and analytics tell of these mails by Kestra what the mailbox knows; of mail 1 what the website told. */
export async function notionTellsOf(
  mails: readonly Mail[],
  sequence: Sequence,
  { lead, notion }: { lead: Lead; notion: NotionClient },
  email1SentAt?: string,
) {
  const mail1 = email1SentAt === undefined ? [] : [{ number: 1, by: 'website', id: null, at: email1SentAt }];
  const sent = [
    ...mail1,
    ...mails.toSorted(byNumber).map((mail) => ({
      number: numberOf(mail),
      by: 'kestra',
      id: mail.id,
      // Resend's answer is dated to the second.
      at: { from: new Date(mail.receivedAt - 1_000), to: new Date(mail.receivedAt + 60_000) },
    })),
  ];
  await expect(notion.trackerRows(lead, sequence), 'five facts of each mail').toHaveTrackerFacts(
    sent.map(({ number, by, id, at }) => ({
      email_number: number,
      status: 'sent',
      sent_by: by,
      resend_id: id,
      sent_at: at,
    })),
    { within: BUDGET.settleMs },
  );
  const facts = mailFacts(await notion.trackerRow(lead, sequence));
  await expect(notion.analytics(lead), 'one analytics row a mail').toSettleAt(sent.length, BY_NOW);
  const analytics = (await notion.analytics(lead).read()).map(({ values }) => ({
    number: values['Email Number'],
    template: values['Template ID'],
    status: values['Status'],
    by: values['Sent By'],
    id: values['Resend Email ID'],
    at: values['Sent Date'],
    campaign: values['Campaign'],
  }));
  expect(analytics.toSorted((a, b) => Number(a.number) - Number(b.number))).toEqual(
    sent.map(({ number, by, id }) => ({
      number,
      template: templateNameOf(sequence, number),
      status: 'sent',
      by,
      id: id ?? '',
      at: facts[number - 1]?.sent_at,
      campaign: 'Christmas 2025',
    })),
  );
}

/**
 * The sequence is over, and row and contact have the mail that each was told of last. With some seconds between two mails,
 * as here, a slow machine may tell of them in another order than it sent them.
 */
export async function notionTellsOfTheLast(
  executionId: string,
  sequence: Sequence,
  { lead, notion, kestra }: { lead: Lead; notion: NotionClient; kestra: KestraClient },
) {
  const row = await notion.trackerRow(lead, sequence);
  const sentAt = mailFacts(row).map((facts) => facts.sent_at);
  const [toRow, toContact] = await Promise.all([
    toldLast(kestra, executionId, 'write_row'),
    toldLast(kestra, executionId, 'write_contact'),
  ]);
  const { 'Last Email Sent': last, 'Last Email Sent At': lastAt, 'Sequence Completed': over } = row.values;
  expect(toRow, 'the row has the mail that it was told of last').toContain(last);
  expect([lastAt, over]).toEqual([sentAt[Number(last) - 1], true]);
  expect(
    toContact.map((number) => sentAt[number - 1]),
    'and so has the contact',
  ).toContain((await notion.contact(lead)).values['Last Email Sent']);
}

/** The number of the mail whose execution ended this task last, and of those that were at it in the same moments. */
async function toldLast(kestra: KestraClient, executionId: string, taskId: string): Promise<number[]> {
  const mails = await Promise.all(
    (await kestra.mailsOf(executionId).read()).map(({ id }) => kestra.handle(id).read()),
  );
  const stateOf = ({ taskRunList }: Execution) => taskRunList.find((run) => run.taskId === taskId)?.state;
  const endOf = (mail: Execution) => Date.parse(String(stateOf(mail)?.endDate));
  const last = mails.toSorted((a, b) => endOf(a) - endOf(b)).at(-1);
  const begun = Date.parse(String(last && stateOf(last)?.startDate));
  return mails.filter((mail) => endOf(mail) >= begun).map((mail) => Number(emailNumberOf(mail)));
}

/** Each mail execution below this one ended SUCCESS. */
export async function sentWithoutLoss(kestra: KestraClient, executionId: string) {
  for (const { id } of await kestra.mailsOf(executionId).read()) {
    await expect(kestra.handle(id), 'each mail execution ends well').toReachState('SUCCESS', {
      within: BUDGET.mailMs,
    });
  }
}
