import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { stackFolder } from '../stack/paths.ts';
import { StackFile } from '../stack/stack-file.ts';

/**
 * A run's own stack is gone when its report is made, but the report has to name it and must hold none of its
 * secrets. So a copy of its file is kept, outside of what is published.
 */
export function rememberRun(stack: StackFile, reports: string): void {
  const file = fileFor(reports);
  mkdirSync(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}`; // several workers remember the same run at once
  writeFileSync(draft, JSON.stringify(stack), { mode: 0o600 });
  renameSync(draft, file);
}

/** The stack of the run whose results lie in `reports`; undefined when none of its tests used one. */
export function recallRun(reports: string): StackFile | undefined {
  try {
    return StackFile.parse(JSON.parse(readFileSync(fileFor(reports), 'utf8')));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

const fileFor = (reports: string) =>
  join(stackFolder, 'last-run', `${reports.replaceAll(/[^\w-]+/g, '_')}.json`);
