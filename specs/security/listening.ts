import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { readEnv } from '../../helpers/env.ts';
import { readStackFile } from '../../helpers/target.ts';
import type { StackFile } from '../../stack/stack-file.ts';

/** The stack of this run. */
export function ownStack(): StackFile {
  const env = readEnv();
  if (env.TARGET !== 'local') throw new Error('This run has no stack of its own.');
  return readStackFile(env.FUNNEL_STACK_FILE);
}

/** The parent of each process, as Linux tells it. */
function parents(): Map<number, number> {
  const found = new Map<number, number>();
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    const status = tried(() => readFileSync(`/proc/${name}/status`, 'utf8')) ?? '';
    const [, parent] = /^PPid:\s+(\d+)$/m.exec(status) ?? [];
    if (parent !== undefined) found.set(Number(name), Number(parent));
  }
  return found;
}

function family(pid: number): number[] {
  const known = parents();
  const below = (of: number): number[] =>
    [...known].flatMap(([child, parent]) => (parent === of ? [child, ...below(child)] : []));
  return [pid, ...below(pid)];
}

const LISTENS = '0A';

/** The addresses at which a process and those that it started listen, as Linux writes them: hexadecimal, with port. */
export function listeningAddresses(pid: number): string[] {
  const sockets = new Set(
    family(pid).flatMap((one) =>
      (tried(() => readdirSync(`/proc/${one}/fd`)) ?? []).flatMap((fd) => {
        const [, inode] =
          /^socket:\[(\d+)\]$/.exec(tried(() => readlinkSync(`/proc/${one}/fd/${fd}`)) ?? '') ?? [];
        return inode ?? [];
      }),
    ),
  );
  return ['tcp', 'tcp6'].flatMap((table) =>
    (tried(() => readFileSync(`/proc/net/${table}`, 'utf8')) ?? '')
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter(([, , , state, , , , , , inode = '']) => state === LISTENS && sockets.has(inode))
      .map(([, address = '']) => address),
  );
}

/** 127.0.0.0/8, ::1, and the former written as the latter. */
export const isLoopbackAddress = (hexadecimal: string): boolean =>
  /^(?:[0-9A-F]{6}7F|0{24}01000000|0{16}FFFF0000[0-9A-F]{6}7F):/.test(hexadecimal);

/** A process may end while it is looked at. */
function tried<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
