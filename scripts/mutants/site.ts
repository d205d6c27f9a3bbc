import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { inheritedEnv } from '../../helpers/env.ts';
import { root, websiteFolder } from '../../stack/paths.ts';
import type { StackFile } from '../../stack/stack-file.ts';
import type { SiteFiles } from './mutant.ts';

const START_MS = 300_000;

/** Whether a spec file needs a site that stands before the mutant's own deployments. */
export const visits = (spec: string): boolean => /^specs\/(website|puppeteer)\//.test(spec);

/** The files of the reference website. */
export async function readSite(): Promise<SiteFiles> {
  const entries = await readdir(websiteFolder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(websiteFolder.length + 1));
  return new Map(
    await Promise.all(
      paths.map(async (path) => [path, await readFile(join(websiteFolder, path), 'utf8')] as const),
    ),
  );
}

export interface Sites {
  /** What a stack file says of them. */
  about: Pick<StackFile, 'websites' | 'websiteFolder'>;
  stop(): Promise<void>;
}

/**
 * Starts a copy of the reference website before each deployment of a stack. In a process of its own: a defect may end
 * it, and the run goes on. The copy lies in the stack's folder, which is inside the repository wherever the reports
 * are, so that its packages are found.
 */
export async function startSites(
  name: string,
  files: SiteFiles,
  stack: StackFile,
  logFolder: string,
): Promise<Sites> {
  const folder = join(stack.logFolder, 'sites', name);
  for (const [path, text] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  const log = openSync(join(logFolder, 'site.log'), 'w', 0o600);
  const child = fork(join(root, 'scripts/mutants/site-process.ts'), {
    cwd: root,
    execArgv: ['--import=tsx'],
    stdio: ['ignore', log, log, 'ipc'],
    env: inheritedEnv({}),
  });
  closeSync(log);
  const ended = once(child, 'exit');
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill();
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  try {
    child.send({ folder, stack });
    return { about: { websites: await told(child), websiteFolder: folder }, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function told(child: ChildProcess): Promise<StackFile['websites']> {
  const over = new AbortController();
  const signal = AbortSignal.any([over.signal, AbortSignal.timeout(START_MS)]);
  try {
    const [message] = (await Promise.race([
      once(child, 'message', { signal }),
      once(child, 'exit', { signal }).then(() => {
        throw new Error('The changed site does not start; see site.log');
      }),
    ])) as [StackFile['websites']];
    return message;
  } finally {
    over.abort();
  }
}
