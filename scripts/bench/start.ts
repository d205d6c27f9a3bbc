import { join } from 'node:path';
import { z } from 'zod';
import { inheritedEnv, type Variables } from '../../helpers/env.ts';
import { root } from '../../stack/paths.ts';
import { runCommand } from '../steps.ts';

const Start = z.object({
  readyMs: z.number(),
  steps: z.array(z.object({ what: z.string(), atMs: z.number() })),
  /** By whose it was. */
  cpuMs: z.record(z.string(), z.number()),
  /** The engine's. */
  residentBytes: z.number(),
});
/** How one start of a stack went. */
export type Start = z.infer<typeof Start>;

/** Starts a stack with these variables besides, and stops it. Throws when it does not start. */
export async function startOnce(folder: string, variables: Variables = {}): Promise<Start> {
  const { code, output } = await runCommand(
    'node --import=tsx',
    'nothing',
    [join(root, 'scripts/bench/start-once.ts'), `--folder=${folder}`],
    inheritedEnv(variables),
  );
  const line = output.trim().split('\n').at(-1) ?? '';
  if (code !== 0) throw new Error(`The stack did not start: ${output.trim().slice(-2_000)}`);
  return Start.parse(JSON.parse(line));
}

/** All that a start used. */
export const cpuOf = ({ cpuMs }: Start): number => Object.values(cpuMs).reduce((sum, ms) => sum + ms, 0);

/** How long each step of a start took. */
export function stepsOf({ steps, readyMs }: Start): Record<string, number> {
  const marks = [...steps, { what: 'its file is written', atMs: readyMs }];
  return Object.fromEntries(
    marks.map(({ what, atMs }, index) => [what, atMs - (marks[index - 1]?.atMs ?? 0)]),
  );
}
