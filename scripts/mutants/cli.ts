import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { reportsFolder } from '../../helpers/reports-folder.ts';
import { table } from '../../helpers/table.ts';
import { root, stackFolder } from '../../stack/paths.ts';
import { startStackProcess } from '../../stack/start.ts';
import { readArguments, runCommand, UsageError } from '../command-line.ts';
import { type FlowFolder, readFlowFolder } from '../flows/source.ts';
import { generatedMutants, readJustified, readSpecsOf } from './generate.ts';
import { type Mutant, mutated, mutatedSite, readMutants } from './mutant.ts';
import { powerless, powersOf, ranOf, readSubjects } from './matrix.ts';
import { head, killers, neverRed, page, totals, verdictOn, worstFirst } from './report.ts';
import { record, recordedTrials } from './record.ts';
import { runDeployed, runFlowTests, type Trial, tryByFlowTests, tryMutant } from './run.ts';
import { replaceWhole } from '../secrets/private-file.ts';
import { readSite } from './site.ts';

const USAGE = `Usage: npm run mutants [-- options]

Plants one defect after the other into a copy of the flows or of the reference website, deploys or starts the copy,
and runs the specs that must notice.
A mutant counts as killed when the test it names fails for the reason it names. Exit code 1 when one was not.

With --generated the defects come from the flows themselves: every number, comparison, condition, truth value,
property name and task, changed one at a time. The flows' own tests see them first, then the specs of their file,
until one fails. What scripts/mutants/justified.yaml explains is not tried.

Options
  --only ID,ID      These mutants.
  --kind KIND       Those of one kind; site takes all of the website.
  --from FOLDER     More mutants: *.yaml as in scripts/mutants/catalogue. Without the catalogue's own.
  --generated       Mutants made from the flows, in place of the catalogue's.
  --minutes N       Begin no mutant later than that. What is left, --resume tries.
  --at-once N       How many to try at the same time, 16 at most. Default: 3.
  --resume          Go on with the last run: leave out the mutants it judged, unless they have changed or --only names
                    them, and keep its verdicts. Of the generated ones those that were killed; where no run is at
                    hand, by scripts/mutants/killed.tsv.
  --flow-tests      Of the generated ones those of Python modules, by the flows' own tests alone, which takes a second for
                    each and no engine. What these do not notice is left for --resume.
  --record          Write the generated mutants that are killed into that file, beside those that were not tried.
  --list            Show them, and try none.
  --help            This text.`;

const catalogue = join(root, 'scripts/mutants/catalogue');

