import { expect } from '../../fixtures/index.ts';
import { BUDGET } from '../../helpers/budgets.ts';
import type { CallWatch } from '../../helpers/clients/call-watch.ts';
import type { KestraClient } from '../../helpers/clients/kestra-client.ts';
import { type MailClient, nameAndSenderOf } from '../../helpers/clients/mail-client.ts';
import type { NotionClient } from '../../helpers/clients/notion-client.ts';
import { those } from '../../helpers/collection.ts';
import type { Lead } from '../../helpers/factories/lead.ts';
import type { Secondary } from '../../helpers/factories/payloads.ts';
import type { RecordedVisitor } from '../../helpers/journeys/recorded-visitor.ts';
import { OWN_PAGES } from '../../helpers/site.ts';
import { mailName } from '../../helpers/split.ts';
import type { Target } from '../../helpers/target.ts';
import { consistsOf } from './network.ts';

interface Witnesses {
  lead: Lead;
  recordedVisitor: RecordedVisitor;
  calls: CallWatch;
  kestra: KestraClient;
  notion: NotionClient;
  mailbox: MailClient;
  target: Target;
}

/** The operator presses an event's button; row and mails follow, all by Kestra, and the browser told the site alone. */
export async function runsToItsMails(
  event: Secondary,
  { lead, recordedVisitor: visitor, calls, kestra, notion, mailbox, target }: Witnesses,
): Promise<void> {
  const told = await visitor.tells(event, lead);

  const { executionId } = await calls.one(event, lead);
  expect(told, 'the page names the execution').toContain(executionId);
  await expect(kestra.handle(executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });
  const executions = kestra.mailsOf(executionId);
  await expect(executions, 'three executions').toSettleAt(3, { within: BUDGET.settleMs, quietFor: 0 });
  const afterwards = those(
    `mails to ${lead.email} after the confirmation`,
    mailbox.of(lead),
    (mail) => nameAndSenderOf(mail).mail !== mailName('signup', 1),
  );
  await expect(afterwards, 'three mails, each in its time').toHaveArrivedOnTime(executions, {
    within: BUDGET.sequenceMs,
    latenessMs: BUDGET.latenessMs,
  });
  expect((await afterwards.read()).map(nameAndSenderOf)).toEqual(
    [1, 2, 3].map((number) => ({ mail: mailName(event, number), sender: 'kestra' })),
  );
  await expect(notion.trackerRows(lead), 'one row').toHaveTrackerFacts(
    [1, 2, 3].map((email_number) => ({ email_number, status: 'sent', sent_by: 'kestra' })),
    { within: BUDGET.settleMs },
  );

  await consistsOf(await visitor.recording(), target, [
    `GET ${OWN_PAGES.operator}`,
    'GET /assets/site.css',
    `GET ${OWN_PAGES.operator}?${new URLSearchParams({ email: lead.email }).toString()}`,
    'GET /assets/site.css',
    `POST ${OWN_PAGES.operator}/${event}`,
    'GET /assets/site.css',
  ]);
}
