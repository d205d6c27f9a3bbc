import { dirname, join } from 'node:path';
import { isExecutable, Missing, note, onPath, run, setupFolder, unchanged } from './machine.mjs';
import { apt, packageCommand } from './packages.mjs';

// A version manager's shim costs 50 ms and more at every task; sys.executable is the interpreter behind it.
const question = 'import sys; print(sys.executable); print(sys.version_info >= (3, 9))';

/** The interpreter behind `name`, when it is new enough and its folder has it as `python3`. @param {string} name */
async function resolve(name) {
  const [executable = '', newEnough] = (await run(name, ['-c', question])).stdout.trim().split('\n');
  return newEnough === 'True' && isExecutable(join(dirname(executable), 'python3')) ? executable : undefined;
}

// Without anybody's packages, as in Kestra's image: flows may use the standard library alone, and a start costs half.
const folder = join(setupFolder, 'python');

/** The interpreter in an environment of its own; the interpreter itself where none can be made. @param {string} interpreter */
async function isolated(interpreter) {
  await run(interpreter, ['-m', 'venv', '--without-pip', '--clear', folder]);
  const executable = join(folder, 'bin/python3');
  const works = isExecutable(executable) && (await run(executable, ['-c', question])).stdout.includes('True');
  return works ? executable : interpreter;
}

async function onThisMachine() {
  for (const name of [...onPath('python3'), ...onPath('python')]) {
    const interpreter = await resolve(name);
    if (interpreter) return interpreter;
  }
  return undefined;
}

export const python = {
  name: 'Python',

  /** @param {{ python?: import('./machine.mjs').Noted & { interpreter?: string } }} setup */
  async find({ python: noted }) {
    return unchanged(noted) && noted.interpreter ? { python: noted, detail: noted.interpreter } : undefined;
  },

  async install() {
    const interpreter =
      (await onThisMachine()) ?? ((await apt.install('python3')) ? await onThisMachine() : undefined);
    if (interpreter) {
      return { python: { ...note(await isolated(interpreter)), interpreter }, detail: interpreter };
    }
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