async function main(args: string[]): Promise<number> {
  const { values } = readArguments({
    args,
    options: {
      only: { type: 'string' },
      kind: { type: 'string' },
      from: { type: 'string' },
      'at-once': { type: 'string', default: '3' },
      generated: { type: 'boolean', default: false },
      minutes: { type: 'string' },
      resume: { type: 'boolean', default: false },
      record: { type: 'boolean', default: false },
      'flow-tests': { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const atOnce = Number(values['at-once']);
  if (!Number.isInteger(atOnce) || atOnce < 1 || atOnce > 16) throw new UsageError('--at-once takes 1 to 16');
  const minutes = values.minutes === undefined ? undefined : Number(values.minutes);
  if (minutes !== undefined && !(minutes > 0)) throw new UsageError('--minutes takes a number above 0');
  if (values.generated && values.from !== undefined)
    throw new UsageError('--generated takes no --from: a folder has its own mutants');
  for (const name of ['record', 'flow-tests'] as const) {
    if (values[name] && !values.generated) throw new UsageError(`--${name} is for --generated`);
  }
  const sources = { flows: await readFlowFolder(join(root, 'flows/christmas')), site: await readSite() };
  const all = values.generated
    ? await generatedHere(sources.flows)
    : await readMutants(values.from ?? catalogue);
  const only = values.only?.split(',');
  const unknown = only?.filter((id) => !all.some((mutant) => mutant.id === id)) ?? [];
  if (unknown.length > 0) throw new UsageError(`There is no mutant ${unknown.join(', ')}.`);
  const chosen = all.filter(
    ({ id, kind }) =>
      (!only || only.includes(id)) &&
      (values.kind === undefined || kind === values.kind || kind.startsWith(`${values.kind}: `)),
  );
  if (chosen.length === 0) throw new UsageError(`No mutant is of the kind ${values.kind}.`);
  for (const mutant of chosen) {
    mutated(sources.flows, mutant);
    mutatedSite(sources.site, mutant);
  }
  if (values.list) {
    console.log(
      table(
        ['mutant', 'kind', 'harm'],
        chosen.map(({ id, kind, harm }) => [id, kind, harm]),
      ),
    );
    return 0;
  }

  const folder = join(reportsFolder(), values.generated ? 'mutants-generated' : 'mutants');
  const before = values.resume ? await judgedBefore(folder) : [];
  const judged =
    values.resume && values.generated && before.length === 0 ? await recordedTrials(all) : before;
  // A generated mutant's id stands for its line, wherever that has moved; one that survived may have its assertion now.
  const stands = ({ mutant, fate }: Trial): boolean =>
    values.generated
      ? fate === 'killed' && all.some(({ id }) => id === mutant.id)
      : !fate.startsWith('not ') && all.some((one) => isDeepStrictEqual(one, mutant));
  const earlier = judged.filter((trial) => stands(trial) && !only?.includes(trial.mutant.id));
  if (!values.resume) await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const open = chosen.filter(({ id }) => !earlier.some((trial) => trial.mutant.id === id));
  const trials: Trial[] = [...earlier];
  const until = minutes === undefined ? Infinity : Date.now() + minutes * 60_000;
  const tryAll = async (tryOne: (mutant: Mutant) => Promise<Trial | undefined>): Promise<void> => {
    const waiting = [...open];
    const tryNext = async (): Promise<void> => {
      for (let mutant = waiting.shift(); mutant && Date.now() < until; mutant = waiting.shift()) {
        const trial = await tryOne(mutant);
        if (!trial) continue;
        trials.push(trial);
        const by = killers(trial)[0];
        console.log(
          `${String(trials.length).padStart(3)}/${earlier.length + open.length}  ${trial.fate.padEnd(12)} ${mutant.id}  ${Math.round(trial.tookMs / 1000)} s  ${trial.trouble ?? by?.title ?? ''}`,
        );
        await write(folder, trials);
        if (values.record) await record(trials, all);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, tryNext));
  };
  const testsFolder = join(folder, 'tests');
  const fail = values.generated ? await runFlowTests(sources.flows, testsFolder) : [];
  if (fail.length > 0) throw new Error(`Without any mutant ${fail[0]?.title} of the flows' own tests fails.`);
  if (values['flow-tests'])
    await tryAll((mutant) => tryByFlowTests(mutant, sources.flows, join(testsFolder, mutant.id)));
  else if (open.length > 0) await onStack(open, tryAll);

  const left = earlier.length + open.length - trials.length;
  if (left > 0) console.log(`\n${left} are left for --resume.`);
  const wanting = worstFirst(trials).filter(({ fate }) => fate !== 'killed');
  for (const trial of wanting) {
    console.log(`\n${trial.fate}: ${trial.mutant.id} (${trial.mutant.harm})`);
    for (const { title, message } of killers(trial))
      console.log(`  ${title}\n    ${head(message).replaceAll('\n', '\n    ')}`);
  }
  console.log(`\n${totals(trials)}; ${neverRed(trials).length} of the tests that ran failed against none.`);
  // After a part of the catalogue, or where a trial ends at its first failure, nearly all would count as powerless.
  if (!values.generated && chosen.length === all.length && left === 0) {
    const powers = powersOf(await readSubjects(), trials);
    for (const power of powerless(powers)) console.log(`  powerless: ${power.id}, ${ranOf(power)}`);
    console.log(verdictOn(powers));
  }
  console.log(`Page: ${relative(process.cwd(), join(folder, 'mutants.html'))}`);
  return wanting.length > 0 ? 1 : 0;

  /** Starts a stack, sees that the specs pass on the flows as they are, and tries each mutant there. */
  async function onStack(mutants: readonly Mutant[], each: typeof tryAll): Promise<void> {
    const stackOf = join(stackFolder, `mutants-${process.pid}`);
    const stack = await startStackProcess({ file: join(stackOf, 'stack.json'), folder: stackOf });
    try {
      const specs = [...new Set(mutants.flatMap((mutant) => mutant.specs))].toSorted();
      console.log(`${specs.length} spec files against the flows as they are`);
      const healthy = await runDeployed(
        { id: 'healthy', ...sources, changed: { flows: true, site: false } },
        specs,
        stack.file,
        join(folder, 'healthy'),
        { workers: 6, maxFailures: 0 },
      );
      const red = healthy.filter(({ status }) => status !== 'passed' && status !== 'skipped');
      if (red.length > 0) {
        throw new Error(
          `Without any mutant these fail, so no mutant could be judged:\n${red.map(({ title, message }) => `  ${title}\n${head(message)}`).join('\n')}`,
        );
      }
      console.log(`${healthy.length} tests pass; ${mutants.length} mutants to try, ${atOnce} at once`);
      await each((mutant) => tryMutant(mutant, sources, stack.file, folder));
    } finally {
      await stack.stop();
      await rm(stackOf, { recursive: true, force: true });
    }
  }
}

/** The generated mutants nobody has explained. */
async function generatedHere(sources: FlowFolder): Promise<Mutant[]> {
  const [specsOf, justified] = await Promise.all([readSpecsOf(), readJustified()]);
  return generatedMutants(sources, specsOf).filter(({ id }) => !justified.has(id));
}

async function judgedBefore(folder: string): Promise<Trial[]> {
  try {
    return JSON.parse(await readFile(join(folder, 'mutants.json'), 'utf8')) as Trial[];
  } catch {
    return [];
  }
}

async function write(folder: string, trials: readonly Trial[]): Promise<void> {
  await replaceWhole(join(folder, 'mutants.json'), `${JSON.stringify(trials, null, 1)}\n`);
  const powers = powersOf(await readSubjects(), trials);
  await writeFile(join(folder, 'matrix.json'), `${JSON.stringify(powers, null, 1)}\n`);
  await writeFile(join(folder, 'mutants.html'), page(trials, powers));
}

await runCommand(USAGE, main);
