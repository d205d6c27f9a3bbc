import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { Afterwards } from '../../helpers/afterwards.ts';
import { inheritedEnv, readEnv, readKestraVersion } from '../../helpers/env.ts';
import { readStackFile } from '../../helpers/target.ts';
import { readVerdict } from '../../scripts/night/night-of.ts';
import type { Verdict } from '../../scripts/night/verdict.ts';
import { root } from '../../stack/paths.ts';
import type { StackFile } from '../../stack/stack-file.ts';

interface Rehearsed {
  code: number | null;
  output: string;
  verdict: Verdict;
}

interface Rehearsal {
  /** Where it writes. */
  reports: string;
  /** Which of specs/rehearsal, and other arguments of Playwright's. */
  args: readonly string[];
  variables?: Record<string, string>;
  /** Told of the output so far, as it grows. */
  watch?: (output: string) => void;
}

/** `npm run suite` with tests of specs/rehearsal, in a process of its own, and what a night makes of it. */
export async function rehearse({ reports, args, variables = {}, watch }: Rehearsal): Promise<Rehearsed> {
  const { code, output } = await script(
    'suite',
    ['--config=playwright.rehearsal.config.ts', '--workers=2', ...args],
    { FUNNEL_REPORTS: reports, FUNNEL_TOTALS: 'later', ...variables },
    watch,
  );
  return { code, output, verdict: readVerdict(reports, undefined) };
}

const SCRIPTS = {
  suite: 'scripts/night/suite.ts',
  report: 'scripts/report.ts',
  summary: 'scripts/night/summary.ts',
  record: 'scripts/night/record.ts',
  notify: 'scripts/night/notify.ts',
};

/** One of the night's npm scripts, in a process of its own. */
export async function script(
  name: keyof typeof SCRIPTS,
  args: readonly string[],
  variables: Record<string, string>,
  watch?: (output: string) => void,
): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, ['--import=tsx', join(root, SCRIPTS[name]), ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: inheritedEnv({ KESTRA_VERSION: readKestraVersion(), ...variables }),
  });
  let output = '';
  const take = (chunk: Buffer) => {
    output += chunk.toString();
    watch?.(output);
  };
  child.stdout.on('data', take);
  child.stderr.on('data', take);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output };
}

/** A folder for a stack's file, which holds secrets: not below the reports, since those are published. */
export function apart(afterwards: Afterwards): string {
  const folder = mkdtempSync(join(tmpdir(), 'night-'));
  afterwards.undo(`the folder ${folder}`, async () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The run's own stack, told of with other addresses: FUNNEL_STACK_FILE for a rehearsal. */
export function stackWith(folder: string, change: (stack: StackFile) => StackFile): string {
  const env = readEnv();
  if (env.TARGET !== 'local') throw new Error('A rehearsal needs a stack of our own.');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'stack.json');
  writeFileSync(file, JSON.stringify(change(readStackFile(env.FUNNEL_STACK_FILE))), { mode: 0o600 });
  return file;
}

const AllureResult = z.looseObject({
  name: z.string(),
  labels: z.array(z.looseObject({ name: z.string(), value: z.string() })),
});

/** How many results of the report bear each value of a label. */
export function labelled(reports: string, label: string): Record<string, number> {
  const folder = join(reports, 'allure-results');
  const counts: Record<string, number> = {};
  for (const name of readdirSync(folder).filter((file) => file.endsWith('-result.json'))) {
    const { labels } = AllureResult.parse(JSON.parse(readFileSync(join(folder, name), 'utf8')));
    for (const { value } of labels.filter((one) => one.name === label)) {
      counts[value] = (counts[value] ?? 0) + 1;
    }
  }
  return counts;
}

/** The text of the first attachment, of a test of the report, whose name begins so. */
export function attached(reports: string, title: string, name: string): string {
  const folder = join(reports, 'allure-results');
  const texts = readdirSync(folder)
    .filter((file) => file.endsWith('-result.json'))
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .filter((text) => AllureResult.parse(JSON.parse(text)).name === title);
  const source = new RegExp(`"name":"${name}[^"]*"[^}]*"source":"([^"]+)"`).exec(texts.join('\n'))?.[1];
  if (source === undefined) throw new Error(`"${title}" has no attachment "${name}…"`);
  return readFileSync(join(folder, source), 'utf8');
}

/** The addresses of the hooks of the run's own stack: each holds a secret. */
export function hooksOfStack(): Record<'discord' | 'slack', string> {
  const env = readEnv();
  if (env.TARGET !== 'local') throw new Error('A rehearsal needs a stack of our own.');
  const { url, tokens } = readStackFile(env.FUNNEL_STACK_FILE).alerts;
  return { discord: `${url}/discord/${tokens.discord}`, slack: `${url}/slack/${tokens.slack}` };
}
