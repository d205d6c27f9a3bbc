import fc from 'fast-check';
import { randomInt } from 'node:crypto';
import { readEnv } from './env.ts';

/** What this process's generators begin with: its own, or the one that `SEED` names, to have a failure again. */
export const SEED = readEnv().SEED ?? randomInt(2 ** 31);

/** The items in an order of the seed's choice. */
export const shuffled = <T>(items: readonly T[], seed: number): T[] =>
  fc.sample(fc.shuffledSubarray([...items], { minLength: items.length }), { numRuns: 1, seed })[0] ?? [];
