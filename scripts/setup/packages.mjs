// The system's package manager: Debian's is used where we are root, the others' commands are only named.
import { existsSync, readFileSync } from 'node:fs';
import { env, isMac, isRoot, onPath, run } from './machine.mjs';

const present = !isMac && onPath('apt-get').length > 0;
const options = ['-y', '-q', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=120'];

/** @type {Promise<unknown> | undefined} */
let refreshed;
/** Steps run side by side, and apt-get one at a time. @type {Promise<unknown>} */
let last = Promise.resolve();

export const apt = {
  present,

  /** True for Debian itself: Ubuntu's `chromium` package only wraps a snap. */
  isDebian: () =>
    existsSync('/etc/os-release') && /^ID=debian$/m.test(readFileSync('/etc/os-release', 'utf8')),

  /** @param {string} name */
  async offers(name) {
    if (!present) return false;
    return /Candidate: (?!\(none\))/.test((await run('apt-cache', ['policy', name])).stdout);
  },

  /**
   * Installs the packages as root; false when that is not possible here.
   * @param {...string} packages
   * @returns {Promise<boolean>}
   */
  install(...packages) {
    if (!present || !isRoot) return Promise.resolve(false);
    const done = last.then(async () => {
      await (refreshed ??= run('apt-get', ['update', '-q']));
      for (const name of packages) if (!(await apt.offers(name))) return false;
      const quiet = { env: { ...env, DEBIAN_FRONTEND: 'noninteractive' } };
      return (await run('apt-get', ['install', ...options, ...packages], quiet)).ok;
    });
    last = done;
    return done;
  },
};

/**
 * The command with which this system's package manager installs something.
 * @param {{ brew: string, apt: string, dnf: string, pacman: string, apk: string }} names
 * @param {string} [otherwise] the command where none of them is present
 */
export async function packageCommand(names, otherwise) {
  const sudo = isRoot ? '' : 'sudo ';
  if (isMac) return onPath('brew').length > 0 || !otherwise ? `brew install ${names.brew}` : otherwise;
  if (names.apt && (await apt.offers(names.apt))) return `${sudo}apt-get install -y ${names.apt}`;
  if (onPath('dnf').length > 0) return `${sudo}dnf install -y ${names.dnf}`;
  if (onPath('pacman').length > 0) return `${sudo}pacman -S --noconfirm ${names.pacman}`;
  if (onPath('apk').length > 0) return `${sudo}apk add ${names.apk}`;
  return otherwise ?? `${sudo}apt-get update && ${sudo}apt-get install -y ${names.apt}`;
}
