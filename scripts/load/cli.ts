import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { reportsFolder } from '../../helpers/reports-folder.ts';
import { stackFolder } from '../../stack/paths.ts';
import { startStackProcess } from '../../stack/start.ts';
import { readArguments, runCommand, UsageError } from '../command-line.ts';
import type { Model } from './drive.ts';
import { DUE_AT_ONCE_MIX, readMix, USUAL_MIX } from './mix.ts';
import { estimateText, type Plan } from './plan.ts';
import { describePlan, growsTooMuch, reportText } from './report.ts';
import { type Result, runLoad } from './run.ts';

const USAGE = `Usage: npm run load [-- options]

Sends leads through the five webhooks of a stack of its own, waits for every mail, and then checks every lead's story:
each mail once, in order, on time, its tracker row, contact and analytics complete. Names each lead that is not right,
and measures what it took. Exit code 1 when a lead is not right or the cost per lead grows by more than a fifth.

Options
  --leads N            How many. Default: 50.
  --sizes N,N,…        Several sizes in a row, each on a stack of its own, and how the cost per lead grows.
  --rate N             Open model: so many leads arrive each minute, whatever becomes of them. Default: 20.
  --at-once N          Closed model: so many leads at the same time; when one's handlers have ended, the next comes.
  --mix A=N,B=N        Of a hundred leads, whose stories end with which webhook; everybody signs up, all but "signup" are
                       assessed. Default: ${USUAL_MIX}
  --minute-seconds N   How long a testing minute lasts. Default: 60.
  --limits             The stand-ins keep the vendors' published limits. What is lost by that the operator's commands
                       repair, and the report says what each repaired.
  --outage             Notion refuses every change about a tenth of the leads, Resend all mails to another tenth, until
                       everything has been tried; then the operator's commands repair it.
  --due-at-once        All mails are due in one minute. Default mix: ${DUE_AT_ONCE_MIX}
  --late-after N       A mail that starts more than N seconds after its date is a fault; otherwise it is only measured.
  --database KIND      Kestra's: memory (the default) or file.
  --resume             Leave out the sizes that the last run of this kind has measured.
  --help               This text.`;

/** Four mails in one minute. */
const DUE_AT_ONCE_SECONDS = 15;

