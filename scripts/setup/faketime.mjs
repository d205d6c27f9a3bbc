// A library that shows a process another clock, for the specs of clocks that differ. Set-up goes on without it.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isMac, subfolders } from './machine.mjs';
import { apt } from './packages.mjs';

const name = 'faketime/libfaketime.so.1';

/** Where Debian (by architecture), Fedora and Arch keep it. */
const installed = () =>
  ['/usr/lib64', '/usr/lib', ...subfolders('/usr/lib').filter((folder) => folder.endsWith('-linux-gnu'))]
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));

export const faketime = {
  name: 'libfaketime',

  /** @param {{ faketime?: { path: string | null } }} setup */
  async find({ faketime: noted }) {
    const path = isMac ? undefined : installed();
    if (path) return { faketime: { path }, detail: path };
    // Tried before: who installs it by hand is found above.
    return noted?.path === null || isMac ? { faketime: { path: null }, detail: 'none' } : undefined;
  },

  async install() {
    await apt.install('libfaketime');
    const path = installed() ?? null;
    return { faketime: { path }, detail: path ?? 'none: clocks that differ are not tried here' };
  },
};
