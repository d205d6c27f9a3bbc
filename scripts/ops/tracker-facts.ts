import type { Row } from './notion-book.ts';
import type { PropertyNames } from './property-names.ts';

/** What a tracker row says of one mail. */
export interface RowFact {
  number: number;
  status: string | null;
  sentAt: string | null;
  sentBy: string | null;
  resendId: string | null;
}

/** The mails that the live table has columns for. */
export const MAIL_NUMBERS: readonly number[] = [1, 2, 3, 4, 5, 6, 7];

export const textOf = ({ values }: Row, property: string): string | null => {
  const value = values[property];
  return typeof value === 'string' && value !== '' ? value : null;
};

export const numbered = (name: string, number: number): string => name.replace('{number}', String(number));

/** What a row says of each mail it has columns for. */
export function rowFacts(row: Row, { tracker }: PropertyNames): RowFact[] {
  return MAIL_NUMBERS.map((number) => {
    const read = (name: string) => textOf(row, numbered(name, number));
    return {
      number,
      status: read(tracker.mail_status),
      sentAt: read(tracker.mail_sent_at),
      sentBy: read(tracker.mail_sent_by),
      resendId: read(tracker.mail_resend_id),
    };
  });
}

export const saysNothing = ({ status, sentAt, resendId }: RowFact): boolean =>
  status === null && sentAt === null && resendId === null;
