import { expect } from '../../fixtures/index.ts';
import { BUDGET } from '../../helpers/budgets.ts';
import { labelOf } from '../../helpers/clients/execution.ts';
import type { FaultsClient } from '../../helpers/clients/faults-client.ts';
import type { KestraClient } from '../../helpers/clients/kestra-client.ts';
import { type MailClient, tagOf } from '../../helpers/clients/mail-client.ts';
import type { NotionClient } from '../../helpers/clients/notion-client.ts';
import type { WebhookClient } from '../../helpers/clients/webhook-client.ts';
import type { Lead } from '../../helpers/factories/lead.ts';
import type { Secondary } from '../../helpers/factories/payloads.ts';
import { numbersSentBy } from '../../helpers/split.ts';
import type { Target } from '../../helpers/target.ts';
import { templateNameOf } from '../../helpers/templates.ts';
import { timetableOf } from '../../helpers/timetable.ts';
import {
  byNumber,
  notionTellsOf,
  notionTellsOfTheLast,
  readsAsItsTemplate,
  sentWithoutLoss,
} from './sent.ts';

interface Witnesses {
  lead: Lead;
  webhooks: WebhookClient;
  kestra: KestraClient;
  mailbox: MailClient;
  notion: NotionClient;
  target: Target;
}

/** In production: three mails, each to its second, and a row that says so. Returns the row's values. */
export async function waitsItsTime(
  sequence: Secondary,
  { lead, webhooks, kestra, notion }: Omit<Witnesses, 'mailbox' | 'target'>,
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
  const { id, values } = await notion.trackerRow(lead, sequence);
  const waiting = await kestra.mailsOf(executionId).read();
  expect(waiting.map(({ inputs }) => inputs)).toEqual(
    numbersSentBy('kestra', sequence).map((email_number) => ({
      sequence_type: sequence,
      email_number,
      template: templateNameOf(sequence, email_number),
      lead: expect.objectContaining({
        email: lead.email,
        first_name: lead.firstName,
        business_name: lead.businessName,
      }),
      tracker_page_id: id,
    })),
  );
  expect(
    waiting.map((mail) => labelOf(mail, 'lead')),
    'found by their lead',
  ).toEqual(waiting.map(() => lead.email));
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
  { lead, webhooks, kestra, mailbox, notion, target }: Witnesses,
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
  const values = await more();
  for (const mail of mails) await readsAsItsTemplate(mail, { lead, notion, target }, values);
  await sentWithoutLoss(kestra, executionId);
  await notionTellsOf(mails, sequence, { lead, notion });
  await notionTellsOfTheLast(executionId, sequence, { lead, notion, kestra });
}

/** With Notion gone from the webhook on: all three mails go out in order, from the static templates with these subjects. */
export async function goesOutWithoutNotion(
  sequence: Secondary,
  subjects: readonly string[],
  {
    lead,
    webhooks,
    kestra,
    mailbox,
    faults,
  }: Omit<Witnesses, 'notion' | 'target'> & { faults: FaultsClient },
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
