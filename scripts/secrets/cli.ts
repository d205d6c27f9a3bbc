import { spawnSync } from 'node:child_process';
import { join, relative, resolve } from 'node:path';
import { readArguments, runCommand, UsageError } from '../command-line.ts';
import { root } from '../../stack/paths.ts';
import { CATALOGUE } from './catalogue.ts';
import type { Fault, Given } from './judge.ts';
import { readPlain } from './plain-file.ts';
import { readPrivate, replaceWhole, writePrivate } from './private-file.ts';
import { checkServerFile, renderServerFile } from './server-file.ts';
import { newWebhookKey } from './webhook-keys.ts';

const SOURCE = join(root, '.env.kestra');
const TARGET = join(root, '.secrets/kestra.env');

const USAGE = `Usage: npm run secrets [-- options]

Makes the variables of Kestra's server out of a private file: SECRET_… in base64, ENV_… as they are. Every value is looked
at first; with one fault nothing is written. No value is ever printed.

Options
  --from FILE       The plain values. Default: .env.kestra (begin with a copy of .env.kestra.example; mode 600).
  --to FILE         Default: .secrets/kestra.env, mode 600 in a folder of mode 700.
  --generate-keys   Add the webhooks' keys that are missing to the plain values.
  --check [FILE]    The reverse: what is wrong with a file that a server uses. Default: .secrets/kestra.env. Writes nothing.
  --help            This text.

Exit code 0 when all is well, 1 when something is wrong.`;

async function main(args: string[]): Promise<number> {
  const { values, positionals } = readArguments({
    args,
    allowPositionals: true,
    options: {
      from: { type: 'string' },
      to: { type: 'string' },
      'generate-keys': { type: 'boolean' },
      check: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const { check = false, 'generate-keys': generate = false, from = SOURCE, to = TARGET } = values;
  const [file = TARGET, ...rest] = positionals;
  if (rest.length > 0 || (positionals.length > 0 && !check)) {
    // Without the words: they may be a secret that belongs into the file.
    throw new UsageError(
      `${positionals.length} words too many: values stand in a file, never on the command line`,
    );
  }
  if (check && (generate || values.from !== undefined || values.to !== undefined)) {
    throw new UsageError('--check looks at one file and writes nothing');
  }
  return check ? checkFile(file) : write({ from, to, generate });
}

async function checkFile(file: string): Promise<number> {
  const { given, faults } = checkServerFile(await readPrivate(file, 'npm run secrets writes one'));
  tell(faults);
  console.log(`${shown(file)}: ${summary(given)}, ${faults.length} faults.`);
  return faults.length > 0 ? 1 : 0;
}

async function write({
  from,
  to,
  generate,
}: {
  from: string;
  to: string;
  generate: boolean;
}): Promise<number> {
  for (const path of [from, to]) refuseWhatGitSees(path);
  let text = await readPrivate(from, 'copy .env.kestra.example to it, chmod 600, and fill it in');
  if (generate) text = await addKeys(from, text);
  const { given, faults } = readPlain(text);
  tell(faults);
  if (faults.length > 0) {
    console.log(`${faults.length} faults in ${shown(from)}: nothing was written.`);
    return 1;
  }
  await writePrivate(to, renderServerFile(given));
  console.log(
    `${summary(given)} are in ${shown(to)} (mode 600). Give it to Kestra's server, and restart that.`,
  );
  return 0;
}

/** Adds what is missing and nothing else: a key that somebody uses must stay. */
async function addKeys(path: string, text: string): Promise<string> {
  const present = new Set(readPlain(text).given.map(({ variable }) => variable));
  const missing = CATALOGUE.filter((one) => one.kind === 'webhook-key' && !present.has(one));
  if (missing.length === 0) return text;
  const names = new Set(missing.map(({ name }) => name));
  const kept = text
    .split('\n')
    .filter((line) => !names.has(/^\s*(?:export\s+)?(\w+)\s*=/.exec(line)?.[1] ?? ''));
  const body = kept.join('\n').trimEnd();
  const added = [...names].map((name) => `${name}=${newWebhookKey()}`);
  const all = `${body === '' ? '' : `${body}\n`}${added.join('\n')}\n`;
  await replaceWhole(path, all);
  console.log(
    `${[...names].join(', ')}: made, and added to ${shown(path)}. The website and .env need the same.`,
  );
  return all;
}

function tell(faults: readonly Fault[]): void {
  for (const { name, fault, remedy } of faults) console.error(`${name}: ${fault}: ${remedy}`);
}

function summary(given: readonly Given[]): string {
  const secrets = given.filter(({ variable }) => variable.place === 'SECRET').length;
  return `${secrets} secrets and ${given.length - secrets} settings`;
}

/** A file with secrets that git would take along is one commit away from everybody. */
function refuseWhatGitSees(path: string): void {
  const { status } = spawnSync('git', ['check-ignore', '--quiet', resolve(path)], { cwd: root });
  // 1: git sees it. Anything else: it is ignored, outside, or there is no git.
  if (status === 1)
    throw new Error(`${shown(path)}: git would take it along; name a file that .gitignore has`);
}

const shown = (path: string): string => relative(process.cwd(), path) || path;

await runCommand(USAGE, main);
