import { expect } from '../../fixtures/index.ts';
import { BUDGET } from '../../helpers/budgets.ts';
import type { CallWatch } from '../../helpers/clients/call-watch.ts';
import type { KestraClient } from '../../helpers/clients/kestra-client.ts';
import { type MailClient, nameAndSenderOf } from '../../helpers/clients/mail-client.ts';
import type { NotionClient } from '../../helpers/clients/notion-client.ts';
import type { Lead } from '../../helpers/factories/lead.ts';
import type { Secondary } from '../../helpers/factories/payloads.ts';
import type { RecordedVisitor } from '../../helpers/journeys/recorded-visitor.ts';
import { OWN_PAGES, type Site } from '../../helpers/site.ts';
import { mailName, RESPONSIBILITIES, sendersByMail } from '../../helpers/split.ts';
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
  site: Site;
}

/** The operator presses an event's button; row and mails follow, all by Kestra, and the browser told the site alone. */
export async function runsToItsMails(
  event: Secondary,
  { lead, recordedVisitor: visitor, calls, kestra, notion, mailbox, target, site }: Witnesses,
): Promise<void> {
  const told = await visitor.tells(event, lead);

  const { executionId } = await calls.one(event, lead);
  expect(told, 'the page names the execution').toContain(executionId);
  await expect(kestra.handle(executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });
  await expect(mailbox.of(lead), 'the confirmation and three mails').toSettleAt(4, {
    within: BUDGET.sequenceMs,
    quietFor: BUDGET.quietMs,
  });
  expect(
    sendersByMail((await mailbox.of(lead).read()).map(nameAndSenderOf)),
    'each once, by its sender',
  ).toEqual(
    sendersByMail(
      RESPONSIBILITIES.filter(({ mail }) => mail === mailName('signup', 1) || mail.startsWith(`${event} `)),
    ),
  );
  await expect(notion.trackerRows(lead), 'one row').toHaveTrackerFacts(
    [1, 2, 3].map((email_number) => ({ email_number, status: 'sent', sent_by: 'kestra' })),
    { within: BUDGET.settleMs },
  );

  await consistsOf(await visitor.recording(), { target, site }, [
    `GET ${OWN_PAGES.operator}`,
    'GET /assets/site.css',
    `GET ${OWN_PAGES.operator}?${new URLSearchParams({ email: lead.email }).toString()}`,
    'GET /assets/site.css',
    `POST ${OWN_PAGES.operator}/${event}`,
    'GET /assets/site.css',
  ]);
}
