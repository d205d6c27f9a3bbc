import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts a process's time in ticks of 10 ms, whatever the kernel's own clock does (USER_HZ). */
const TICK_MS = 10;
const PAGE_BYTES = 4_096;

/** What the engine's command line has in it. */
export const ENGINE_CLASS = 'dev.funnel.engine.Main';

/** What /proc says of a process or a thread. Times in ms. */
export interface Usage {
  pid: number;
  /** Its name, cut to 15 characters. */
  name: string;
  parent: number;
  cpuMs: number;
  /** Of its children that have ended and were waited for, and of theirs. */
  childrenMs: number;
  residentBytes: number;
}

/** Reads the text of a `stat` file. Throws for one that is none. */
export function parseStat(text: string): Usage {
  // The name stands in brackets and may hold spaces and brackets itself.
  const [, pid, name, rest] = /^(\d+) \((.*)\) (.*)$/s.exec(text.trim()) ?? [];
  const fields = rest?.split(' ') ?? [];
  const at = (number: number): number => Number(fields[number - 3]); // as `man proc` counts them
  const usage = {
    pid: Number(pid),
    name: name ?? '',
    parent: at(4),
    cpuMs: (at(14) + at(15)) * TICK_MS,
    childrenMs: (at(16) + at(17)) * TICK_MS,
    residentBytes: at(24) * PAGE_BYTES,
  };
  if (Object.values(usage).some((value) => Number.isNaN(value)))
    throw new Error(`Not a stat file of /proc: ${text.length} characters`);
  return usage;
}

/** A process now; undefined when there is none. */
export function usageOf(pid: number | 'self'): Usage | undefined {
  return read(`/proc/${pid}/stat`);
}

/** Every thread of a process by its number; none when it is gone. */
export function threadsOf(pid: number): Map<number, Usage> {
  const threads = numbersIn(`/proc/${pid}/task`).flatMap((id) => read(`/proc/${pid}/task/${id}/stat`) ?? []);
  return new Map(threads.map((thread) => [thread.pid, thread]));
}

/** A process and all below it that run now. */
export function treeOf(pid: number): Usage[] {
  const all = numbersIn('/proc').flatMap((id) => usageOf(id) ?? []);
  const below = (parent: number): Usage[] =>
    all.filter((one) => one.parent === parent).flatMap((one) => [one, ...below(one.pid)]);
  return [...all.filter((one) => one.pid === pid), ...below(pid)];
}

/** The command line of a process; empty when it is gone. */
export function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    return '';
  }
}

/** How much each kind of thread used between two looks, in ms, the greediest first; their numbers are left out of their names. */
export function usedBetween(
  before: ReadonlyMap<number, Usage>,
  after: ReadonlyMap<number, Usage>,
): Record<string, number> {
  const used = new Map<string, number>();
  for (const [id, { name, cpuMs }] of after) {
    const kind = name.replace(/[-_ #]*\d+$/, '');
    used.set(kind, (used.get(kind) ?? 0) + cpuMs - (before.get(id)?.cpuMs ?? 0));
  }
  return Object.fromEntries([...used].filter(([, ms]) => ms > 0).toSorted(([, a], [, b]) => b - a));
}

function read(file: string): Usage | undefined {
  try {
    return parseStat(readFileSync(file, 'utf8'));
  } catch (error) {
    // ESRCH: it ended between the opening and the reading.
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

function numbersIn(folder: string): number[] {
  try {
    return readdirSync(folder).flatMap((name) => (/^\d+$/.test(name) ? Number(name) : []));
  } catch {
    return [];
  }
}
