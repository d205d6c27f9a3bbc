import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { root } from '../stack/paths.ts';
import { inheritedEnv, readKestraVersion } from './env.ts';

interface Suite {
  suites?: Suite[] | undefined;
  specs: Array<{ title: string; tests: Array<{ expectedStatus: string; status: string }> }>;
}

const Suite: z.ZodType<Suite> = z.looseObject({
  specs: z.array(
    z.looseObject({
      title: z.string(),
      tests: z.array(z.looseObject({ expectedStatus: z.string(), status: z.string() })),
    }),
  ),
  get suites() {
    return z.array(Suite).optional();
  },
});
const Results = z.looseObject({ suites: z.array(Suite) });
const AllureResult = z.looseObject({
  labels: z.array(z.looseObject({ name: z.string(), value: z.string() })),
});

export interface NestedRun {
  code: number | null;
  output: string;
  /** By title: how Playwright was told the test would end, and whether it did. */
  ends: Record<string, string>;
  /** How many tests the report groups under each name. */
  groups: Record<string, number>;
}

/** Runs specs once more in a Playwright of their own, and tells how they ended. */
export async function nestedRun(
  reports: string,
  variables: Record<string, string>,
  args: readonly string[],
): Promise<NestedRun> {
  const child = startRun(reports, variables, args);
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];

  const { suites } = Results.parse(JSON.parse(readFileSync(join(reports, 'results.json'), 'utf8')));
  return {
    code,
    output,
    ends: Object.fromEntries(endsIn(suites)),
    groups: groupsIn(join(reports, 'allure-results')),
  };
}

/** Starts such a run in a process group of its own, and returns what kills it at once, with all its children. */
export function killableRun(
  reports: string,
  variables: Record<string, string>,
  args: readonly string[],
): () => Promise<void> {
  const child = startRun(reports, variables, args, true);
  const ended = once(child, 'exit');
  child.stdout.resume();
  child.stderr.resume();
  return async () => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
    await ended;
  };
}

const startRun = (
  reports: string,
  variables: Record<string, string>,
  args: readonly string[],
  detached = false,
) =>
  spawn(
    process.execPath,
    [join(root, 'node_modules/@playwright/test/cli.js'), 'test', '--workers=2', ...args],
    {
      cwd: root,
      detached,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: inheritedEnv({
        FUNNEL_REPORTS: reports,
        FUNNEL_TOTALS: 'later',
        KESTRA_VERSION: readKestraVersion(),
        ...variables,
      }),
    },
  );

const endsIn = (suites: readonly Suite[]): Array<[string, string]> =>
  suites.flatMap(({ specs, suites: inner = [] }) => [
    ...specs.flatMap(({ title, tests }) =>
      tests.map(({ expectedStatus, status }): [string, string] => [title, `${expectedStatus}, ${status}`]),
    ),
    ...endsIn(inner),
  ]);

function groupsIn(folder: string): Record<string, number> {
  const groups: Record<string, number> = {};
  if (!existsSync(folder)) return groups; // nothing ran
  for (const name of readdirSync(folder).filter((file) => file.endsWith('-result.json'))) {
    const { labels } = AllureResult.parse(JSON.parse(readFileSync(join(folder, name), 'utf8')));
    for (const { value } of labels.filter((label) => label.name === 'feature')) {
      groups[value] = (groups[value] ?? 0) + 1;
    }
  }
  return groups;
}
