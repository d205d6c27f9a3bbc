import { spawnSync } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { readSetup } from '../../../stack/setup-file.ts';
import type { Part } from '../part.ts';
import type { Figure } from '../result.ts';
import { byStep, cpuMsOf, readyMsOf, type Start, startOnce } from '../start.ts';
import { median } from '../statistics.ts';

const TIMES = 5;
const GOAL_S = 4;

/** From the start of the stack's process to its file: stand-ins, engine, both deployments and three websites answer. */
export const ready: Part = {
  measures: `stack ready: as the first start after set-up (caches of disk and of TypeScript empty), ${TIMES} starts after it, and one without the AOT cache`,
  takes: '1 min',
  async run({ folder, tell }) {
    const setup = readSetup();
    const own = join(folder, 'ready');
    const said = (start: Start): string =>
      `${(readyMsOf(start) / 1_000).toFixed(1)} s, ${(cpuMsOf(start) / 1_000).toFixed(1)} s of CPU`;

    const temporary = join(own, 'tmp');
    await mkdir(temporary, { recursive: true });
    const evicted = evict([...setup.engine.classPath, ...(setup.aot.path === null ? [] : [setup.aot.path])]);
    // tsx keeps what it compiled in the folder for temporary files.
    const cold = await startOnce(join(own, 'cold'), { TMPDIR: temporary });
    tell(`ready, the first start: ${said(cold)}`);

    const warm: Start[] = [];
    for (let time = 1; time <= TIMES; time += 1) {
      const start = await startOnce(join(own, `warm-${time}`));
      warm.push(start);
      tell(`ready, start ${time} of ${TIMES}: ${said(start)}`);
    }
    const usual = middleOf(warm, readyMsOf);
    const usualCpu = middleOf(warm, cpuMsOf);

    const figures = [
      inSeconds({
        id: 'ready.first',
        what: 'Stack ready, first start after set-up',
        value: readyMsOf(cold),
        parts: byStep(cold, 'atMs'),
        goal: GOAL_S,
        note: evicted
          ? "Engine and AOT cache were dropped from the system's cache, and tsx began with none."
          : "Only tsx's cache was empty: the system's cache could not be told to forget files here.",
      }),
      inSeconds({
        id: 'ready.usual',
        what: 'Stack ready, any later start (median)',
        value: readyMsOf(usual),
        parts: byStep(usual, 'atMs'),
        samples: warm.map(readyMsOf),
        goal: GOAL_S,
      }),
      inSeconds({
        id: 'ready.cpu',
        what: 'CPU time of a start (median)',
        value: cpuMsOf(usualCpu),
        samples: warm.map(cpuMsOf),
        parts: byStep(usualCpu, 'cpuMs'),
        note: `No start is quicker than this over the number of cores (${availableParallelism()}); it does not depend on what else runs.`,
      }),
      {
        id: 'ready.resident',
        what: "The engine's resident memory when ready (median)",
        unit: 'MB' as const,
        value: Math.round(median(warm.map(({ residentBytes }) => residentBytes)) / 1e6),
      },
    ];
    if (setup.aot.path === null) return figures;
    const plain = await startOnce(join(own, 'plain'), { JAVA_TOOL_OPTIONS: '-XX:AOTMode=off' });
    tell(`ready, without the AOT cache: ${said(plain)}`);
    return [
      ...figures,
      inSeconds({
        id: 'ready.without-aot',
        what: 'Stack ready, the JVM without any cache',
        value: readyMsOf(plain),
        parts: byStep(plain, 'atMs'),
        note: 'To show what the AOT cache is good for; no stack starts so on JDK 25.',
      }),
    ];
  },
};

/** The start in the middle, by what is measured of it. */
function middleOf(starts: readonly Start[], measured: (start: Start) => number): Start {
  const middle = median(starts.map(measured));
  const found = starts.find((start) => measured(start) === middle);
  if (!found) throw new Error('There is no start in the middle of none');
  return found;
}

/** A figure whose values are given in ms, and its goal in seconds. */
function inSeconds(figure: Omit<Figure, 'unit'>): Figure {
  const seconds = (ms: number): number => Math.round(ms) / 1_000;
  const { parts, samples } = figure;
  return {
    ...figure,
    unit: 's',
    value: seconds(figure.value),
    ...(samples ? { samples: samples.map(seconds) } : {}),
    ...(parts
      ? { parts: Object.fromEntries(Object.entries(parts).map(([name, ms]) => [name, seconds(ms)])) }
      : {}),
  };
}

/** Has the system forget what it keeps of these files in memory; false where it can't be told. Needs no special right. */
function evict(files: readonly string[]): boolean {
  return files.every(
    (file) =>
      spawnSync('dd', [`if=${file}`, 'iflag=nocache', 'count=0', 'status=none'], { stdio: 'ignore' })
        .status === 0,
  );
}
