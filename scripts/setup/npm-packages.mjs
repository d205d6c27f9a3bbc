import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Missing, root, run, tail } from './machine.mjs';

/**
 * The first difference between what the lock file asks for and what `npm` says it installed, or undefined.
 * Packages that are optional (other platforms' binaries) may be absent.
 * @param {{packages: Record<string, {version?: string, optional?: boolean}>}} wanted
 * @param {{packages: Record<string, {version?: string}>}} installed
 */
export function firstDifference(wanted, installed) {
  for (const [path, { version, optional }] of Object.entries(wanted.packages)) {
    const present = installed.packages[path];
    if (path !== '' && present?.version !== version && (present || !optional)) return path;
  }
  return Object.keys(installed.packages).find((path) => !(path in wanted.packages));
}

/** @param {string} path */
const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'));

export const npmPackages = {
  name: 'npm packages',

  async find() {
    const installed = join(root, 'node_modules/.package-lock.json');
    if (!existsSync(installed)) return undefined;
    if (firstDifference(readJson(join(root, 'package-lock.json')), readJson(installed))) return undefined;
    return {};
  },

  async install() {
    const { ok, output } = await run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
    if (!ok) throw new Missing(`npm ci failed:\n${tail(output)}`, 'npm ci');
    return {};
  },
};
