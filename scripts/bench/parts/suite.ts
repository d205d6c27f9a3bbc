import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { longestTestingMs } from '../../../helpers/timetable.ts';
import { measuredRun, type MeasuredRun } from '../measured-run.ts';
import type { Bench, Part } from '../part.ts';
import type { Figure } from '../result.ts';

const CHAIN_GOAL = 2.5;

export const sequence: Part = {
  measures:
    'the specs tagged @sequence: their wall time over the longest chain that nothing shortens, which is the start of the stack and then the wait for the last of a sequence’s mails',
  takes: '2 min',
  run: async (bench) => {
    const run = await runSpecs(bench, 'sequence', ['--grep', '@sequence']);
    const chainMs = (run.stackReadyMs ?? 0) + longestTestingMs();
    return [
      {
        id: 'sequence.over-chain',
        what: 'Wall time of the @sequence specs over the longest unavoidable chain',
        unit: '×',
        value: Number((run.wallMs / chainMs).toFixed(2)),
        goal: CHAIN_GOAL,
        note: `${seconds(run.wallMs)} s over ${seconds(chainMs)} s: stack ready after ${seconds(run.stackReadyMs ?? 0)} s, last mail due ${seconds(longestTestingMs())} s after its sequence began.`,
      },
      ...wallAndCpu('sequence', 'the @sequence specs', run),
    ];
  },
};

export const suite: Part = {
  measures:
    'the whole suite, or the selection behind `--`: its CPU time over all cores is the floor below which no run on this machine can come; its wall time against that',
  takes: '10 min',
  run: async (bench) => {
    const run = await runSpecs(bench, 'suite', bench.playwrightArgs);
    // By another name, so that a part is never compared with the whole.
    return bench.playwrightArgs.length === 0
      ? wallAndCpu('suite', 'the whole suite', run)
      : wallAndCpu('selection', `a selection of the suite (${bench.playwrightArgs.join(' ')})`, run);
  },
};

async function runSpecs(
  { folder, tell }: Bench,
  name: string,
  args: readonly string[],
): Promise<MeasuredRun> {
  const reports = join(folder, name);
  const run = await measuredRun(reports, args);
  tell(
    `${name}: ${seconds(run.wallMs)} s, ${seconds(run.cpuMs)} s of CPU${run.code === 0 ? '' : `; it FAILED, see ${reports}/run.log`}`,
  );
  if (run.cpuMs === 0 || run.stackReadyMs === undefined)
    throw new Error(
      `No figures of ${name}: it ran on a stack that was up before. Run: npm run stack -- stop`,
    );
  return run;
}

function wallAndCpu(id: string, what: string, run: MeasuredRun): Figure[] {
  const cores = availableParallelism();
  const parts = Object.fromEntries(Object.entries(run.cpuByRole).map(([role, ms]) => [role, seconds(ms)]));
  const failed =
    run.code === 0
      ? {}
      : { note: 'Tests failed in this run, so it may be shorter or longer than a sound one.' };
  return [
    { id: `${id}.wall`, what: `Wall time of ${what}`, unit: 's', value: seconds(run.wallMs), ...failed },
    { id: `${id}.cpu`, what: `CPU time of ${what}`, unit: 's', value: seconds(run.cpuMs), parts },
    {
      id: `${id}.over-floor`,
      what: `Wall time of ${what} over its CPU floor (CPU time over ${cores} cores)`,
      unit: '×',
      value: Number((run.wallMs / (run.cpuMs / cores)).toFixed(2)),
    },
  ];
}

const seconds = (ms: number): number => Math.round(ms / 100) / 10;
