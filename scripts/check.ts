// npm test [-- arguments for Playwright]: every check there is. Goes on after a failing one, and ends with the totals.
import { readSetup } from '../stack/setup-file.ts';
import {
  add,
  closingLine,
  type Counts,
  countNodeTests,
  countUnittests,
  none,
  withExitCode,
} from './counts.ts';
import { type Outcome, runCommand, runScript, runSuite } from './steps.ts';

interface Step {
  name: string;
  run: () => Promise<Outcome>;
  count?: (output: string) => Counts;
}

// The interpreter that runs the flows' Python tasks is the one to test their modules with.
const python = readSetup().python.executable;

const quick: Step[] = [
  { name: 'unit tests', run: () => runScript('test:unit'), count: countNodeTests },
  { name: 'lint', run: () => runScript('lint') },
  { name: 'types', run: () => runScript('types') },
  { name: 'unused code', run: () => runScript('unused') },
  {
    name: 'flow tests',
    run: () => runCommand(`'${python}' -m unittest discover -s flows/tests -t flows`, 'nothing'),
    count: countUnittests,
  },
  { name: 'format', run: () => runScript('format:check') },
];
const AT_ONCE = 2;

function say(name: string, { code, seconds }: Outcome, detail = ''): void {
  console.log(
    `  ${name.padEnd(14)} ${(code === 0 ? 'ok' : 'FAILED').padEnd(9)} ${seconds.toFixed(1).padStart(5)} s  ${detail}`,
  );
}

async function check({ name, run, count }: Step): Promise<Counts> {
  const outcome = await run();
  const counts = withExitCode(count?.(outcome.output) ?? none, outcome.code);
  say(name, outcome, count && closingLine(counts));
  if (outcome.code !== 0) console.log(outcome.output.trimEnd());
  return counts;
}

/** Runs the steps, a few at a time. */
async function checkAll(steps: Step[]): Promise<Counts[]> {
  const waiting = [...steps];
  const worker = async (): Promise<Counts[]> => {
    const done: Counts[] = [];
    for (let step = waiting.shift(); step; step = waiting.shift()) done.push(await check(step));
    return done;
  };
  return (await Promise.all(Array.from({ length: AT_ONCE }, worker))).flat();
}

const checked = await checkAll(quick);
const suite = await runSuite(process.argv.slice(2));
say('suite', suite, closingLine(suite.counts));
const report = await check({ name: 'report', run: () => runScript('report') });

const total = add(...checked, suite.counts, report);
console.log(closingLine(total));
process.exitCode = total.failed > 0 ? 1 : 0;
