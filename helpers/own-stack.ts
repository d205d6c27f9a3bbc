import { mkdtempSync, rmSync, symlinkSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { EngineStart } from '../stack/engine.ts';
import { dataFolderOf } from '../stack/data-folder.ts';
import { stackFolder } from '../stack/paths.ts';
import type { StackFile } from '../stack/stack-file.ts';
import { readSetup } from '../stack/setup-file.ts';
import { canHaveSmallDisk, SmallDisk } from '../stack/small-disk.ts';
import { type Stack, startStack } from '../stack/stack.ts';
import { offencesAt } from './stand-in-state.ts';
import { localTarget, type Power, type Target } from './target.ts';
import { TEST_MAILBOX } from './test-mailbox.ts';

/** Beside a whole suite, and under another clock, an engine takes five times as long to start. */
const START_MS = 180_000;

/** What may be done to the engine of a stack of one's own. */
export interface EngineSwitch {
  /** SIGKILL: nothing is saved, nobody is told. */
  kill(): Promise<void>;
  /** Starts it on what the one before has left, at the same address; returns the moment it answered. */
  start(how?: { clockAheadMs?: number }): Promise<Date>;
  /** Runs again, with the right clock and room on its disk, whatever a test left behind. */
  restore(): Promise<void>;
}

/** The disk that the engine's storage and its tasks' folders are on. Its database is on another. */
export interface Disk {
  fill(): Promise<void>;
  clear(): Promise<void>;
}

export interface OwnStack {
  target: Target;
  engine: EngineSwitch;
  disk: Disk | undefined;
  /** Throws what stand-ins saw that no run may do. */
  stop(): Promise<void>;
}

/**
 * Starts a stack in this process whose database is a file, for tests that let its parts come to harm. It has the secrets of
 * the run's own stack, for which the report is searched.
 */
export async function startOwnStack({
  kestra,
  notion,
  resend,
  alerts,
  testingMinuteSeconds,
}: StackFile): Promise<OwnStack> {
  mkdirSync(stackFolder, { recursive: true });
  const folder = mkdtempSync(join(stackFolder, 'run-own-'));
  const { faketime } = readSetup();
  const disk = (await canHaveSmallDisk()) ? await smallDiskUnder(folder) : undefined;
  const usual = { withinMs: START_MS, ...(disk ? { within: disk.within(folder) } : {}) };
  const begun = Date.now();
  const stack = await startStack({
    file: join(folder, 'stack.json'),
    folder,
    database: 'file',
    testingMinuteSeconds,
    testMailbox: TEST_MAILBOX,
    engine: 'embedded',
    engineStart: usual,
    secrets: {
      user: kestra.user,
      password: kestra.password,
      notion: { flows: notion.flowsToken, harness: notion.token },
      resend: resend.keys,
      alerts: alerts.tokens,
      webhookKeys: kestra.webhookKeys,
    },
    report: () => undefined,
  }).catch(async (error: unknown) => {
    await disk?.close();
    throw error;
  });

  const target = localTarget(stack.file);
  const powers: Power[] = [
    'own-stack',
    ...(faketime.path === null ? [] : ['skewed-clock' as const]),
    ...(disk ? ['small-disk' as const] : []),
  ];
  return {
    target: { ...target, powers: new Set([...target.powers, ...powers]) },
    engine: engineSwitch(stack, { usual, disk, faketime: faketime.path }),
    disk,
    stop: async () => {
      const offences = [
        ...(await offencesAt('The Notion stand-in', stack.file.notion.url, begun)),
        ...(await offencesAt('The Resend stand-in', stack.file.resend.url, begun)),
      ];
      await stack.stop();
      await disk?.close();
      // Its logs stay for whoever looks into a failure, like those of a run's other stack.
      rmSync(dataFolderOf(folder, 'file'), { recursive: true, force: true });
      if (offences.length > 0) throw new Error(`This run must not pass:\n${offences.join('\n')}`);
    },
  };
}

/** With the engine's storage and its tasks' folders on it. */
async function smallDiskUnder(folder: string): Promise<SmallDisk> {
  const data = dataFolderOf(folder, 'file');
  const mounted = join(folder, 'disk');
  const folders = ['storage', 'tmp'];
  const disk = await SmallDisk.at(
    mounted,
    folders.map((name) => join(mounted, name)),
  );
  mkdirSync(data, { recursive: true });
  // Dangling for this process; for the engine, which sees the disk, they lead to it.
  for (const name of folders) symlinkSync(join(mounted, name), join(data, name));
  return disk;
}

function engineSwitch(
  stack: Stack,
  { usual, disk, faketime }: { usual: EngineStart; disk: SmallDisk | undefined; faketime: string | null },
): EngineSwitch {
  let state: 'well' | 'dead' | 'off' = 'well';
  const kill = async () => {
    await stack.engine.kill();
    state = 'dead';
  };
  const start: EngineSwitch['start'] = async ({ clockAheadMs = 0 } = {}) => {
    const clock =
      clockAheadMs === 0 || faketime === null ? {} : { clock: { offsetMs: clockAheadMs, library: faketime } };
    await stack.engine.start({ ...usual, ...clock });
    state = clockAheadMs === 0 ? 'well' : 'off';
    return new Date();
  };
  return {
    kill,
    start,
    restore: async () => {
      await disk?.clear();
      if (state === 'off') await kill();
      if (state === 'dead') await start();
    },
  };
}
