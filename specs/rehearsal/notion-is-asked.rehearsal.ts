import { about, expect, test } from '../../fixtures/index.ts';

const purpose = 'Thirty tests that need Notion, for a night in which it is out of order.';

test.describe('rehearsal: Notion', { annotation: about({ feature: 'Harness', purpose }) }, () => {
  for (let one = 1; one <= 30; one += 1) {
    test(`Notion has no contact of a new lead, asked by test ${one}`, async ({ lead, notion }) => {
      expect(await notion.contacts(lead).read()).toEqual([]);
    });
  }
});
