import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inheritedEnv } from '../../helpers/env.ts';
import { root } from '../../stack/paths.ts';
import { commandOf, ENGINE_CLASS, treeOf, type Usage, usageOf } from './proc.ts';

const LOOK_MS = 1_000;

export interface MeasuredRun {
  code: number;
  output: string;
  wallMs: number;
  /** Of the run's process and everything below it, those that have ended included. */
  cpuMs: number;
  /** The same by whose it was; what ended between two looks is in `rest`. */
  cpuByRole: Record<string, number>;
  /** As the run itself told it; undefined where it started no stack. */
  stackReadyMs: number | undefined;
}

/** A process as it was seen last. */
interface Seen {
  role: string;
  usage: Pick<Usage, 'cpuMs' | 'childrenMs'>;
}

/** Runs Playwright into a reports folder of its own, and measures it. Its output goes to `run.log` there. */
export async function measuredRun(reports: string, args: readonly string[]): Promise<MeasuredRun> {
  await rm(reports, { recursive: true, force: true });
  await mkdir(reports, { recursive: true });
  const waitedBefore = waitedFor();
  const began = performance.now();
  const child = spawn(
    process.execPath,
    [join(root, 'node_modules/@playwright/test/cli.js'), 'test', ...args],
    {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: inheritedEnv({ FUNNEL_REPORTS: reports, FUNNEL_TOTALS: 'later' }),
    },
  );
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const seen = new Map<number, Seen>();
  const looking = setInterval(() => look(child.pid, seen), LOOK_MS);
  const [code] = (await once(child, 'close')) as [number | null];
  clearInterval(looking);
  const wallMs = Math.round(performance.now() - began);
  await writeFile(join(reports, 'run.log'), output);
  const cpuMs = waitedFor() - waitedBefore;
  const ready = /^Stack: ready in ([\d.]+) s/m.exec(output)?.[1];
  return {
    code: code ?? 1,
    output,
    wallMs,
    cpuMs,
    cpuByRole: byRole(seen, cpuMs),
    stackReadyMs: ready === undefined ? undefined : Number(ready) * 1_000,
  };
}

/** The CPU time of all this process's children that have ended, in ms: exact, since each is waited for by its parent. */
const waitedFor = (): number => usageOf('self')?.childrenMs ?? 0;

function look(pid: number | undefined, seen: Map<number, Seen>): void {
  for (const usage of pid === undefined ? [] : treeOf(pid)) {
    // Asked anew each time: between fork and exec a process has its parent's command line, and at its end it has none.
    const command = commandOf(usage.pid);
    const role = command === '' ? (seen.get(usage.pid)?.role ?? 'rest') : roleOf(command);
    seen.set(usage.pid, { role, usage });
  }
}

/** Whose a process is, by its command line. */
export function roleOf(command: string): string {
  if (command.includes(ENGINE_CLASS)) return 'engine';
  if (/stack\/main\.ts/.test(command)) return 'stand-ins and websites';
  if (/workerProcessEntry\.js/.test(command)) return 'spec workers';
  if (/chrom/i.test(command.split(' ')[0] ?? '')) return 'browsers';
  if (/python3?$/.test(command.split(' ')[0] ?? '')) return 'Python tasks';
  return 'rest';
}

/** What each role was last seen to have used. The engine's children are its Python tasks, most of them too short to be seen. */
export function byRole(seen: ReadonlyMap<number, Seen>, all: number): Record<string, number> {
  const used: Record<string, number> = {};
  const add = (role: string, ms: number): void => {
    used[role] = (used[role] ?? 0) + ms;
  };
  for (const { role, usage } of seen.values()) {
    if (role === 'rest' || role === 'Python tasks') continue;
    add(role, usage.cpuMs);
    if (role === 'engine') add('Python tasks', usage.childrenMs);
  }
  const known = Object.values(used).reduce((sum, ms) => sum + ms, 0);
  return { ...used, rest: Math.max(0, all - known) };
}
