import type { ExpectMatcherState, MatcherReturnType } from '@playwright/test';
import { BUDGET } from '../budgets.ts';
import {
  createdAt,
  DATE_OF_EARLIER,
  emailNumberOf,
  type Execution,
  type KnowsEarlierDates,
  pathOf,
  scheduledAt,
} from '../clients/execution.ts';
import type { Collection } from '../collection.ts';
import { table } from '../table.ts';
import type { Appointment } from '../timetable.ts';
import { settle } from '../wait.ts';
import { refuseNegation } from './no-negation.ts';

const SECOND = 1_000;

interface Line {
  number: number;
  execution?: Execution;
  planned?: Date;
  scheduled?: Date;
  path: string;
  fault?: string;
}

/**
 * The executions are exactly the timetable's mails, and each is scheduled for its moment to the second. A mail that
 * was due before its execution came into being is scheduled for then, and such mails are a second apart.
 */
export async function toFollowTimetable(
  this: ExpectMatcherState,
  mails: Collection<Execution> & Partial<KnowsEarlierDates>,
  timetable: readonly Appointment[],
  { within, quietFor = BUDGET.quietMs }: { within: number; quietFor?: number },
): Promise<MatcherReturnType> {
  refuseNegation(this, 'toFollowTimetable');
  // One too many may come last: Kestra's search reads an index.
  const { value, elapsedMs } = await settle(
    () => mails.read(),
    timetable.length,
    { within, quietFor },
    mails.what,
  );
  const lines = compare(value, timetable);
  const wrong = lines.filter(({ fault }) => fault !== undefined);
  const ofEarlier = wrong.length > 0 && (await areOfEarlier(mails, wrong));
  return {
    name: 'toFollowTimetable',
    pass: wrong.length === 0,
    message: () =>
      `expected ${mails.what} to follow the timetable, seen after ${elapsedMs} ms:\n` +
      table(
        ['mail', 'planned', 'scheduled', 'state path', ''],
        lines.map(({ number, planned, scheduled, path, fault }) => [
          `#${number}`,
          planned?.toISOString() ?? '–',
          scheduled?.toISOString() ?? '–',
          path,
          fault ?? 'ok',
        ]),
      ) +
      (ofEarlier ? `\nEach wrong date is ${DATE_OF_EARLIER}.` : ''),
  };
}

async function areOfEarlier(mails: Partial<KnowsEarlierDates>, wrong: readonly Line[]): Promise<boolean> {
  const found = wrong.flatMap(({ execution }) => execution ?? []);
  const ofEarlier = await mails.datesOfEarlier?.(found);
  return found.length === wrong.length && found.every(({ id }) => ofEarlier?.has(id));
}

function compare(executions: readonly Execution[], timetable: readonly Appointment[]): Line[] {
  const appointed = timetable.flatMap(({ number, at }) => {
    const found = executions.filter((one) => emailNumberOf(one) === number);
    return found.length === 0
      ? [{ number, planned: at, path: '–', fault: 'no execution' }]
      : found.map((one) => lineOf(one, at, found.length, executions.length));
  });
  const others = executions
    .filter((one) => !timetable.some(({ number }) => number === emailNumberOf(one)))
    .map((one) => ({ ...bare(one), fault: 'not in the timetable' }));
  return withGaps([...appointed, ...others]);
}

function lineOf(execution: Execution, planned: Date, ofThisNumber: number, ofAll: number): Line {
  const line = { ...bare(execution), planned };
  if (ofThisNumber > 1) return { ...line, fault: `${ofThisNumber} executions of one mail` };
  const created = createdAt(execution);
  const scheduled = line.scheduled ?? created;
  if (Math.abs(scheduled.getTime() - planned.getTime()) < SECOND) return line;
  // Mails that were due move those that are due just after them, too.
  const latest = new Date(created.getTime() + ofAll * SECOND);
  const wasDue = planned <= latest;
  if (!wasDue) return { ...line, fault: difference(scheduled, planned) };
  return scheduled >= planned && scheduled <= latest
    ? line
    : {
        ...line,
        fault: `was due when created (${created.toISOString()}), ${difference(scheduled, planned)}`,
      };
}

/** Of mails that were due already, no two at once: they would arrive in any order. */
function withGaps(lines: Line[]): Line[] {
  const late = ({ planned, scheduled }: Line) =>
    planned && scheduled && scheduled.getTime() - planned.getTime() >= SECOND;
  return lines.map((line, index) => {
    const before = lines.slice(0, index).findLast(late);
    if (line.fault || !late(line) || !before?.scheduled || !line.scheduled) return line;
    const gapMs = line.scheduled.getTime() - before.scheduled.getTime();
    return gapMs >= SECOND
      ? line
      : { ...line, fault: `${gapMs} ms after #${before.number}, expected a second` };
  });
}

function bare(execution: Execution): Line {
  const scheduled = scheduledAt(execution);
  return {
    number: emailNumberOf(execution),
    execution,
    ...(scheduled ? { scheduled } : {}),
    path: pathOf(execution),
  };
}

function difference(scheduled: Date, planned: Date): string {
  const seconds = (scheduled.getTime() - planned.getTime()) / SECOND;
  return `${Math.abs(seconds).toFixed(1)} s too ${seconds < 0 ? 'early' : 'late'}`;
}
