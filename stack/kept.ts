import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { z } from 'zod';
import { readStackFile } from '../helpers/target.ts';
import { poll } from '../helpers/wait.ts';
import type { StackFile } from './stack-file.ts';
import { stackVersion } from './version.ts';

const STOP_MS = 60_000; // containers take longer than a JVM

/** What this checkout expects of a stack that it would use. */
export interface Expected {
  version: string;
  engine: StackFile['engine'];
  /** Of the embedded engine; the others have what their image has. */
  kestra: string;
  testingMinuteSeconds: number;
}

/** The variables that say what a run wants of a stack. */
export interface Wanted {
  STACK_ENGINE: StackFile['engine'];
  KESTRA_VERSION: string;
  TESTING_MINUTE_SECONDS: number;
}

/** What this checkout with these variables expects. */
export const expected = ({ STACK_ENGINE, KESTRA_VERSION, TESTING_MINUTE_SECONDS }: Wanted): Expected => ({
  version: stackVersion(),
  engine: STACK_ENGINE,
  kestra: KESTRA_VERSION,
  testingMinuteSeconds: TESTING_MINUTE_SECONDS,
});

/** Why a kept stack can't serve this run, with the remedy; undefined when it can. */
export function refusal(stack: StackFile, expected: Expected): string | undefined {
  const which = `The stack kept since ${stack.startedAt} (process ${stack.pid})`;
  const remedy = 'Run: npm run stack -- restart';
  if (stack.version !== expected.version) {
    return `${which} was started from other flows or stack code than this checkout has. ${remedy}`;
  }
  if (stack.engine !== expected.engine) {
    return `${which} has the ${stack.engine} engine, this run wants ${expected.engine}. ${remedy}`;
  }
  if (stack.engine === 'embedded' && stack.kestra.version !== expected.kestra) {
    return `${which} has Kestra ${stack.kestra.version}, this run wants ${expected.kestra}. ${remedy}`;
  }
  if (stack.testingMinuteSeconds !== expected.testingMinuteSeconds) {
    const { testingMinuteSeconds: kept } = stack;
    return `${which} has testing minutes of ${kept} s, this run wants ${expected.testingMinuteSeconds} s. ${remedy}`;
  }
  return undefined;
}

/** The running stack behind `file`, if any; throws when other code than this wrote it. A dead stack's file is removed. */
export function findStack(file: string): StackFile | undefined {
  if (processBehind(file) === undefined) return undefined;
  try {
    return readStackFile(file);
  } catch (cause) {
    throw new Error(
      'The kept stack was started by another version of this code. Run: npm run stack -- restart',
      {
        cause,
      },
    );
  }
}

/** The process number of the stack behind `file`, whatever version wrote it. */
export function processBehind(file: string): number | undefined {
  if (!existsSync(file)) return undefined;
  const { pid } = z.looseObject({ pid: z.number() }).parse(JSON.parse(readFileSync(file, 'utf8')));
  if (isStackProcess(pid)) return pid;
  rmSync(file, { force: true });
  return undefined;
}

/** The running stack behind `file`; throws when it is one that this checkout must not use. */
export function findUsableStack(file: string, wanted: Wanted): StackFile | undefined {
  const stack = findStack(file);
  const reason = stack && refusal(stack, expected(wanted));
  if (reason) throw new Error(reason);
  return stack;
}

/** Stops the stack behind `file`; false when none runs. */
export async function stopStack(file: string): Promise<boolean> {
  const pid = processBehind(file);
  if (pid === undefined) return false;
  process.kill(pid, 'SIGTERM');
  const running = async (): Promise<boolean> => isStackProcess(pid);
  const { done } = await poll(running, (still) => !still, STOP_MS);
  if (!done) process.kill(pid, 'SIGKILL');
  rmSync(file, { force: true });
  return true;
}

/** Whether that process is a stack: a number can have passed on to another program since. */
function isStackProcess(pid: number): boolean {
  return commandOf(pid).includes('stack/main.ts');
}

function commandOf(pid: number): string {
  try {
    if (process.platform === 'linux')
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    return execFileSync('ps', ['-p', String(pid), '-o', 'command='], { encoding: 'utf8' });
  } catch {
    return '';
  }
}
