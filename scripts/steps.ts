import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { inheritedEnv } from '../helpers/env.ts';
import { type Proof, readProofs } from '../helpers/feature-counts.ts';
import { reportsFolder } from '../helpers/reports-folder.ts';
import { root } from '../stack/paths.ts';
import { type Counts, countPlaywright, none, withExitCode } from './counts.ts';

const manifest = z.object({ scripts: z.record(z.string(), z.string()) });
const { scripts } = manifest.parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));

export interface Outcome {
  code: number;
  output: string;
  seconds: number;
}

/** Runs one of package.json's scripts as `npm run` would, without its 0.3 s. */
export async function runScript(name: string, show: 'output' | 'nothing' = 'nothing'): Promise<Outcome> {
  return await runCommand(scriptNamed(name), show);
}

/** The command of one of package.json's scripts; throws when there is none. */
export function scriptNamed(name: string): string {
  const command = scripts[name];
  if (!command) throw new Error(`package.json has no script "${name}"`);
  return command;
}

/** Runs a shell command, `npm run`'s PATH included. Showing its output keeps none; without an environment it gets no credential. */
export async function runCommand(
  command: string,
  show: 'output' | 'nothing',
  args: string[] = [],
  environment: NodeJS.ProcessEnv = inheritedEnv(),
): Promise<Outcome> {
  const began = performance.now();
  const bin = join(root, 'node_modules/.bin');
  const child = spawn([command, ...args.map(quoted)].join(' '), {
    cwd: root,
    shell: true,
    stdio: show === 'output' ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    env: { ...environment, PATH: `${bin}:${environment['PATH'] ?? ''}` },
  });
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code: code ?? 1, output, seconds: (performance.now() - began) / 1000 };
}

const quoted = (argument: string): string => `'${argument.replaceAll("'", `'\\''`)}'`;

interface SuiteOutcome extends Outcome {
  counts: Counts;
  proofs: Proof[];
}

/** Where a run's features are told. */
export const featuresFile = (): string => join(reportsFolder(), 'features.json');

/** Runs Playwright with its own output, and counts what its reports say. */
export async function runSuite(args: string[]): Promise<SuiteOutcome> {
  const results = join(reportsFolder(), 'results.json');
  for (const file of [results, featuresFile()]) rmSync(file, { force: true });
  const outcome = await runCommand('playwright test', 'output', args);
  return {
    ...outcome,
    counts: withExitCode(readCounts(results), outcome.code),
    proofs: readProofs(featuresFile()),
  };
}

function readCounts(file: string): Counts {
  try {
    return countPlaywright(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return none; // the run ended before any test
  }
}
