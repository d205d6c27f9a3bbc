import { MailClient } from './clients/mail-client.ts';
import type { NotionClient } from './clients/notion-client.ts';
import { ResendMails } from './clients/resend-mails.ts';
import type { Target } from './target.ts';

/** The target's mails: of a mailbox that can be read whole, or by Resend's list and what Notion's tracker claims. */
export function mailboxOf(target: Target, notion: NotionClient): MailClient {
  const { mail, mark, powers } = target;
  if (powers.has('mailbox')) return new MailClient({ url: mail.url });
  return new MailClient(
    new ResendMails(
      { url: mail.url, key: mail.keys.harness },
      { mark, rowsOf: async (email) => notion.trackerRows({ email }).read() },
    ),
  );
}
