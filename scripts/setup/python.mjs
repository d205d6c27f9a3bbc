import { dirname, join } from 'node:path';
import { isExecutable, Missing, note, onPath, run, unchanged } from './machine.mjs';
import { apt, packageCommand } from './packages.mjs';

// A version manager's shim costs 50 ms and more at every task; sys.executable is the interpreter behind it.
const question = 'import sys; print(sys.executable); print(sys.version_info >= (3, 9))';

/** The interpreter behind `name`, when it is new enough and its folder has it as `python3`. @param {string} name */
async function resolve(name) {
  const [executable = '', newEnough] = (await run(name, ['-c', question])).stdout.trim().split('\n');
  return newEnough === 'True' && isExecutable(join(dirname(executable), 'python3')) ? executable : undefined;
}

export const python = {
  name: 'Python',

  /** @param {{ python?: import('./machine.mjs').Noted }} setup */
  async find({ python: noted }) {
    if (unchanged(noted)) return { python: noted, detail: noted.executable };
    for (const name of [...onPath('python3'), ...onPath('python')]) {
      const executable = await resolve(name);
      if (executable) return { python: note(executable), detail: executable };
    }
    return undefined;
  },

  async install() {
    const found = (await apt.install('python3')) && (await python.find({}));
    if (found) return found;
    throw new Missing(
      'no Python 3.9 or newer here, and it could not be installed',
      await packageCommand({
        brew: 'python',
        apt: 'python3',
        dnf: 'python3',
        pacman: 'python',
        apk: 'python3',
      }),
    );
  },
};
