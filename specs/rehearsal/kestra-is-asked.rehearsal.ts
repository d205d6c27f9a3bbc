import { about, expect, test } from '../../fixtures/index.ts';
import { poll } from '../../helpers/wait.ts';

const purpose = 'Thirty tests that need Kestra, for a night in which it goes away.';
const ASKED_MS = 1_000;

test.describe('rehearsal: Kestra', { annotation: about({ feature: 'Harness', purpose }) }, () => {
  for (let one = 1; one <= 30; one += 1) {
    test(`Kestra has no execution of a stranger, asked by test ${one}`, async ({ kestra }) => {
      const asked = () => kestra.search({ labels: { lead: 'nobody' } });

      const { value } = await poll(asked, (found) => found.length > 0, ASKED_MS);

      expect(value).toEqual([]);
    });
  }
});
