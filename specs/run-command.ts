import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { inheritedEnv } from '../helpers/env.ts';
import { root } from '../stack/paths.ts';

const COMMANDS = {
  flows: 'scripts/flows/cli.ts',
  lead: 'scripts/ops/lead-cli.ts',
  sweep: 'scripts/sweep.ts',
};

/** `npm run flows -- …` and its like, in a process of its own, as a person runs them. */
export const runCommand = (name: keyof typeof COMMANDS, ...args: string[]) =>
  runCommandWith({}, name, ...args);

/** The same with these variables. */
export async function runCommandWith(
  variables: Record<string, string>,
  name: keyof typeof COMMANDS,
  ...args: string[]
) {
  const child = spawn(process.execPath, ['--import=tsx', join(root, COMMANDS[name]), ...args], {
    cwd: root,
    env: inheritedEnv(variables),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'close');
  const [output, faults] = await Promise.all([text(child.stdout), text(child.stderr)]);
  await ended;
  return { code: child.exitCode, output, faults: faults.split('\n').filter(Boolean) };
}
