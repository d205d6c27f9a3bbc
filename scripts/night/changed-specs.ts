// npm run changed-specs [-- base]: runs the specs that differ from a branch thirty times each.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { inheritedEnv, readNightEnv } from '../../helpers/env.ts';
import { root } from '../../stack/paths.ts';
import { readArguments, runCommand } from '../command-line.ts';
import { runCommand as runShell } from '../steps.ts';
import { type Repeats, repeatsOf } from './repeats.ts';
import { PlaywrightResults, runOf } from './results.ts';

const USAGE = `Usage: npm run changed-specs [-- base]

Runs the specs that differ from the branch or commit \`base\` thirty times each, and those that import something that differs
as often as fits. Without a base: the branch that a pull request is for, else main.`;

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
  const { GITHUB_BASE_REF } = readNightEnv();
  const base = positionals[0] ?? (GITHUB_BASE_REF ? `origin/${GITHUB_BASE_REF}` : 'main');
  const from = git('merge-base', base, 'HEAD');
  const changed = git('diff', '--name-only', '--diff-filter=d', from).split('\n');
  const { direct, reachable } = repeatsOf(changed, testsReachedBy(from));
  if (direct.files.length + reachable.files.length === 0) {
    console.log(`No spec differs from ${base}, and none imports anything that does.`);
    return 0;
  }
  if (reachable.files.length > 0 && reachable.times === 0) {
    console.log(
      `${reachable.files.length} specs import something that differs: too many to repeat, the suite runs them once.`,
    );
  }
  const codes = [await repeat(direct, 'differ'), await repeat(reachable, 'import something that differs')];
  return Math.max(...codes);
}

async function repeat({ files, times }: Repeats, why: string): Promise<number> {
  if (files.length === 0 || times === 0) return 0;
  console.log(
    `${files.length} specs ${why}, each ${times} times:\n${files.map((file) => `  ${file}`).join('\n')}`,
  );
  return (await runShell('playwright test', 'output', [`--repeat-each=${times}`, ...files])).code;
}

/** By Playwright's own knowledge of imports: each spec that a change reaches, and how many tests it has. */
function testsReachedBy(commit: string): Map<string, number> {
  const listed = execFileSync(
    process.execPath,
    [
      join(root, 'node_modules/@playwright/test/cli.js'),
      'test',
      '--list',
      '--reporter=json',
      `--only-changed=${commit}`,
    ],
    { cwd: root, encoding: 'utf8', env: inheritedEnv(), maxBuffer: 256 * 1024 * 1024 },
  );
  const counts = new Map<string, number>();
  for (const { file } of runOf(PlaywrightResults.parse(JSON.parse(listed)), root).tests) {
    counts.set(file, (counts.get(file) ?? 0) + 1);
  }
  return counts;
}

/** Throws with git's own words: a base that is not fetched, most of all. */
function git(...args: string[]): string {
  return execFileSync('git', args, {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  }).trim();
}

await runCommand(USAGE, main);
