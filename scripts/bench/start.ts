import { join } from 'node:path';
import { z } from 'zod';
import { inheritedEnv, type Variables } from '../../helpers/env.ts';
import { root } from '../../stack/paths.ts';
import { runCommand } from '../steps.ts';

const Start = z.object({
  /** What was done when, and what stack and engine had used by then; the last one is that the stack was ready. */
  steps: z.array(z.object({ what: z.string(), atMs: z.number(), cpuMs: z.number() })).min(1),
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

/** How long it took, in ms. */
export const readyMsOf = ({ steps }: Start): number => steps.at(-1)?.atMs ?? 0;

/** What it used, in ms. */
export const cpuMsOf = ({ steps }: Start): number => steps.at(-1)?.cpuMs ?? 0;

/** What each step of a start took or used, in ms. */
export function byStep({ steps }: Start, of: 'atMs' | 'cpuMs'): Record<string, number> {
  return Object.fromEntries(
    steps.map((step, index) => [step.what, step[of] - (steps[index - 1]?.[of] ?? 0)]),
  );
}
