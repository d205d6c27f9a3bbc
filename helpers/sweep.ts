import { emailNumberOf, type Execution, isTerminal } from './clients/execution.ts';
import { isFarOff, type KestraClient } from './clients/kestra-client.ts';
import type { LiveRuns } from './clients/live-runs.ts';
import type { Database, NotionClient } from './clients/notion-client.ts';
import { markOfRow } from './clients/notion-marks.ts';
import type { Row } from './clients/notion-rows.ts';
import { begunAt, markOfLead } from './mark.ts';
import { TEST_MAILBOX } from './test-mailbox.ts';

/** The tracker comes last: its rows tell whose the bare address's analytics are. */
const BOOKS = ['analytics', 'contacts', 'projects', 'tracker'] as const satisfies readonly Database[];

export interface SweepRequest {
  kestra: Pick<KestraClient, 'search' | 'kill'>;
  /** Those into which runs' deployments write. */
  notions: readonly NotionClient[];
  live: Pick<LiveRuns, 'read' | 'forget'>;
  /** Where runs schedule mails. */
  namespaces: readonly string[];
  /** Only what this run left; without it, what all runs left that are not under way. */
  only?: string;
  /** Only what runs left that began this long ago, or longer. */
  olderThanMs?: number;
  /** Do it, and not only tell it. */
  yes: boolean;
  now?: number;
}

export interface Swept {
  /** Scheduled mails that were killed, or would be. */
  mails: string[];
  /** Rows that were moved to the bin, or would be. */
  rows: string[];
  /** Rows of the test mailbox's bare address without a mark: somebody else's, and left as they are. */
  foreign: string[];
  /** Runs that are under way: theirs is left to them. */
  alive: string[];
}

/** Removes what runs left behind, by their marks: mails first, or they would write into rows that are gone. */
export async function sweep(request: SweepRequest): Promise<Swept> {
  const { kestra, notions, live, only, olderThanMs = 0, yes, now = Date.now() } = request;
  const { alive, dead } = await live.read();
  const isDue = (mark: string | undefined): mark is string =>
    mark !== undefined &&
    (only === undefined ? !alive.has(mark) : mark === only) &&
    now - begunAt(mark).getTime() >= olderThanMs;

  const waiting = await waitingMails(request, isDue);
  if (yes) await Promise.all(waiting.filter(isFarOff).map(({ id }) => kestra.kill(id)));

  const rows: string[] = [];
  const foreign: string[] = [];
  for (const notion of notions) {
    const left = await leftRows(notion, isDue);
    if (yes) for (const { row } of left.rows) await notion.archive(row.id);
    rows.push(...left.rows.map(({ book, row }) => `${book} ${row.id}`));
    foreign.push(...left.foreign);
  }
  if (yes) for (const mark of dead) if (isDue(mark)) await live.forget(mark);

  return {
    mails: waiting.map(
      (one) => `${one.namespace} ${one.id}: mail ${emailNumberOf(one)}, due ${one.scheduleDate ?? 'now'}`,
    ),
    rows,
    foreign,
    alive: only === undefined ? [...alive] : [],
  };
}

async function waitingMails(
  { kestra, namespaces }: SweepRequest,
  isDue: (mark: string | undefined) => boolean,
): Promise<Execution[]> {
  const found = await Promise.all(
    [...new Set(namespaces)].map((namespace) =>
      kestra.search({ namespace, flowId: 'send-email', state: ['CREATED'] }),
    ),
  );
  return found.flat().filter(({ inputs, state }) => {
    const lead = inputs['lead'];
    if (isTerminal(state.current) || typeof lead !== 'object' || lead === null) return false;
    return isDue(markOfLead(lead));
  });
}

async function leftRows(notion: NotionClient, isDue: (mark: string | undefined) => boolean) {
  const [user] = TEST_MAILBOX.split('@');
  const bare = { email: TEST_MAILBOX };
  const bareTracker = await notion.trackerRows(bare).read();
  const rows: Array<{ book: Database; row: Row }> = [];
  const foreign: string[] = [];
  for (const book of BOOKS) {
    // Everything sent to the test mailbox's plus-addresses; whose it is, each row says itself.
    const tagged = await notion.containing(book, `${user}+n`).read();
    const untagged = book === 'tracker' ? bareTracker : await notion.of(book, bare).read();
    for (const row of [...tagged, ...untagged]) {
      const mark = markOfRow(row, book === 'analytics' ? bareTracker : []);
      if (isDue(mark)) rows.push({ book, row });
      else if (mark === undefined && untagged.includes(row)) foreign.push(`${book} ${row.id}`);
    }
  }
  return { rows, foreign };
}

/** One line of what a sweep did, or would do. */
export function sweepLine({ mails, rows, foreign, alive }: Swept, yes: boolean): string {
  const did = yes ? ['killed', 'archived'] : ['would be killed', 'would be archived'];
  return [
    `${mails.length} scheduled mails ${did[0]}, ${rows.length} rows ${did[1]}`,
    ...(foreign.length > 0
      ? [`${foreign.length} rows of the bare address left: they bear no run's mark`]
      : []),
    ...(alive.length > 0 ? [`what ${alive.length} runs under way have is left to them`] : []),
  ].join('; ');
}
