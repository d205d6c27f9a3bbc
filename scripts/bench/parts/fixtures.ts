import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { Hooks } from '../hooks.ts';
import { measuredRun } from '../measured-run.ts';
import type { Part } from '../part.ts';
import type { Figure } from '../result.ts';
import { median, percentile } from '../statistics.ts';

const GOAL_MS = 50;

const KINDS: ReadonlyArray<[id: string, title: string, what: string]> = [
  ['lead', 'nothing but a lead', 'of a test that takes a lead and nothing else'],
  ['clients', 'every client, and no call', 'of a test that takes every client and calls nobody'],
  ['evidence', 'a sign-up with its evidence', 'of a test with a sign-up, whose evidence is collected'],
];

export const fixtures: Part = {
  measures:
    'fixture overhead: what a test takes before its first and after its last line, evidence and clean-up included; 25 of each of three kinds, one after the other; and what a worker’s first test takes more',
  takes: '30 s',
  async run({ folder, tell }) {
    const reports = join(folder, 'fixtures');
    const { code, output } = await measuredRun(reports, ['--config=playwright.bench.config.ts']);
    if (code !== 0) throw new Error(`The tests of specs/bench did not pass: ${output.trim().slice(-2_000)}`);
    const all = z.array(Hooks).parse(JSON.parse(await readFile(join(reports, 'hooks.json'), 'utf8')));
    const [first, ...later] = all;
    if (!first) throw new Error(`No test of specs/bench ran: ${output.trim().slice(-2_000)}`);
    const figures = KINDS.flatMap(([id, title, what]): Figure[] => {
      const ofKind = later.filter((one) => one.title === title);
      const samples = ofKind.map(({ beforeMs, afterMs }) => beforeMs + afterMs);
      const before = median(ofKind.map(({ beforeMs }) => beforeMs));
      const middle = median(samples);
      tell(`fixtures, ${title}: median ${middle} ms, p95 ${percentile(samples, 0.95)} ms`);
      return [
        {
          id: `fixtures.${id}`,
          what: `Fixture overhead ${what} (median)`,
          unit: 'ms',
          value: middle,
          samples,
          parts: { before, after: middle - before },
          goal: GOAL_MS,
          note: `95th percentile: ${percentile(samples, 0.95)} ms.`,
        },
      ];
    });
    return [
      ...figures,
      {
        id: 'fixtures.worker',
        what: "Fixture overhead of a worker's first test",
        unit: 'ms',
        value: first.beforeMs + first.afterMs,
        note: 'Once a worker: the target is opened, and modules are loaded that only a test needs.',
      },
    ];
  },
};
