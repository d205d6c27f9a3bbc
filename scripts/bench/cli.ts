import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { readEnv } from '../../helpers/env.ts';
import { reportsFolder } from '../../helpers/reports-folder.ts';
import { table } from '../../helpers/table.ts';
import { currentCommit } from '../../stack/version.ts';
import { readArguments, runCommand, UsageError } from '../command-line.ts';
import { compare, earlierOf } from './compare.ts';
import { machineNow, versionsNow } from './machine.ts';
import { page } from './page.ts';
import type { Bench, Part } from './part.ts';
import { detection } from './parts/detection.ts';
import { fixtures } from './parts/fixtures.ts';
import { idle } from './parts/idle.ts';
import { ready } from './parts/ready.ts';
import { report } from './parts/report.ts';
import { sequence, suite } from './parts/suite.ts';
import { amount, type Figure, inOrder, isMet, readResults, type Result, writeResult } from './result.ts';

/** In the order in which they run: the report is made of what the suite left. */
const PARTS: Readonly<Record<string, Part>> = { ready, detection, fixtures, idle, sequence, suite, report };

const USAGE = `Usage: npm run bench [-- options] [-- -- arguments for Playwright in the part suite]

Measures how quick the harness is and what its engine uses at rest. Nothing fails by being slow: each figure is told with
its goal, met or missed. Needs Linux, and no kept stack; best with nothing else on the machine.

Options
  --only PART,PART   These parts. Default: all.
  --compare PATH     An earlier result, or a folder of results: the newest is compared with what was measured, and all are
                     part of the trend. Default: the results of this checkout.
  --page             Measure nothing; make the page of the results that are there.
  --list             Say what the parts measure.
  --help             This text.

Results go to reports/bench: one JSON file a run, and index.html about all of them.`;

async function main(args: string[]): Promise<number> {
  const { values, positionals } = readArguments({
    args,
    allowPositionals: true,
    options: {
      only: { type: 'string' },
      compare: { type: 'string' },
      page: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  if (values.list) {
    console.log(
      table(
        ['part', 'takes', 'measures'],
        Object.entries(PARTS).map(([name, { takes, measures }]) => [name, takes, measures]),
      ),
    );
    return 0;
  }
  const names = values.only?.split(',') ?? Object.keys(PARTS);
  const unknown = names.filter((name) => !Object.hasOwn(PARTS, name));
  if (unknown.length > 0)
    throw new UsageError(
      `--only: there is no part ${unknown.join(', ')}; there are ${Object.keys(PARTS).join(', ')}`,
    );
  if (positionals.length > 0 && !names.includes('suite'))
    throw new UsageError('Arguments for Playwright go to the part suite, and it is not to run');

  // Not where a run has to step aside that finds another one writing: such folders go, and results are to stay.
  const folder = join(readEnv().FUNNEL_REPORTS ?? 'reports', 'bench');
  // Read before anything is measured: a wrong path costs no ten minutes.
  const others = values.compare === undefined ? [] : await readResults(values.compare);
  const own = await readOwn(folder);
  const earlier = inOrder([...own, ...others]);
  // What is named is what is compared with; the trend holds all.
  const comparedWith = others.length > 0 ? others : earlier;
  if (values.page) {
    if (earlier.length === 0) throw new Error('There is no result yet: run npm run bench.');
    await writePage(folder, earlier, comparedWith);
    return 0;
  }

  if (process.platform !== 'linux') throw new Error('The bench reads CPU times from /proc: it needs Linux.');
  const { result, failures } = await measure(names, positionals);
  if (result.figures.length > 0) {
    tellFigures(result, earlierOf(result, comparedWith));
    const file = await writeResult(folder, result);
    console.log(`\n${relative(process.cwd(), file)}`);
    await writePage(folder, [...earlier, result], comparedWith);
  }
  for (const failure of failures) console.error(failure);
  return failures.length > 0 ? 1 : 0;
}

/** Runs the parts one after the other. A part that can't measure is told, and the others still are measured. */
async function measure(
  names: readonly string[],
  playwrightArgs: readonly string[],
): Promise<{ result: Result; failures: string[] }> {
  const work = resolve(reportsFolder(), 'bench-work');
  await rm(work, { recursive: true, force: true });
  const tell = (line: string): void => console.log(`  ${line}`);
  const bench: Bench = { folder: work, tell, playwrightArgs };
  const facts = {
    takenAt: new Date().toISOString(),
    commit: currentCommit(),
    machine: machineNow(),
    versions: versionsNow(),
  };
  const { loadBefore, cores } = facts.machine;
  if (loadBefore > cores) {
    tell(
      `This machine is busy (load ${loadBefore}, ${cores} cores): wall times will say little, CPU times hold.`,
    );
  }
  const figures: Figure[] = [];
  const measured: string[] = [];
  const failures: string[] = [];
  for (const [name, part] of Object.entries(PARTS)) {
    if (!names.includes(name)) continue;
    console.log(`${name} (${part.takes}): ${part.measures}`);
    try {
      figures.push(...(await part.run(bench)));
      measured.push(name);
    } catch (error) {
      failures.push(`${name} has no figures: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return { result: { format: 1, ...facts, parts: measured, figures }, failures };
}

async function writePage(
  folder: string,
  results: readonly Result[],
  comparedWith: readonly Result[],
): Promise<void> {
  const file = join(folder, 'index.html');
  await mkdir(folder, { recursive: true });
  await writeFile(file, page(results, comparedWith));
  console.log(`${relative(process.cwd(), file)} (opens from disk)`);
}

async function readOwn(folder: string): Promise<Result[]> {
  return (await readdir(folder).catch(() => [])).length === 0 ? [] : readResults(folder);
}

function tellFigures(result: Result, before: Result | undefined): void {
  const changes = before && new Map(compare(result, before).map((change) => [change.figure.id, change]));
  const rows = result.figures.map((figure) => {
    const met = isMet(figure);
    const change = changes?.get(figure.id);
    return [
      figure.what,
      amount(figure.value, figure.unit),
      figure.goal === undefined ? '' : `${amount(figure.goal, figure.unit)} ${met ? 'met' : 'MISSED'}`,
      change?.before === undefined ? '' : `${amount(change.before, figure.unit)} ${change.verdict}`,
    ];
  });
  console.log(`\n${table(['figure', 'measured', 'goal', before ? `before (${before.commit})` : ''], rows)}`);
}

await runCommand(USAGE, main);
