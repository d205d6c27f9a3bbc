import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { inheritedEnv } from '../helpers/env.ts';
import { clockVariables, type SkewedClock, tidyAfter } from './clock.ts';
import { root } from './paths.ts';
import { reservePort } from './reserved-port.ts';
import { readSetup, type Setup } from './setup-file.ts';

// Ready after 3 to 4 s with the AOT cache, 11 s without; four times that on a machine busy with other work.
const START_MS = 180_000;
const STOP_MS = 10_000;

const Ready = z.object({
  event: z.literal('ready'),
  url: z.url(),
  managementUrl: z.url(),
  version: z.string(),
});

export interface Engine {
  url: string;
  managementUrl: string;
  version: string;
  /** Settles when Kestra has ended, for whatever reason. */
  ended: Promise<void>;
  stop(): Promise<void>;
}

/** One whose process is ours. */
export interface EmbeddedEngine extends Engine {
  /** Without a warning, as a machine that loses its power: nothing is written, nobody is told. */
  kill(): Promise<void>;
}

interface Ports {
  api: number;
  management: number;
}

/** How this start of an engine differs from the usual one. */
export interface EngineStart {
  /** Those of an earlier one, so that its callers find it again; new ones otherwise, which stay its own while it is dead. */
  ports?: Ports;
  /** A clock that is off. */
  clock?: SkewedClock;
  /** How long it may take until it answers. */
  withinMs?: number;
  /** The command that runs it where it sees other disks. */
  within?: readonly string[];
}

export interface EngineOptions extends EngineStart {
  /** Takes the engine's log and hosts file. */
  folder: string;
  dataFolder: string;
  database: 'memory' | 'file';
  user: string;
  password: string;
  /** What flows read: `SECRET_…` and `ENV_…`. */
  flowEnvironment: Record<string, string>;
}

/** Starts the JVM with the embedded Kestra and waits until its API answers. It ends when this process does. */
export async function startEmbeddedEngine(options: EngineOptions): Promise<EmbeddedEngine> {
  const { folder, within = [] } = options;
  const ports = options.ports ?? { api: await reservePort(), management: await reservePort() };
  const setup = readSetup();
  const logFile = join(folder, 'engine.log');
  const consoleFile = join(folder, 'engine-console.log');
  const [command = '', ...args] = [
    ...within,
    setup.java.executable,
    ...jvmArguments(setup, { ...options, ports }, logFile),
  ];
  const child = spawn(command, args, {
    cwd: folder,
    // Of an engine that is started again both logs go on.
    stdio: ['pipe', 'pipe', openSync(consoleFile, options.ports ? 'a' : 'w')],
    env: inheritedEnv({
      ...options.flowEnvironment,
      KESTRA_PASSWORD: options.password,
      // Clocks change here, so that a delay counted in days of a calendar shows.
      TZ: 'Europe/Berlin',
      // Kestra's Process runner takes the first python3 on PATH; a version manager's shim would cost 50 ms a task.
      PATH: `${dirname(setup.python.executable)}${delimiter}${inheritedEnv()['PATH'] ?? ''}`,
      ...(options.clock ? clockVariables(options.clock) : {}),
    }),
  });
  const ended = once(child, 'exit').then(() => undefined);

  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    await ended;
    clearTimeout(timer);
  };

  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
    if (options.clock) tidyAfter(child.pid);
  };

  try {
    const { url, managementUrl, version } = await firstReadyLine(child, options.withinMs ?? START_MS);
    return { url, managementUrl, version, ended, stop, kill };
  } catch (cause) {
    child.kill('SIGKILL');
    const [console = '', log = ''] = [consoleFile, logFile].map((file) => tailOf(file));
    // The one line that tells why comes first: a report may show no more.
    const why = console.split('\n').findLast((line) => line.startsWith('engine: ')) ?? '';
    throw new Error(`Kestra did not start: ${String(cause)}\n${why}\n${console}\n${log}\n(${logFile})`, {
      cause,
    });
  }
}

function jvmArguments(
  setup: Setup,
  { folder, ports, ...options }: EngineOptions & { ports: Ports },
  logFile: string,
): string[] {
  // The engine can resolve nothing but this machine, so a forgotten setting can't reach the real services.
  const hosts = join(folder, 'hosts');
  writeFileSync(hosts, `127.0.0.1 localhost ${hostname()}\n`);
  return [
    `@${join(root, 'stack/kestra/jvm.options')}`,
    ...(setup.aot.path === null ? [] : [`-XX:AOTCache=${setup.aot.path}`]),
    `-Djdk.net.hosts.file=${hosts}`,
    '-cp',
    setup.engine.classPath.join(delimiter),
    'dev.funnel.engine.Main',
    ...flags({
      port: String(ports.api),
      'management-port': String(ports.management),
      user: options.user,
      'data-dir': options.dataFolder,
      database: options.database,
      'log-file': logFile,
    }),
    '--exit-when-stdin-closes',
  ];
}

const flags = (values: Record<string, string>): string[] =>
  Object.entries(values).flatMap(([name, value]) => [`--${name}`, value]);

async function firstReadyLine(
  child: ReturnType<typeof spawn>,
  withinMs: number,
): Promise<z.infer<typeof Ready>> {
  if (!child.stdout) throw new Error('no output to read');
  const lines = createInterface({ input: child.stdout });
  return await new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`not ready within ${withinMs / 1000} s`)), withinMs);
    lines.on('line', (line) => {
      const ready = Ready.safeParse(parseJson(line));
      if (!ready.success) return;
      clearTimeout(timer);
      resolve(ready.data);
    });
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      reject(new Error(`the JVM ended with ${signal ?? code}`));
    });
  });
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function tailOf(file: string, lines = 30): string {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
  } catch {
    return '';
  }
}
