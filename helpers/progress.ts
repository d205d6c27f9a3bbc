import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { reportsFolder } from './reports-folder.ts';

/** What a wait is told of only when it has lasted so long: most end sooner. */
const WORTH_TELLING_MS = 15_000;
/** A worker that has not said a thing for so long waits for nothing any more. */
const STALE_MS = 10_000;

const Note = z.object({ at: z.number(), text: z.string() });

const folderIn = (reports: string) => join(reports, 'progress');

/** Says what this worker's test waits for; whoever runs the workers gathers it. */
export function noteWait(
  text: string,
  { elapsedMs, withinMs }: { elapsedMs: number; withinMs: number },
): void {
  if (elapsedMs < WORTH_TELLING_MS) return;
  const folder = folderIn(reportsFolder());
  mkdirSync(folder, { recursive: true });
  const lasts = `${Math.round(elapsedMs / 1_000)} s of at most ${Math.round(withinMs / 1_000)} s`;
  writeFileSync(
    join(folder, String(process.pid)),
    JSON.stringify({ at: Date.now(), text: `${text} (${lasts})` }),
  );
}

/** What the workers wait for now, a line each. */
export function waitsNow(reports: string, now: number = Date.now()): string[] {
  let names: string[];
  try {
    names = readdirSync(folderIn(reports));
  } catch {
    return []; // nobody has waited for long
  }
  return names.toSorted().flatMap((name) => {
    try {
      const { at, text } = Note.parse(JSON.parse(readFileSync(join(folderIn(reports), name), 'utf8')));
      return now - at < STALE_MS ? [text] : [];
    } catch {
      return []; // half written: the next look has it
    }
  });
}

/** Nothing is left of what an earlier run waited for. */
export const forgetWaits = (reports: string): void =>
  rmSync(folderIn(reports), { recursive: true, force: true });
