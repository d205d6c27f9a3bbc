// Removes what runs on an attached target left behind.
import { attachedTarget } from '../helpers/attached.ts';
import { sweeperOf } from '../helpers/attached-run.ts';
import { readEnv } from '../helpers/env.ts';
import { sweep, sweepLine } from '../helpers/sweep.ts';
import { readArguments, runCommand, UsageError } from './command-line.ts';
import { readSince } from './ops/since.ts';

const USAGE = `Usage: npm run sweep -- [options]

What runs with TARGET=homelab left behind: mails that wait for their date, and rows in Notion. By the mark that each run
writes into its leads' addresses (the bare address: into the business's name); what bears none is left as it is, and so is
what runs under way have. Each run sweeps before it begins and when it ends; this is for what no run came after.

Options
  --older-than AGE   Only of runs that began so long ago: 90m, 2h, 3d.
  --yes              Do it. Without it the command only shows what it would do.
  --help             This text.

Needs TARGET=homelab and its variables (see .env.example). Exit code 1 when something could not be removed.`;

async function main(args: string[]): Promise<number> {
  const { values } = readArguments({
    args,
    options: {
      'older-than': { type: 'string' },
      yes: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const env = readEnv();
  if (env.TARGET !== 'homelab')
    throw new UsageError(
      'sweeping is for a target that lasts: set TARGET=homelab. The local stack is thrown away',
    );
  const { 'older-than': age, yes } = values;
  const now = new Date();
  const olderThanMs = age === undefined ? 0 : now.getTime() - readSince(age, now, '--older-than').getTime();
  const swept = await sweep({ ...(await sweeperOf(attachedTarget(env), env)), olderThanMs, yes });
  for (const [what, ids] of Object.entries({ mail: swept.mails, row: swept.rows, 'not ours': swept.foreign }))
    for (const id of ids) console.log(`  ${what}  ${id}`);
  console.log(`${sweepLine(swept, yes)}${yes ? '' : '; --yes does it'}`);
  return 0;
}

await runCommand(USAGE, main);
