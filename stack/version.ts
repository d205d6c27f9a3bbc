import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { root } from './paths.ts';

const parts = ['flows', 'stack', 'scripts/flows', 'package-lock.json'];
const generated = /(^|\/)(target|__pycache__|tests)(\/|$)|\.test\.ts$|\.md$/;

/** A hash over all that makes a stack what it is: two stacks with the same one behave alike. */
export function stackVersion(folder: string = root): string {
  const sum = createHash('sha256');
  for (const file of parts.flatMap((part) => filesUnder(join(folder, part), folder))) {
    sum
      .update(file)
      .update('\0')
      .update(readFileSync(join(folder, file)))
      .update('\0');
  }
  return sum.digest('hex').slice(0, 16);
}

function filesUnder(path: string, folder: string): string[] {
  const name = relative(folder, path);
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats || generated.test(name)) return [];
  if (stats.isFile()) return [name];
  return readdirSync(path)
    .sort()
    .flatMap((entry) => filesUnder(join(path, entry), folder));
}

/** The commit of this checkout; `-changed` when flows, stack or suite differ from it. */
export function currentCommit(): string {
  const git = (...args: string[]): string =>
    execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    return `${git('rev-parse', '--short=12', 'HEAD')}${git('status', '--porcelain') ? '-changed' : ''}`;
  } catch {
    return 'unknown'; // an exported source tree has no git
  }
}
