import { readTestingMinuteSeconds } from './env.ts';

/** How long a testing minute lasts: 5 s on the local stack, the real one elsewhere. */
const TESTING_MINUTE_MS = readTestingMinuteSeconds() * 1_000;

export type Mode = 'production' | 'testing';
export type Sequence = '5day' | 'noshow' | 'postcall' | 'onboarding';

/** One mail of Kestra's and the moment it is due. */
export interface Appointment {
  number: number;
  at: Date;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** After the sequence's start, by mail. Mail 1 of `5day` is the website's and has no place here. */
const PRODUCTION: Record<Sequence, Record<number, number>> = {
  '5day': { 2: 24 * HOUR, 3: 72 * HOUR, 4: 96 * HOUR, 5: 120 * HOUR },
  noshow: { 1: 5 * MINUTE, 2: 24 * HOUR, 3: 48 * HOUR },
  postcall: { 1: 1 * HOUR, 2: 72 * HOUR, 3: 168 * HOUR },
  onboarding: { 1: 1 * HOUR, 2: 24 * HOUR, 3: 72 * HOUR },
};

/** In testing minutes. */
const TESTING: Record<Sequence, Record<number, number>> = {
  '5day': { 2: 1, 3: 2, 4: 3, 5: 4 },
  noshow: { 1: 1, 2: 2, 3: 3 },
  postcall: { 1: 1, 2: 2, 3: 3 },
  onboarding: { 1: 1, 2: 2, 3: 3 },
};

/** From a sequence's start to its last mail in TESTING_MODE, of the longest one. */
export const longestTestingMs = (): number =>
  Math.max(...Object.values(TESTING).flatMap((offsets) => Object.values(offsets))) * TESTING_MINUTE_MS;

/**
 * When each of Kestra's mails is due: `5day` counts from the moment the website sent mail 1, the others from the
 * handler's start. The harness's own statement of the delays; the flows have theirs.
 */
export function timetableOf(
  sequence: Sequence,
  mode: Mode,
  startsAt: string | Date,
  testingMinuteMs: number = TESTING_MINUTE_MS,
): Appointment[] {
  const start = new Date(startsAt).getTime();
  if (Number.isNaN(start)) throw new Error(`A timetable cannot start at "${String(startsAt)}"`);
  const offsets = mode === 'production' ? PRODUCTION[sequence] : TESTING[sequence];
  const unitMs = mode === 'production' ? 1 : testingMinuteMs;
  return Object.entries(offsets).map(([number, offset]) => ({
    number: Number(number),
    at: new Date(start + offset * unitMs),
  }));
}
