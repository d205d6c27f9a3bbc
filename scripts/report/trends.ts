import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const Point = z.looseObject({ timestamp: z.number() });

/** Allure's own history of earlier runs: one line a run. */
export const trendsFile = (folder: string): string => join(folder, 'trends.jsonl');

/**
 * Copies the trends of nights before `startedAt` from `folder` to `reports`, where Allure reads them and adds this run: so a
 * report can be made twice, and only `npm run record` keeps the run. Without a folder there are none.
 */
export function bringTrends(folder: string | undefined, reports: string, startedAt: Date): void {
  const from = folder === undefined ? undefined : trendsFile(folder);
  const to = trendsFile(reports);
  rmSync(to, { force: true });
  if (from === undefined || !existsSync(from)) return;
  const earlier = readFileSync(from, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .filter((line) => Point.parse(JSON.parse(line)).timestamp < startedAt.getTime());
  writeFileSync(to, earlier.map((line) => `${line}\n`).join(''));
}
