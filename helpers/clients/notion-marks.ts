import { begunAt, markIn } from '../mark.ts';
import { mailFacts, type Row } from './notion-rows.ts';

const MINUTE = 60_000;

/**
 * The mark of the run that made a row: in its address, or, for the bare address, in its business's name. An analytics row
 * has no business: with the bare address it is the run's whose tracker row, among `claimants`, tells of the same mail. A row
 * that was there before the run began is not its own, whatever stands in it now: a flow may have written into it.
 */
export function markOfRow(row: Row, claimants: readonly Row[] = []): string | undefined {
  const mark =
    markIn(row.values['Email']) ?? markIn(row.values['Business Name']) ?? claimedBy(row, claimants);
  if (mark === undefined) return undefined;
  // Notion rounds to the minute.
  return row.createdAt.getTime() >= begunAt(mark).getTime() - MINUTE ? mark : undefined;
}

function claimedBy({ values }: Row, claimants: readonly Row[]): string | undefined {
  const id = values['Resend Email ID'];
  const number = values['Email Number'];
  const claimant = claimants.find(
    (tracker) =>
      tracker.values['Email'] === values['Email'] &&
      mailFacts(tracker).some((fact) =>
        typeof id === 'string' && id !== ''
          ? fact.resend_id === id
          : // The website's own mail, or one that failed, has no id: its moment tells it.
            fact.email_number === number && fact.sent_at !== null && fact.sent_at === values['Sent Date'],
      ),
  );
  return claimant && markIn(claimant.values['Business Name']);
}
