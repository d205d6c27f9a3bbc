import { expect, test } from '@playwright/test';
import { cpuBetweenTests } from '../../scripts/bench/hooks.ts';

const ROUNDS = 25;

const cpu = cpuBetweenTests();

// What Playwright itself costs a test, to see what our fixtures add.
for (let round = 1; round <= ROUNDS; round += 1) {
  test.describe(`bare ${round}`, () => {
    test('a test without any fixture', async ({}, testInfo) => {
      cpu.firstLine(testInfo);

      expect(testInfo.title).toContain('without');
      cpu.lastLine(testInfo);
    });
  });
}
