import type { ExpectMatcherState, MatcherReturnType } from '@playwright/test';
import { type Collection, listing } from '../collection.ts';
import { settle } from '../wait.ts';
import { refuseNegation } from './no-negation.ts';

/** Exactly `count`: at least so many within `within`, then none more for `quietFor`. */
export async function toSettleAt<T>(
  this: ExpectMatcherState,
  collection: Collection<T>,
  count: number,
  { within, quietFor }: { within: number; quietFor: number },
): Promise<MatcherReturnType> {
  refuseNegation(this, 'toSettleAt');
  const { value, elapsedMs, done } = await settle(
    () => collection.read(),
    count,
    { within, quietFor },
    collection.what,
  );
  return {
    name: 'toSettleAt',
    pass: done,
    expected: count,
    actual: value.length,
    message: () =>
      `expected ${count} ${collection.what} within ${within} ms and no change for ${quietFor} ms, ` +
      `received ${value.length} after ${elapsedMs} ms\n${listing(collection, value)}`,
  };
}
