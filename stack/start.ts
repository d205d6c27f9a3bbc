import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { inheritedEnv, readEnv, readKestraVersion } from '../helpers/env.ts';
import { KESTRA_VERSIONS } from '../scripts/setup/kestra-versions.mjs';
import { readStackFile } from '../helpers/target.ts';
import { Message } from './messages.ts';
import { root } from './paths.ts';
import { readSetup } from './setup-file.ts';
import type { StackFile } from './stack-file.ts';

// Docker fetches its images the first time, which is a gigabyte.
const START_MS = { embedded: 300_000, docker: 900_000 };
const STOP_MS = 60_000;

export interface StartOptions {
  file: string;
  folder: string;
  database?: 'memory' | 'file';
  /** The stack outlives this process. */
  keep?: boolean;
  /** The stand-ins keep the real services' rate limits, and take their time. */
  strained?: boolean;
  /** How long a testing minute lasts, where it is not what the environment says. */
  testingMinuteSeconds?: number;
  report?: (progress: string) => void;
}

export interface StartedStack {
  file: StackFile;
  /** Lets a kept stack go on without this process. */
  release(): void;
  stop(): Promise<void>;
}

/** Starts the stack in a process of its own and waits until it is ready. */
export async function startStackProcess(options: StartOptions): Promise<StartedStack> {
  const { STACK_ENGINE, KESTRA_VERSION } = readEnv();
  if (STACK_ENGINE === 'embedded') readSetup(); // an incomplete set-up is told here, before anything starts
  else if (KESTRA_VERSION !== KESTRA_VERSIONS[0]) {
    throw new Error(
      `KESTRA_VERSION chooses the embedded engine's: leave it out, or STACK_ENGINE=${STACK_ENGINE}.`,
    );
  }
  mkdirSync(options.folder, { recursive: true });
  const logFile = join(options.folder, 'stack.log');
  const log = openSync(logFile, 'w', 0o600);
  const child = spawn(
    process.execPath,
    [
      '--import=tsx',
      join(root, 'stack/main.ts'),
      `--file=${options.file}`,
      `--folder=${options.folder}`,
      `--database=${options.database ?? 'memory'}`,
      ...(options.keep ? ['--keep'] : []),
      ...(options.strained ? ['--strained'] : []),
    ],
    // A group of its own: Ctrl-C in the terminal reaches the runner, which stops the stack when the tests have ended.
    { cwd: root, detached: true, stdio: ['ignore', log, log, 'ipc'], env: environmentOf(options) },
  );
  const ended = once(child, 'exit');

  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    await ended;
    clearTimeout(timer);
  };

  try {
    await untilReady(child, START_MS[STACK_ENGINE], options.report);
  } catch (cause) {
    await stop();
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`The local stack did not start: ${reason}\nLog: ${logFile}`, { cause });
  }
  return {
    file: readStackFile(options.file),
    release: () => {
      child.disconnect();
      child.unref();
    },
    stop,
  };
}

/** A stack is its own target, whatever the process that starts it points at. */
const environmentOf = ({ testingMinuteSeconds }: StartOptions): NodeJS.ProcessEnv =>
  inheritedEnv({
    TARGET: 'local',
    KESTRA_VERSION: readKestraVersion(),
    ...(testingMinuteSeconds === undefined ? {} : { TESTING_MINUTE_SECONDS: String(testingMinuteSeconds) }),
  });

async function untilReady(
  child: ChildProcess,
  withinMs: number,
  report: StartOptions['report'],
): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`not ready within ${withinMs / 1000} s`)), withinMs);
    const settle = (error?: Error): void => {
      clearTimeout(timer);
      if (error) reject(error);
      else resolve();
    };
    child.on('message', (raw) => {
      const message = Message.parse(raw);
      if (message.event === 'progress') report?.(message.text);
      else settle(message.event === 'failed' ? new Error(message.reason) : undefined);
    });
    child.once('error', settle);
    child.once('exit', (code, signal) => settle(new Error(`its process ended with ${signal ?? code}`)));
  });
}
