import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { root } from '../stack/paths.ts';
import { wholeEnv } from './env.ts';
import { type MailPlan, planIn } from './mails.ts';

/** The plan of the run that this process is about to make: Playwright lists the same selection, and runs nothing. */
export async function planOfThisRun(args: readonly string[] = process.argv.slice(3)): Promise<MailPlan> {
  const cli = join(root, 'node_modules/@playwright/test/cli.js');
  const child = spawn(process.execPath, [cli, 'test', ...args, '--list', '--reporter=json'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: wholeEnv(),
  });
  const ended = once(child, 'close');
  const output = await text(child.stdout);
  await ended;
  const start = output.indexOf('{');
  if (start < 0) throw new Error(`Playwright did not list this run's tests:\n${output}`);
  return planIn(JSON.parse(output.slice(start)));
}
