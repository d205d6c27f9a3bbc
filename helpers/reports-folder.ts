import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { handOn, readEnv } from './env.ts';

const usual = 'reports';

/**
 * The folder this run writes to: `reports`, or one of its own below it while another run is writing there. A process
 * that starts a run claims it and hands it on to its children. A claim lasts as long as its process lives.
 */
export function reportsFolder(): string {
  const given = readEnv().FUNNEL_REPORTS;
  if (given) return given;
  const claimed = claim();
  handOn('FUNNEL_REPORTS', claimed);
  return claimed;
}

function claim(): string {
  const file = join(usual, '.run');
  mkdirSync(usual, { recursive: true });
  const holder = holderOf(file);
  if (holder === process.pid) return usual;
  if (holder !== undefined && isAlive(holder)) return join(usual, `run-${process.pid}`);
  rmSync(file, { force: true });
  removeEnded();
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return usual;
  } catch {
    return join(usual, `run-${process.pid}`); // another run was quicker
  }
}

/** Folders of runs that had to step aside and have ended. */
function removeEnded(): void {
  for (const name of readdirSync(usual)) {
    const pid = /^run-(\d+)$/.exec(name)?.[1];
    if (pid && !isAlive(Number(pid))) rmSync(join(usual, name), { recursive: true, force: true });
  }
}

function holderOf(file: string): number | undefined {
  try {
    return Number(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
