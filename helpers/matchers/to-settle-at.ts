import type { ExpectMatcherState, MatcherReturnType } from '@playwright/test';
import { type Collection, listing } from '../collection.ts';
import { poll } from '../wait.ts';
import { refuseNegation } from './no-negation.ts';

/** Exactly `count`: at least so many within `within`, then none more for `quietFor`. */
export async function toSettleAt<T>(
  this: ExpectMatcherState,
  collection: Collection<T>,
  count: number,
  { within, quietFor }: { within: number; quietFor: number },
): Promise<MatcherReturnType> {
  refuseNegation(this, 'toSettleAt');
  const read = () => collection.read();
  const first = await poll(read, (items) => items.length >= count, within);
  const last =
    first.value.length === count ? await poll(read, (items) => items.length !== count, quietFor) : first;
  const elapsedMs = last === first ? first.elapsedMs : first.elapsedMs + last.elapsedMs;
  return {
    name: 'toSettleAt',
    pass: last.value.length === count,
    expected: count,
    actual: last.value.length,
    message: () =>
      `expected ${count} ${collection.what} within ${within} ms and no change for ${quietFor} ms, ` +
      `received ${last.value.length} after ${elapsedMs} ms\n${listing(collection, last.value)}`,
  };
}
