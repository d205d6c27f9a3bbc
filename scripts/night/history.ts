import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';

const STATES = ['green', 'red', 'outage'] as const;
export type State = (typeof STATES)[number];

/** What is kept of a night: one line of `nights.jsonl`. */
export const Night = z.object({
  startedAt: z.iso.datetime(),
  state: z.enum(STATES),
  commit: z.string(),
  passed: z.number(),
  failed: z.number(),
  gated: z.number(),
  /** By the test's id: whether it passed. Gated tests and those that an outage failed are left out. */
  tests: z.record(z.string(), z.boolean()),
});
export type Night = z.infer<typeof Night>;

export const historyFile = (folder: string): string => join(folder, 'nights.jsonl');

/** The nights that were kept, the oldest first. A line that is not to be read is an error that names it. */
export function readNights(folder: string): Night[] {
  const file = historyFile(folder);
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.flatMap((line, index) => (line.trim() === '' ? [] : [nightIn(line, `${file}:${index + 1}`)]));
}

function nightIn(line: string, where: string): Night {
  try {
    return Night.parse(JSON.parse(line));
  } catch (cause) {
    throw new Error(`${where} is no night: remove the line, or move the file away to begin anew.`, { cause });
  }
}

/** Keeps `night`, in place of one that began at the same moment, and the `most` latest. */
export function keepNight(folder: string, night: Night, most: number): void {
  const others = readNights(folder).filter(({ startedAt }) => startedAt !== night.startedAt);
  const kept = [...others, night].toSorted((a, b) => a.startedAt.localeCompare(b.startedAt)).slice(-most);
  const file = historyFile(folder);
  mkdirSync(dirname(file), { recursive: true });
  const draft = `${file}.draft`; // a night that is cut off while it writes must not cost the history
  writeFileSync(draft, kept.map((one) => `${JSON.stringify(one)}\n`).join(''));
  renameSync(draft, file);
}

/**
 * Whether a test ends now so, now so: both ways with the same commit, or back and forth over the nights. Red once and green
 * since, or the other way about, is a defect that came or was repaired.
 */
export function isFlaky(id: string, nights: readonly Night[]): boolean {
  const ends = nights.flatMap(({ tests, commit }) => {
    const passed = tests[id];
    return passed === undefined ? [] : [{ passed, commit }];
  });
  const changes = ends.filter(({ passed }, index) => index > 0 && passed !== ends[index - 1]?.passed).length;
  const bothAtOne = ends.some(({ passed, commit }) =>
    ends.some((other) => other.commit === commit && other.passed !== passed),
  );
  return changes > 1 || bothAtOne;
}
