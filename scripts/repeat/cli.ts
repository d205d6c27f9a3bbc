import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { inheritedEnv } from '../../helpers/env.ts';
import { reportsFolder } from '../../helpers/reports-folder.ts';
import { readArguments, runCommand as runMain, UsageError } from '../command-line.ts';
import { endingsIn } from '../mutants/verdict.ts';
import { replaceWhole } from '../secrets/private-file.ts';
import { runCommand } from '../steps.ts';
import { falseAlarms, type Round, roundsTable } from './rounds.ts';

const USAGE = `Usage: npm run repeat [-- options] [-- arguments for Playwright]

Runs the healthy suite again and again, each time on a stack of its own, and tells every test that failed: a false alarm.
Exit code 1 when there was one.

Options
  --times N    How often. Default: 20.
  --busy       Keep every core busy with something else meanwhile.
  --late       Notion and Resend answer the flows two or three seconds late: what a test reads without having
               waited for it is not there yet.
  --resume     Go on with the rounds of the last run of this command, until there are N.
  --help       This text.`;

async function main(args: string[]): Promise<number> {
  const { values, positionals } = readArguments({
    args,
    allowPositionals: true,
    options: {
      times: { type: 'string', default: '20' },
      busy: { type: 'boolean', default: false },
      late: { type: 'boolean', default: false },
      resume: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const times = Number(values.times);
  if (!Number.isInteger(times) || times < 1) throw new UsageError('--times takes a whole number above 0');

  const kind = ['repeat', ...(values.busy ? ['busy'] : []), ...(values.late ? ['late'] : [])].join('-');
  const folder = join(reportsFolder(), kind);
  const file = join(folder, 'rounds.json');
  const rounds: Round[] = values.resume ? await readRounds(file) : [];
  if (!values.resume) await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const loads = values.busy ? keepBusy() : [];
  try {
    while (rounds.length < times) {
      const own = join(folder, `round-${rounds.length + 1}`);
      await mkdir(own, { recursive: true });
      const environment = inheritedEnv({
        FUNNEL_REPORTS: own,
        FUNNEL_TOTALS: 'later',
        ...(values.late ? { LATE_ANSWERS_MS: '3000' } : {}),
      });
      const { output, seconds } = await runCommand('playwright test', 'nothing', positionals, environment);
      await writeFile(join(own, 'run.log'), output);
      const results = await readFile(join(own, 'results.json'), 'utf8').catch(() => {
        throw new Error(
          `Round ${rounds.length + 1} ended before any test: ${relative(process.cwd(), own)}/run.log`,
        );
      });
      const endings = endingsIn(JSON.parse(results));
      const round: Round = { seconds, endings };
      rounds.push(round);
      await replaceWhole(file, JSON.stringify(rounds));
      const failed = falseAlarms([round]).length;
      // A round's evidence is only of use where something failed.
      if (failed === 0) await rm(own, { recursive: true, force: true });
      const passed = endings.filter(({ status }) => status === 'passed').length;
      console.log(
        `round ${rounds.length}/${times}: ${passed} passed, ${failed} failed, ${Math.round(seconds)} s`,
      );
    }
  } finally {
    for (const load of loads) load.kill();
  }
  console.log(`\n${roundsTable(rounds)}\n${relative(process.cwd(), file)}`);
  return falseAlarms(rounds).length > 0 ? 1 : 0;
}

/** As many endless loops as there are cores. They end with this process. */
function keepBusy(): ChildProcess[] {
  const loop =
    'const up = process.ppid; for (let n = 0; ; n++) if (n % 1e8 === 0 && process.ppid !== up) process.exit();';
  return Array.from({ length: availableParallelism() }, () =>
    spawn(process.execPath, ['--eval', loop], { stdio: 'ignore' }),
  );
}

async function readRounds(file: string): Promise<Round[]> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Round[];
  } catch {
    return [];
  }
}

await runMain(USAGE, main);