async function main(args: string[]): Promise<number> {
  const { values } = readArguments({
    args,
    options: {
      leads: { type: 'string' },
      sizes: { type: 'string' },
      rate: { type: 'string' },
      'at-once': { type: 'string' },
      mix: { type: 'string' },
      'minute-seconds': { type: 'string' },
      limits: { type: 'boolean', default: false },
      outage: { type: 'boolean', default: false },
      'due-at-once': { type: 'boolean', default: false },
      'late-after': { type: 'string' },
      database: { type: 'string', default: 'memory' },
      resume: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const sizes = readSizes(values.sizes, values.leads);
  const dueAtOnce = values['due-at-once'];
  const mix = readMix(values.mix ?? (dueAtOnce ? DUE_AT_ONCE_MIX : USUAL_MIX));
  if (dueAtOnce && mix.noshow + mix.postcall + mix.onboarding > 0) {
    throw new UsageError(
      '--due-at-once takes a --mix of signup and assessment: other sequences count from each lead’s own webhook',
    );
  }
  if (dueAtOnce && values['minute-seconds'] !== undefined) {
    throw new UsageError('--due-at-once sets the testing minute itself: leave out --minute-seconds');
  }
  if (values.database !== 'memory' && values.database !== 'file') {
    throw new UsageError('--database takes memory or file');
  }
  const plan: Omit<Plan, 'leads'> = {
    mix,
    model: readModel(values.rate, values['at-once']),
    minuteSeconds: dueAtOnce
      ? DUE_AT_ONCE_SECONDS
      : positive('--minute-seconds', values['minute-seconds'] ?? '60'),
    limits: values.limits,
    outage: values.outage,
    dueAtOnce,
    database: values.database,
    ...(values['late-after'] === undefined
      ? {}
      : { latestSeconds: positive('--late-after', values['late-after']) }),
  };

  const name = [
    'load',
    ...(plan.limits ? ['limits'] : []),
    ...(plan.outage ? ['outage'] : []),
    ...(dueAtOnce ? ['due-at-once'] : []),
  ].join('-');
  const folder = join(reportsFolder(), 'load');
  const file = join(folder, `${name}.json`);
  await mkdir(folder, { recursive: true });
  const earlier = await readResults(file);
  const results = values.resume
    ? earlier.filter(({ plan: { leads, ...rest } }) => sizes.includes(leads) && isDeepStrictEqual(rest, plan))
    : [];
  const open = sizes.filter((leads) => !results.some((one) => one.plan.leads === leads));
  const cores = availableParallelism();
  console.log(`${describePlan({ ...plan, leads: 0 })}; ${cores} cores`);
  for (const leads of open)
    console.log(`  ${estimateText({ ...plan, leads }, cores, earlier.at(-1)?.cpu?.perLeadS)}`);

  for (const leads of open) {
    const result = await measure({ ...plan, leads }, cores);
    results.push(result);
    await writeFile(file, `${JSON.stringify(results, null, 1)}\n`);
    await writeFile(join(folder, `${name}.txt`), `${reportText(results)}\n`);
  }
  console.log(`\n${reportText(results)}\n\n${relative(process.cwd(), file)}`);
  const wrong = results.some(({ faults, stalled }) => faults.length > 0 || stalled !== undefined);
  return wrong || growsTooMuch(results) ? 1 : 0;
}

/** One size on a stack of its own. */
async function measure(plan: Plan, cores: number): Promise<Result> {
  const folder = join(stackFolder, `load-${process.pid}-${plan.leads}`);
  const begun = Date.now();
  const say = (line: string) => console.log(`${new Date().toISOString().slice(11, 19)}  ${line}`);
  say(`${plan.leads} leads: starting a stack`);
  const stack = await startStackProcess({
    file: join(folder, 'stack.json'),
    folder,
    database: plan.database,
    strained: plan.limits,
    testingMinuteSeconds: plan.minuteSeconds,
  });
  let clean = false;
  try {
    const result = await runLoad(plan, stack.file, cores, say);
    clean = result.faults.length === 0;
    say(
      `${plan.leads} leads: ${result.faults.length} faults, ${Math.round((Date.now() - begun) / 1_000)} s in all`,
    );
    return result;
  } finally {
    await stack.stop();
    if (clean) await rm(folder, { recursive: true, force: true });
    else say(`the logs are kept: ${relative(process.cwd(), folder)}`);
  }
}

function readSizes(sizes: string | undefined, leads: string | undefined): number[] {
  if (sizes !== undefined && leads !== undefined) throw new UsageError('--leads or --sizes, not both');
  const option = sizes === undefined ? '--leads' : '--sizes';
  return (sizes ?? leads ?? '50').split(',').map((one) => {
    const size = positive(option, one);
    if (Number.isInteger(size) && size <= 5_000) return size;
    throw new UsageError(`${option} takes whole numbers from 1 to 5000`);
  });
}

function readModel(rate: string | undefined, atOnce: string | undefined): Model {
  if (rate !== undefined && atOnce !== undefined) {
    throw new UsageError('--rate is the open model, --at-once the closed one: take one of them');
  }
  if (atOnce === undefined) return { kind: 'open', perMinute: positive('--rate', rate ?? '20') };
  const count = positive('--at-once', atOnce);
  if (!Number.isInteger(count)) throw new UsageError('--at-once takes a whole number');
  return { kind: 'closed', atOnce: count };
}

function positive(option: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value > 0 && Number.isFinite(value)) return value;
  throw new UsageError(`${option} takes a number above 0, got ${text.length} characters that are none`);
}

async function readResults(file: string): Promise<Result[]> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Result[];
  } catch {
    return [];
  }
}

await runCommand(USAGE, main);
