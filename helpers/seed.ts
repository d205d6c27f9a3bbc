import { randomInt } from 'node:crypto';
import { readEnv } from './env.ts';

/** What this process's generators begin with: its own, or the one that `SEED` names, to have a failure again. */
export const SEED = readEnv().SEED ?? randomInt(2 ** 31);
