import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';

const UNITS = ['ms', 's', '%', '×', 'requests', 'MB'] as const;

const Figure = z.object({
  /** Stays what it is from commit to commit: `detection.p95`. */
  id: z.string(),
  /** What it says, in words. */
  what: z.string(),
  unit: z.enum(UNITS),
  value: z.number(),
  /** At most so much. */
  goal: z.number().optional(),
  /** What it was made of: each measurement, or each part of a sum, in the same unit. */
  samples: z.array(z.number()).optional(),
  parts: z.record(z.string(), z.number()).optional(),
  /** What to know when reading it. */
  note: z.string().optional(),
});
/** One number of a bench. Less is better in all of them. */
export type Figure = z.infer<typeof Figure>;

export const Result = z.object({
  format: z.literal(1),
  takenAt: z.iso.datetime(),
  commit: z.string(),
  machine: z.object({
    cores: z.number(),
    cpu: z.string(),
    memoryMb: z.number(),
    platform: z.string(),
    /** Processes that wanted a core in the minute before: above the number of cores, wall times mean little. */
    loadBefore: z.number(),
  }),
  versions: z.record(z.string(), z.string()),
  parts: z.array(z.string()),
  figures: z.array(Figure),
});
/** One run of the bench. */
export type Result = z.infer<typeof Result>;

/** Whether a figure keeps its goal; undefined where it has none. */
export const isMet = ({ value, goal }: Pick<Figure, 'value' | 'goal'>): boolean | undefined =>
  goal === undefined ? undefined : value <= goal;

/** `231 ms`, `2.41 ×`: as many digits as tell something. */
export function amount(value: number, unit: Figure['unit']): string {
  const digits = unit === 'ms' || Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return `${value.toFixed(digits)} ${unit}`;
}

/** Writes a result to a file of its own, and returns its path. */
export async function writeResult(folder: string, result: Result): Promise<string> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, `${result.takenAt.replaceAll(/[:.]/g, '-')}-${result.commit}.json`);
  await writeFile(file, `${JSON.stringify(result, undefined, 2)}\n`);
  return file;
}

/** The result in a file, or all in a folder, the oldest first. Throws for a file that is none; other files of a folder are passed over. */
export async function readResults(path: string): Promise<Result[]> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => {
      throw new Error(`There is no ${path}: give a result of the bench, or a folder with results.`);
    },
  );
  if (!isFolder) return [await readResult(path)];
  const names = (await readdir(path)).filter((name) => /^\d{4}-.*\.json$/.test(name));
  return inOrder(await Promise.all(names.map((name) => readResult(join(path, name)))));
}

async function readResult(file: string): Promise<Result> {
  let json: unknown;
  try {
    json = JSON.parse(await readFile(file, 'utf8'));
  } catch {
    throw new Error(`${basename(file)} is not JSON: give a result that npm run bench wrote.`);
  }
  const parsed = Result.safeParse(json);
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.map(({ path }) => path.join('.') || 'all of it').join(', ');
  throw new Error(`${basename(file)} is no result of npm run bench; not as expected: ${fields}`);
}

/** The oldest first, each moment once. */
export function inOrder(results: readonly Result[]): Result[] {
  const byMoment = new Map(results.map((result) => [result.takenAt, result]));
  return [...byMoment.values()].toSorted((a, b) => Date.parse(a.takenAt) - Date.parse(b.takenAt));
}
