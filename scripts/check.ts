// npm test [-- arguments for Playwright]: every check there is. Goes on after a failing one, and ends with the totals.
import { handOn } from '../helpers/env.ts';
import { faultsIn, type Proof, reportOf, saveReport, tableOf } from '../helpers/feature-counts.ts';
import { readSetup } from '../stack/setup-file.ts';
import { proofsOfFiles } from './checks.ts';
import {
  add,
  closingLine,
  type Counts,
  countNodeFiles,
  countNodeTests,
  countUnittestFiles,
  countUnittests,
  none,
  withExitCode,
} from './counts.ts';
import { featuresFile, type Outcome, runCommand, runScript, runSuite } from './steps.ts';

interface Step {
  name: string;
  run: () => Promise<Outcome>;
  count?: (output: string) => Counts;
  byFile?: (output: string) => Map<string, Counts>;
}

interface Checked {
  counts: Counts;
  proofs: Proof[];
}

// The interpreter that runs the flows' Python tasks is the one to test their modules with.
const python = readSetup().python.executable;

const quick: Step[] = [
  { name: 'unit tests', run: () => runScript('test:unit'), count: countNodeTests, byFile: countNodeFiles },
  { name: 'lint', run: () => runScript('lint') },
  { name: 'types', run: () => runScript('types') },
  { name: 'unused code', run: () => runScript('unused') },
  {
    name: 'flow tests',
    run: () => runCommand(`'${python}' -m unittest discover --verbose -s flows/tests -t flows`, 'nothing'),
    count: countUnittests,
    byFile: (output) => countUnittestFiles(output, 'flows/tests'),
  },
  { name: 'workflows', run: () => runScript('lint:workflows') },
  { name: 'format', run: () => runScript('format:check') },
];
const AT_ONCE = 2;

function say(name: string, { code, seconds }: Outcome, detail = ''): void {
  console.log(
    `  ${name.padEnd(14)} ${(code === 0 ? 'ok' : 'FAILED').padEnd(9)} ${seconds.toFixed(1).padStart(5)} s  ${detail}`,
  );
}

async function check({ name, run, count, byFile }: Step): Promise<Checked> {
  const outcome = await run();
  const counts = withExitCode(count?.(outcome.output) ?? none, outcome.code);
  say(name, outcome, count && closingLine(counts));
  if (outcome.code !== 0) console.log(outcome.output.trimEnd());
  const own: Proof = {
    subjects: ['harness'],
    passed: outcome.code === 0 ? 1 : 0,
    failed: outcome.code === 0 ? 0 : 1,
    gated: 0,
  };
  return { counts, proofs: byFile ? proofsOfFiles(byFile(outcome.output)) : [own] };
}

/** Runs the steps, a few at a time. */
async function checkAll(steps: Step[]): Promise<Checked[]> {
  const waiting = [...steps];
  const worker = async (): Promise<Checked[]> => {
    const done: Checked[] = [];
    for (let step = waiting.shift(); step; step = waiting.shift()) done.push(await check(step));
    return done;
  };
  return (await Promise.all(Array.from({ length: AT_ONCE }, worker))).flat();
}

/** Tells what is proven of each feature; a feature without a proof is a failure when everything had its turn. */
function tellFeatures(proofs: Proof[], complete: boolean): Counts {
  const report = reportOf(proofs, complete);
  const faults = complete ? faultsIn(report) : [];
  saveReport(featuresFile(), report);
  console.log(`\n${[tableOf(report), ...faults].join('\n')}\n`);
  return { ...none, failed: faults.length > 0 ? 1 : 0 };
}

handOn('FUNNEL_TOTALS', 'later');
const args = process.argv.slice(2);
const checked = await checkAll(quick);
const suite = await runSuite(args);
say('suite', suite, closingLine(suite.counts));
const report = await check({ name: 'report', run: () => runScript('report') });
const parts = [...checked, suite, report];
const features = tellFeatures(
  parts.flatMap(({ proofs }) => proofs),
  args.length === 0,
);

const total = add(...parts.map(({ counts }) => counts), features);
console.log(closingLine(total));
process.exitCode = total.failed > 0 ? 1 : 0;
