// The night's selection against a stack that the suite does not own, on this machine.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { inheritedEnv } from '../helpers/env.ts';
import { startAttachedStack } from '../helpers/rehearsal.ts';
import { root, stackFolder } from '../stack/paths.ts';
import type { StackFile } from '../stack/stack-file.ts';
import { readArguments, runCommand, UsageError } from './command-line.ts';

const USAGE = `Usage: npm run rehearse -- [options] [-- arguments of playwright test]

The night on this machine: starts a stack apart, with the real services' rate limits and latency, attaches to it as to a
homelab, and runs what is tagged @night in real testing minutes, or the arguments given.

Options
  --minute SECONDS   How long a testing minute lasts. Default: 60, as at night.
  --whole            All of a night's steps, from doctor to notify, with a site that posts. Its history is in .stack/nights.
  --help             This text.`;

async function main(args: string[]): Promise<number> {
  const { values, positionals } = readArguments({
    args,
    allowPositionals: true,
    options: {
      minute: { type: 'string', default: '60' },
      whole: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const minute = Number(values.minute);
  if (!(minute > 0)) throw new UsageError('--minute takes a number of seconds above 0');
  if (values.whole && positionals.length > 0)
    throw new UsageError('--whole takes no arguments of playwright test');

  mkdirSync(stackFolder, { recursive: true });
  const stack = await startAttachedStack({ testingMinuteSeconds: minute });
  try {
    const begun = Date.now();
    const suite = [
      join(root, 'node_modules/@playwright/test/cli.js'),
      'test',
      ...(positionals.length > 0 ? positionals : ['--grep', '@night']),
    ];
    const night = ['--import=tsx', join(root, 'scripts/night/cli.ts')];
    const child = spawn(process.execPath, values.whole ? night : suite, {
      cwd: root,
      stdio: 'inherit',
      env: inheritedEnv({ ...stack.variables, ...(values.whole ? siteOf(stack.file) : {}) }),
    });
    const [code] = (await once(child, 'close')) as [number | null];
    console.log(
      `Rehearsed in ${Math.round((Date.now() - begun) / 1_000)} s, testing minutes of ${minute} s.`,
    );
    return code ?? 1;
  } finally {
    await stack.stop();
  }
}

/** What a night has beside the suite's variables: the site, which posts, and where nights are kept. */
const siteOf = ({ websites, namespaces }: StackFile): Record<string, string> => ({
  SITE_URL: websites.testing,
  SITE_NAMESPACE: namespaces.testing,
  OPEN_GATES: '@blocked:website-webhooks',
  NIGHT_FOLDER: join(stackFolder, 'nights'),
});

await runCommand(USAGE, main);
