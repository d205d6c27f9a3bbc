import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { Hooks } from '../hooks.ts';
import { measuredRun } from '../measured-run.ts';
import type { Part } from '../part.ts';
import type { Figure } from '../result.ts';
import { median, percentile } from '../statistics.ts';

const GOAL_MS = 50;

interface Kind {
  id: string;
  title: string;
  what: string;
  goal?: number;
}

const KINDS: readonly Kind[] = [
  {
    id: 'bare',
    title: 'a test without any fixture',
    what: 'a bare Playwright test, which is none of our doing',
  },
  {
    id: 'lead',
    title: 'nothing but a lead',
    what: 'a test that takes a lead and nothing else',
    goal: GOAL_MS,
  },
  {
    id: 'clients',
    title: 'every client, and no call',
    what: 'a test that takes every client and calls nobody',
    goal: GOAL_MS,
  },
  {
    id: 'evidence',
    title: 'a sign-up with its evidence',
    what: 'a test with a sign-up, whose evidence is collected',
    goal: GOAL_MS,
  },
];

export const fixtures: Part = {
  measures:
    'fixture overhead: what a test takes before its first and after its last line, evidence and clean-up included; 25 of each of four kinds, one after the other',
  takes: '30 s',
  async run({ folder, tell }) {
    const reports = join(folder, 'fixtures');
    const { code, output } = await measuredRun(reports, ['--config=playwright.bench.config.ts']);
    if (code !== 0) throw new Error(`The tests of specs/bench did not pass: ${output.trim().slice(-2_000)}`);
    const all = z.array(Hooks).parse(JSON.parse(await readFile(join(reports, 'hooks.json'), 'utf8')));
    return KINDS.flatMap((kind) => {
      // The first of a kind also loads modules and, of a worker, opens the target.
      const tests = all.filter(({ title, cpuMs }) => title === kind.title && cpuMs !== undefined);
      const figures = figuresOf(kind, tests);
      tell(`fixtures, ${kind.title}: ${figures.map(({ value }) => value).join(' ms, of CPU ')} ms`);
      return figures;
    });
  },
};

function figuresOf({ id, what, goal }: Kind, tests: readonly Hooks[]): Figure[] {
  const samples = tests.map(({ beforeMs, afterMs }) => beforeMs + afterMs);
  const cpu = tests.map(({ cpuMs = 0 }) => Math.round(cpuMs * 10) / 10);
  const before = median(tests.map(({ beforeMs }) => beforeMs));
  return [
    {
      id: `fixtures.${id}`,
      what: `Around the lines of ${what} (median)`,
      unit: 'ms',
      value: median(samples),
      samples,
      parts: { 'before its first line': before, 'after its last': median(samples) - before },
      note: `95th percentile: ${percentile(samples, 0.95)} ms.`,
      ...(goal === undefined ? {} : { goal }),
    },
    {
      id: `fixtures.${id}.cpu`,
      what: `CPU time of the worker around the lines of ${what}, Playwright's own included (median)`,
      unit: 'ms',
      value: median(cpu),
      samples: cpu,
    },
  ];
}
