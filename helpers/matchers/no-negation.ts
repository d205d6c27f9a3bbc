import type { ExpectMatcherState } from '@playwright/test';

/** A waiting matcher has no useful opposite: `.not` would pass at the first probe, or wait to the end. */
export function refuseNegation({ isNot }: ExpectMatcherState, matcher: string): void {
  if (isNot) throw new Error(`${matcher} has no negation: say what you do expect.`);
}
