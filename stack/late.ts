import { setTimeout as delay } from 'node:timers/promises';

/** Waits at random, half as long as `mostMs` at least and never longer; not at all for 0. */
export async function beLate(mostMs: number): Promise<void> {
  if (mostMs > 0) await delay((mostMs * (1 + Math.random())) / 2);
}
