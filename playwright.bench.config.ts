import { defineConfig } from '@playwright/test';
import base from './playwright.config.ts';

/** What `npm run bench` runs to see what the fixtures cost: one worker, so that no test waits for another. */
export default defineConfig({
  ...base,
  testDir: 'specs/bench',
  testMatch: '*.bench.ts',
  fullyParallel: false,
  workers: 1,
  reporter: [['list'], ['./scripts/bench/hooks-reporter.ts']],
  projects: [{ name: 'bench' }],
});
