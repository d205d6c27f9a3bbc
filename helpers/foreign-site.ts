import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { request } from 'undici';
import { root, stackFolder } from '../stack/paths.ts';
import type { StackFile } from '../stack/stack-file.ts';
import { FOREIGN_SITE_MODE } from './target.ts';
import { poll } from './wait.ts';
import { websiteVariables } from './website-variables.ts';
import { relative } from 'node:path';

/** Long enough to start a Next.js site in another terminal. */
const PATIENCE_MS = 180_000;

/** Says what a site must start with to have this stack behind it, and waits until it answers. Throws when it never does. */
export async function meetSite(url: string, stack: StackFile): Promise<void> {
  const variables = websiteVariables(stack, FOREIGN_SITE_MODE);
  const file = join(stackFolder, 'website.env');
  const lines = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
  writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o600 });
  console.log(
    `Site: ${url}. It must have started with these variables, which are in ${relative(root, file)}:\n` +
      Object.entries(variables)
        .map(([name, value]) => `  ${name}=${process.stdout.isTTY ? value : masked(name, value)}`)
        .join('\n'),
  );
  if (await answers(url)) return;
  console.log(`The site does not answer yet; waiting up to ${PATIENCE_MS / 1000} s for it …`);
  const { done } = await poll(
    () => answers(url),
    (up) => up,
    PATIENCE_MS,
  );
  if (!done)
    throw new Error(`No site answers at ${url}: start it with the variables of ${relative(root, file)}.`);
}

/** For a log that is kept: an address without its key, a key not at all. */
export const masked = (name: string, value: string): string =>
  name.startsWith('KESTRA_WEBHOOK_')
    ? value.replace(/[^/]+$/, '****')
    : name.endsWith('_KEY')
      ? '****'
      : value;

async function answers(url: string): Promise<boolean> {
  try {
    const { body } = await request(url);
    await body.dump();
    return true;
  } catch {
    return false;
  }
}
