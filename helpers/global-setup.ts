import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { dataFolderOf } from '../stack/data-folder.ts';
import type { FullConfig } from '@playwright/test';
import { findUsableStack, processBehind } from '../stack/kept.ts';
import { keptStackFile, root, stackFolder } from '../stack/paths.ts';
import type { StackFile } from '../stack/stack-file.ts';
import { startStackProcess } from '../stack/start.ts';
import { beginAttachedRun } from './attached-run.ts';
import { handOn, readEnv } from './env.ts';
import { meetSite } from './foreign-site.ts';
import { reportsFolder } from './reports-folder.ts';
import { offencesAt } from './stand-in-state.ts';

const KEPT_RUN_FOLDERS = 3;

/** Uses the kept stack or starts one for this run; afterwards looks for offences, and stops what it started. */
export default async function globalSetup(config: FullConfig): Promise<(() => Promise<void>) | undefined> {
  try {
    return await prepare(config);
  } catch (error) {
    // Playwright would put our own source lines around a sentence that says all there is to do.
    if (error instanceof Error) error.stack = error.message;
    throw error;
  }
}

async function prepare(config: FullConfig): Promise<(() => Promise<void>) | undefined> {
  // allure-playwright adds to what it finds: without this, the last run's tests would show up as retries.
  rmSync(join(reportsFolder(), 'allure-results'), { recursive: true, force: true });

  const env = readEnv();
  if (env.TARGET === 'homelab') return beginAttachedRun(env, config.workers);
  const begun = Date.now();

  const running = findUsableStack(resolve(root, env.FUNNEL_STACK_FILE), env);
  // A site that is not ours is started with a stack's addresses, so its stack outlives the run.
  const kept = running ?? (env.SITE_URL ? await keepStack() : undefined);
  if (kept) {
    tell(`uses the stack kept since ${kept.startedAt}`, kept);
    if (env.SITE_URL) await meetSite(env.SITE_URL, kept);
    return () => failOnOffences(kept, begun);
  }

  removeOldRunFolders();
  const folder = join(stackFolder, `run-${randomUUID().slice(0, 8)}`);
  const file = join(folder, 'stack.json');
  const stack = await startStackProcess({ file, folder });
  tell(`ready in ${((Date.now() - begun) / 1000).toFixed(1)} s`, stack.file);
  handOn('FUNNEL_STACK_FILE', file);

  return async () => {
    try {
      await failOnOffences(stack.file, begun);
    } finally {
      await stack.stop();
    }
  };
}

async function keepStack(): Promise<StackFile> {
  const stack = await startStackProcess({
    file: keptStackFile,
    folder: join(stackFolder, 'kept'),
    keep: true,
  });
  stack.release();
  return stack.file;
}

function tell(how: string, { kestra, commit, logFolder }: StackFile): void {
  console.log(`Stack: ${how} (Kestra ${kestra.version}, flows ${commit}, logs ${relative(root, logFolder)})`);
}

async function failOnOffences({ notion, resend, alerts }: StackFile, since: number): Promise<void> {
  const offences = [
    ...(await offencesAt('The Notion stand-in', notion.url, since)),
    ...(await offencesAt('The Resend stand-in', resend.url, since)),
    ...(await offencesAt('The alerts stand-in', alerts.url, since)),
  ];
  if (offences.length > 0) throw new Error(`This run must not pass:\n${offences.join('\n')}`);
}

/** The logs of the last few runs stay for whoever looks into a failure. */
function removeOldRunFolders(): void {
  const age = (path: string): number => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  mkdirSync(stackFolder, { recursive: true });
  const names = readdirSync(stackFolder, { withFileTypes: true }).filter(
    (entry) => entry.isDirectory() && entry.name.startsWith('run-'),
  );
  const folders = names.map(({ name }) => join(stackFolder, name)).sort((a, b) => age(b) - age(a));
  for (const folder of folders.slice(KEPT_RUN_FOLDERS)) {
    if (processBehind(join(folder, 'stack.json')) !== undefined) continue;
    rmSync(dataFolderOf(folder, 'memory'), { recursive: true, force: true });
    rmSync(folder, { recursive: true, force: true });
  }
}
