import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';

/** CPU seconds since each began, and memory in MB. Undefined where this machine does not tell. */
export interface Usage {
  /** The engine's own. */
  engineCpuS: number;
  /** Of its children that have ended: each Python task is one. */
  childrenCpuS: number;
  /** The process that hosts Notion, Resend, alerts and website. */
  standInsCpuS: number;
  engineRssMb: number;
  standInsRssMb: number;
}

/** Linux counts in hundredths for everyone, whatever its kernel's clock. */
const TICKS = 100;
const KB_PER_MB = 1024;

/** Field numbers of proc(5)'s `stat`, counted after the name, which may hold anything. */
const FIELD = { ppid: 1, utime: 11, stime: 12, cutime: 13, cstime: 14 } as const;

/** Follows what the processes of one stack use. */
export class Resources {
  readonly #stack: number;
  readonly #engine: number;

  private constructor(stack: number, engine: number) {
    this.#stack = stack;
    this.#engine = engine;
  }

  /** Of the stack whose process is `pid`. Undefined where there is no /proc, or the engine is no child of the stack. */
  static of(pid: number): Resources | undefined {
    try {
      const engine = readdirSync('/proc')
        .filter((name) => /^\d+$/.test(name))
        .map(Number)
        .find((one) => isEngineOf(one, pid));
      return engine === undefined ? undefined : new Resources(pid, engine);
    } catch {
      return undefined;
    }
  }

  /** What they have used until now. Throws when one has ended. */
  now(): Usage {
    const engine = statOf(this.#engine);
    const stack = statOf(this.#stack);
    return {
      engineCpuS: (engine('utime') + engine('stime')) / TICKS,
      childrenCpuS: (engine('cutime') + engine('cstime')) / TICKS,
      standInsCpuS: (stack('utime') + stack('stime')) / TICKS,
      engineRssMb: rssOf(this.#engine),
      standInsRssMb: rssOf(this.#stack),
    };
  }

  /** The engine's heap that is in use, in MB, of a collected one when `collect`. Undefined without a JDK's jcmd. */
  async heapMb(java: string, { collect = false } = {}): Promise<number | undefined> {
    const jcmd = join(dirname(java), 'jcmd');
    const ask = async (what: string) =>
      (await promisify(execFile)(jcmd, [String(this.#engine), what], { timeout: 60_000 })).stdout;
    try {
      if (collect) await ask('GC.run');
      return heapIn(await ask('GC.heap_info'));
    } catch {
      return undefined;
    }
  }
}

/** The used MB of both generations, as `jcmd GC.heap_info` shows the serial collector's. */
export function heapIn(text: string): number | undefined {
  const used = [
    ...text.matchAll(
      /^\s*(?:def new generation|tenured generation|DefNew|Tenured)\s+total \d+K, used (\d+)K/gim,
    ),
  ];
  if (used.length === 0) return undefined;
  return Math.round(used.reduce((sum, [, kilobytes]) => sum + Number(kilobytes), 0) / KB_PER_MB);
}

function isEngineOf(pid: number, stack: number): boolean {
  try {
    return (
      statOf(pid)('ppid') === stack &&
      readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('dev.funnel.engine.Main')
    );
  } catch {
    return false; // it has ended meanwhile
  }
}

function statOf(pid: number): (field: keyof typeof FIELD) => number {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (field) => z.coerce.number().parse(fields[FIELD[field]]);
}

function rssOf(pid: number): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Math.round(Number(kilobytes) / KB_PER_MB);
}
