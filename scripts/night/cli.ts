// npm run night [-- step…]: the night's steps in their order, or those named.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readEnv, readNightEnv, wholeEnv } from '../../helpers/env.ts';
import { noteOutage, outageLine } from '../../helpers/outage-file.ts';
import { Watch } from '../../helpers/outage-reporter.ts';
import { reportsFolder } from '../../helpers/reports-folder.ts';
import { servicesOfTarget } from '../../helpers/services.ts';
import { readArguments, runCommand, UsageError } from '../command-line.ts';
import { runCommand as runShell, scriptNamed } from '../steps.ts';
import { readVerdict } from './night-of.ts';
import { BEGIN, clearNight, type NightStep, reasonAgainst, STEPS } from './night-steps.ts';
import { noteStep, readSteps } from './steps-file.ts';
import { headline } from './texts.ts';
import { EXIT } from './verdict.ts';

const USAGE = `Usage: npm run night [-- step…]

A night's steps in their order, or only those named; each is an npm script of its own. "${BEGIN}" removes what an earlier
night left, as a whole night does by itself.
${STEPS.map(({ name, what }) => `  ${name.padEnd(9)} ${what}`).join('\n')}

Ends with 0 when all is well, 1 for a defect, ${EXIT.outage} when a service was gone and no defect was found.`;

async function main(args: string[]): Promise<number> {
  const { values, positionals } = readArguments({
    args,
    allowPositionals: true,
    options: { help: { type: 'boolean', short: 'h' } },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const unknown = positionals.filter((name) => name !== BEGIN && !STEPS.some((step) => step.name === name));
  if (unknown.length > 0) throw new UsageError(`No step of the night: ${unknown.join(', ')}`);

  const reports = reportsFolder();
  const attached = readEnv().TARGET === 'homelab';
  const named = positionals.length > 0;
  const chosen = STEPS.filter(({ name }) => !named || positionals.includes(name));
  if (!named || positionals.includes(BEGIN)) clearNight(reports);
  for (const step of chosen) {
    const results = existsSync(join(reports, 'allure-results'));
    const reason = reasonAgainst(step, { attached, steps: readSteps(reports), named, results });
    if (reason === undefined) await take(step, reports);
    else console.log(`\n== ${step.name}: left out, ${reason}`);
  }

  const verdict = readVerdict(reports, readNightEnv().NIGHT_FOLDER);
  if (!named) console.log(`\n${headline(verdict)}`);
  return named ? exitOf(chosen, reports) : EXIT[verdict.state];
}

async function take({ name, script, attached }: NightStep, reports: string): Promise<void> {
  console.log(`\n== ${name}: npm run ${script}`);
  // The step points where this process points, and that may be said in the shell alone.
  const { code, seconds } = await runShell(scriptNamed(script), 'output', [], wholeEnv());
  const gone = code !== 0 && attached === true && (await isOutage(reports));
  noteStep(reports, { name, code: gone ? EXIT.outage : code, seconds: Math.round(seconds) });
}

/** Whether a service is gone, which is then noted: what a step on a target that is not ours says of it is no defect. */
async function isOutage(reports: string): Promise<boolean> {
  let found = false;
  const watch = new Watch(servicesOfTarget(), (outage) => {
    found = true;
    noteOutage(reports, outage);
    console.log(outageLine(outage));
  });
  await watch.look();
  return found;
}

/** As the first of the steps that did not end well. */
function exitOf(steps: readonly NightStep[], reports: string): number {
  const names = steps.map(({ name }) => name);
  return readSteps(reports).find(({ name, code }) => names.includes(name) && code !== 0)?.code ?? EXIT.green;
}

await runCommand(USAGE, main);
