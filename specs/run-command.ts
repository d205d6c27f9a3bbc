import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { inheritedEnv } from '../helpers/env.ts';
import { root } from '../stack/paths.ts';

const COMMANDS = { flows: 'scripts/flows/cli.ts', lead: 'scripts/ops/lead-cli.ts' };

/** `npm run flows -- …` and `npm run lead -- …`, in a process of its own, as a person runs them. */
export async function runCommand(name: keyof typeof COMMANDS, ...args: string[]) {
  const child = spawn(process.execPath, ['--import=tsx', join(root, COMMANDS[name]), ...args], {
    cwd: root,
    env: inheritedEnv(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'close');
  const [output, faults] = await Promise.all([text(child.stdout), text(child.stderr)]);
  await ended;
  return { code: child.exitCode, output, faults: faults.split('\n').filter(Boolean) };
}
