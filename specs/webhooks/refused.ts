import { expect } from '../../fixtures/index.ts';

/** As `endsOf` tells it: refused for just these reasons, before any task but the validation ran. */
export const refused = (...reasons: RegExp[]) => ({
  state: 'FAILED',
  reasons: reasons.map((reason) => expect.stringMatching(reason)),
  ran: ['validate'],
});
