import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { FeaturesReport, saveReport } from '../../helpers/feature-counts.ts';
import { noteOutage, readOutage } from '../../helpers/outage-file.ts';
import { readMails } from './night-of.ts';
import { clearNight } from './night-steps.ts';
import { PlaywrightResults } from './results.ts';
import { noteStep, readSteps } from './steps-file.ts';

const Sharded = PlaywrightResults.extend({
  config: z.looseObject({
    rootDir: z.string(),
    shard: z.object({ current: z.number(), total: z.number() }).nullish(),
  }),
});
type Sharded = z.infer<typeof Sharded>;

/**
 * Makes one run's files in `reports` of those that parts of it wrote, each into a folder of its own. A part of the suite that
 * told nothing is an error of the run: its tests must not be missing in silence. Throws when no part told anything.
 */
export function mergeParts(parts: readonly string[], reports: string): void {
  clearNight(reports);
  mkdirSync(reports, { recursive: true });
  const told = parts.flatMap((part) => read(join(part, 'results.json'), Sharded));
  const steps = parts.flatMap(readSteps);
  if (told.length === 0 && steps.length === 0) throw new Error(`Nothing of a night in ${parts.join(', ')}.`);

  const [first] = told;
  if (first) writeFileSync(join(reports, 'results.json'), JSON.stringify(mergedResults(told, first)));
  mergeFeatures(parts, reports);
  mergeMails(parts, reports);
  mergeAllure(parts, reports);
  for (const step of steps) {
    const known = readSteps(reports).find(({ name }) => name === step.name);
    const seconds = Math.max(step.seconds, known?.seconds ?? 0); // they ran side by side
    // A defect of one part is a defect of the night, whatever another part met.
    const code = known?.code === 1 || step.code === 0 ? (known?.code ?? 0) : step.code;
    noteStep(reports, { name: step.name, code, seconds });
  }
  const outages = parts.flatMap((part) => readOutage(part) ?? []);
  const [earliest] = outages.toSorted((a, b) => a.seenAt.localeCompare(b.seenAt));
  if (earliest) noteOutage(reports, earliest);
}

function read<T>(file: string, schema: z.ZodType<T>): T[] {
  return existsSync(file) ? [schema.parse(JSON.parse(readFileSync(file, 'utf8')))] : [];
}

function mergedResults(told: readonly Sharded[], first: Sharded): Sharded {
  const sum = (of: (stats: Sharded['stats']) => number) =>
    told.reduce((total, { stats }) => total + of(stats), 0);
  const { shard, ...config } = first.config;
  return {
    ...first,
    config,
    suites: told.flatMap(({ suites }) => suites),
    errors: [...told.flatMap(({ errors }) => errors), ...missing(told, shard?.total ?? 1)],
    stats: {
      ...first.stats,
      startTime: told.map(({ stats }) => stats.startTime).toSorted()[0] ?? first.stats.startTime,
      duration: Math.max(...told.map(({ stats }) => stats.duration)),
      expected: sum(({ expected }) => expected),
      unexpected: sum(({ unexpected }) => unexpected),
      flaky: sum(({ flaky }) => flaky),
      skipped: sum(({ skipped }) => skipped),
    },
  };
}

function missing(told: readonly Sharded[], total: number): Array<{ message: string }> {
  const seen = new Set(told.map(({ config }) => config.shard?.current ?? 1));
  return Array.from({ length: total }, (_, index) => index + 1)
    .filter((part) => !seen.has(part))
    .map((part) => ({ message: `Part ${part} of ${total} of the suite told nothing: look at its job.` }));
}

function mergeFeatures(parts: readonly string[], reports: string): void {
  const told = parts.flatMap((part) => read(join(part, 'features.json'), FeaturesReport));
  const [first] = told;
  if (!first) return;
  const added = (tallies: ReadonlyArray<{ passed: number; failed: number; gated: number }>) => ({
    passed: tallies.reduce((sum, { passed }) => sum + passed, 0),
    failed: tallies.reduce((sum, { failed }) => sum + failed, 0),
    gated: tallies.reduce((sum, { gated }) => sum + gated, 0),
  });
  saveReport(join(reports, 'features.json'), {
    complete: false,
    features: first.features.map((row) => ({
      ...row,
      ...added(told.flatMap(({ features }) => features.filter(({ id }) => id === row.id))),
    })),
    harness: added(told.map(({ harness }) => harness)),
  });
}

function mergeMails(parts: readonly string[], reports: string): void {
  const told = parts.flatMap((part) => readMails(join(part, 'mails.json')) ?? []);
  const [first] = told;
  if (!first) return;
  const planned = told.reduce((sum, mails) => sum + mails.planned, 0);
  const sent = told.reduce((sum, mails) => sum + mails.sent, 0);
  writeFileSync(join(reports, 'mails.json'), `${JSON.stringify({ ...first, planned, sent })}\n`);
}

const FACTS = 'environment.properties';

/** Each result of Allure's has a name of its own; what they say of the environment is said once. */
function mergeAllure(parts: readonly string[], reports: string): void {
  const to = join(reports, 'allure-results');
  const facts = new Set<string>();
  for (const from of parts
    .map((part) => join(part, 'allure-results'))
    .filter((folder) => existsSync(folder))) {
    mkdirSync(to, { recursive: true });
    for (const name of readdirSync(from)) {
      if (name !== FACTS) cpSync(join(from, name), join(to, name), { recursive: true });
    }
    if (!existsSync(join(from, FACTS))) continue;
    for (const line of readFileSync(join(from, FACTS), 'utf8').split('\n').filter(Boolean)) facts.add(line);
  }
  if (facts.size > 0) appendFileSync(join(to, FACTS), [...facts].map((line) => `${line}\n`).join(''));
}
