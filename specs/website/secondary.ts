import { expect } from '../../fixtures/index.ts';
import { BUDGET } from '../../helpers/budgets.ts';
import type { CallWatch } from '../../helpers/clients/call-watch.ts';
import type { KestraClient } from '../../helpers/clients/kestra-client.ts';
import { type MailClient, nameAndSenderOf } from '../../helpers/clients/mail-client.ts';
import type { SiteClient } from '../../helpers/clients/site-client.ts';
import { those } from '../../helpers/collection.ts';
import type { Lead } from '../../helpers/factories/lead.ts';
import type { Secondary } from '../../helpers/factories/payloads.ts';
import { mailName } from '../../helpers/split.ts';
import { timetableOf } from '../../helpers/timetable.ts';

interface Witnesses {
  lead: Lead;
  siteClient: SiteClient;
  calls: CallWatch;
  kestra: KestraClient;
  mailbox: MailClient;
}

/** The operator tells of an event; three mails arrive on time and in order by the key of Kestra, and nothing else. */
export async function comesByKestraAlone(
  event: Secondary,
  { lead, siteClient, calls, kestra, mailbox }: Witnesses,
) {
  await siteClient.signsUp(lead);
  await siteClient.tells(event, lead);

  const { executionId } = await calls.one(event, lead);
  const handler = kestra.handle(executionId);
  await expect(handler).toReachState('SUCCESS', { within: BUDGET.handlerMs });
  const executions = kestra.mailsOf(executionId);
  await expect(executions, 'three executions').toFollowTimetable(
    timetableOf(event, 'testing', String((await handler.read()).state.startDate)),
    { within: BUDGET.settleMs, quietFor: 0 },
  );
  const afterwards = those(
    `mails to ${lead.email} after the confirmation`,
    mailbox.of(lead),
    (mail) => nameAndSenderOf(mail).mail !== mailName('signup', 1),
  );
  await expect(afterwards, 'each in its time').toHaveArrivedOnTime(executions, {
    within: BUDGET.sequenceMs,
    latenessMs: BUDGET.latenessMs,
  });
  await expect(afterwards, 'three and no more').toSettleAt(3, {
    within: BUDGET.settleMs,
    quietFor: BUDGET.quietMs,
  });
  expect(await mailbox.of(lead, { sender: 'website' }).read(), 'the website: its confirmation').toHaveLength(
    1,
  );
  // By name: the executions began in order, but on a busy machine a slow mail may be overtaken.
  const mails = (await afterwards.read()).map(nameAndSenderOf);
  expect(mails.toSorted((a, b) => a.mail.localeCompare(b.mail))).toEqual(
    [1, 2, 3].map((number) => ({ mail: mailName(event, number), sender: 'kestra' })),
  );
}
