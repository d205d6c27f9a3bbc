import { expect } from '../../fixtures/index.ts';

/** As `endsOf` tells it: refused for just this reason, and nothing was started. */
export const refused = (...reasons: RegExp[]) => ({
  state: 'FAILED',
  reasons: reasons.map((reason) => expect.stringMatching(reason)),
  began: [],
});
