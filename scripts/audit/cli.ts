// npm run audit: what is known of the libraries that tests, stack and engine consist of, and what could bring others.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { inheritedEnv, readEnv, readKestraVersion } from '../../helpers/env.ts';
import { root } from '../../stack/paths.ts';
import { readArguments, runCommand } from '../command-line.ts';
import { advisoriesIn } from './advisories.ts';
import { bomOf, type Component, doubled, mavenComponents, npmComponents } from './inventory.ts';
import { lockFaults, LockFile, Manifest } from './lock.ts';

const USAGE = `npm run audit

Looks at the libraries of tests and stack (package-lock.json) and of the embedded engine (stack/kestra/pom.xml):
  - exact versions, a hash for each package, no install script that nobody looked at: needs no network
  - the registry's advisories, where it has an audit endpoint; a grave one (high, critical) fails the command
  - no library of the engine in two versions
Writes all of them to reports/libraries.cdx.json (CycloneDX), for scanners with a database of their own: those of Maven
have no other audit.

Exit code 1 when something is wrong; on a build server (CI is set) also when the registry says nothing.`;

const Setup = z.object({ maven: z.object({ executable: z.string() }) });

function main(args: string[]): number {
  const { values } = readArguments({
    args,
    options: { help: { type: 'boolean', short: 'h' } },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const lock = LockFile.parse(readJson('package-lock.json'));
  const faults = lockFaults(lock, Manifest.parse(readJson('package.json')));
  const npm = npmComponents(lock);
  say(faults, `${npm.length} npm packages: exact versions, each with its hash, no unknown install script`);

  const advisories = advisoriesIn(outputOf('npm', ['audit', '--json']));
  const grave = advisories.asked ? advisories.found.filter((one) => one.grave) : [];
  if (advisories.asked) {
    const told = advisories.found.map(({ name, range, severity }) => `${name} ${range}: ${severity}`);
    say(told, 'The registry knows of no advisory against them');
  } else console.log(`! Advisories: nothing is known, since ${advisories.why}`);

  const libraries = librariesOfEngine();
  const twice = doubled(libraries ?? []);
  if (libraries)
    say(
      twice,
      `${libraries.length} libraries of the engine (Kestra ${readKestraVersion()}), each in one version`,
    );
  else console.log('! Libraries of the engine: not looked at, since set-up has not run (npm run setup)');

  const { CI, FUNNEL_REPORTS = 'reports' } = readEnv();
  const file = join(FUNNEL_REPORTS, 'libraries.cdx.json');
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, `${JSON.stringify(bomOf([...npm, ...(libraries ?? [])]), undefined, 2)}\n`);
  console.log(`  All of them: ${file}`);
  const silent = CI !== undefined && !advisories.asked;
  return faults.length + grave.length + twice.length > 0 || silent ? 1 : 0;
}

function say(faults: readonly string[], otherwise: string): void {
  console.log(faults.length === 0 ? `✓ ${otherwise}` : faults.map((fault) => `✗ ${fault}`).join('\n'));
}

/** Undefined where set-up has not fetched them. */
function librariesOfEngine(): Component[] | undefined {
  const noted = join(root, '.setup/setup.json');
  const setup = Setup.safeParse(existsSync(noted) ? JSON.parse(readFileSync(noted, 'utf8')) : undefined);
  if (!setup.success) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'libraries-'));
  const file = join(folder, 'list.txt');
  const output = outputOf(setup.data.maven.executable, [
    '--offline',
    '--batch-mode',
    `--file=${join(root, 'stack/kestra/pom.xml')}`,
    `-Dkestra.version=${readKestraVersion()}`,
    '-DincludeScope=runtime',
    `-DoutputFile=${file}`,
    'dependency:list',
  ]);
  const found = mavenComponents(existsSync(file) ? readFileSync(file, 'utf8') : '');
  rmSync(folder, { recursive: true });
  if (found.length === 0) throw new Error(`Maven named no library:\n${output.slice(-2_000)}`);
  return found;
}

function outputOf(command: string, args: string[]): string {
  const { stdout, error } = spawnSync(command, args, {
    cwd: root,
    env: inheritedEnv(),
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (error) throw new Error(`${command} could not be run`, { cause: error });
  return stdout;
}

const readJson = (name: string): unknown => JSON.parse(readFileSync(join(root, name), 'utf8'));

await runCommand(USAGE, (args) => Promise.resolve(main(args)));
