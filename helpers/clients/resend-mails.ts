import { BUDGET, SHARED_FRESH_MS } from '../budgets.ts';
import { type ResendMail, ResendReader } from '../../scripts/ops/resend-reader.ts';
import { begunAt } from '../mark.ts';
import { poll } from '../wait.ts';
import type { Mail, MailSource } from './mail-client.ts';
import { mailFacts, type Row } from './notion-rows.ts';

/** A mail that a tracker row says it knows. */
export interface Claim {
  resendId: string;
  sequence: string;
  number: number;
}

/** What a lead's tracker rows claim. */
export const claimsOf = (rows: readonly Row[]): Claim[] =>
  rows.flatMap((row) =>
    mailFacts(row).flatMap(({ resend_id: resendId, email_number: number }) =>
      resendId === null ? [] : [{ resendId, number, sequence: String(row.values['Sequence Type']) }],
    ),
  );

/**
 * Who sent a mail, where keys are not to be seen. Kestra's has two witnesses: one tracker row with its id, and the tags of
 * the very mail that row tells of, `deployment` among them. A mail without either is the website's.
 */
export function senderOf(
  { id, tags }: Pick<ResendMail, 'id' | 'tags'>,
  claims: readonly Claim[],
): Mail['sender'] {
  const own = claims.filter(({ resendId }) => resendId === id);
  const tagged = tags['deployment'] !== undefined;
  if (own.length === 0) return tagged ? 'unproven' : 'website';
  const [claim] = own;
  const same = claim?.sequence === tags['sequence_type'] && String(claim?.number) === tags['email_number'];
  return own.length === 1 && tagged && same ? 'kestra' : 'unproven';
}

/** Resend's own list, for a target whose mailbox cannot be read: a lead's mails since the run began. */
export class ResendMails implements MailSource {
  readonly #reader: ResendReader;
  readonly #since: Date;
  readonly #rowsOf: (email: string) => Promise<readonly Row[]>;

  /** `mark`: of the run. `rowsOf`: a lead's tracker rows. */
  constructor(
    access: { url: string; key: string },
    { mark, rowsOf }: { mark: string | undefined; rowsOf: (email: string) => Promise<readonly Row[]> },
  ) {
    this.#reader = new ResendReader(access, { freshMs: SHARED_FRESH_MS });
    this.#since = mark === undefined ? new Date() : begunAt(mark);
    this.#rowsOf = rowsOf;
  }

  async mails({ to, sender, since = this.#since }: Parameters<MailSource['mails']>[0]): Promise<Mail[]> {
    if (to === undefined)
      throw new Error('A mailbox that others use is read for one lead, and not as a whole.');
    const sent = await this.#reader.mailsTo(to, since);
    if (sent.length === 0) return [];
    // A row is written a moment after its mail went out.
    const { value: claims } = await poll(
      async () => claimsOf(await this.#rowsOf(to)),
      (known) => sent.every((mail) => isOld(mail) || senderOf(mail, known) !== 'unproven'),
      BUDGET.settleMs,
    );
    const mails = sent.map((mail) => mailOf(mail, senderOf(mail, claims)));
    return sender === undefined ? mails : mails.filter((mail) => mail.sender === sender);
  }

  control(what: string): Promise<void> {
    return Promise.reject(new Error(`A Resend that is not ours takes no order: ${what}.`));
  }
}

const isOld = ({ at }: ResendMail) => Date.now() - at.getTime() > BUDGET.settleMs;

const mailOf = ({ at, tags, event, ...mail }: ResendMail, sender: Mail['sender']): Mail => ({
  ...mail,
  sender,
  receivedAt: at.getTime(),
  last_event: event,
  tags: Object.entries(tags).map(([name, value]) => ({ name, value })),
});
