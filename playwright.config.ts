import { join } from 'node:path';
import { defineConfig, devices } from '@playwright/test';
import { BUDGET } from './helpers/budgets.ts';
import { CHROMIUM_ARGUMENTS, chromiumPath } from './helpers/chromium.ts';
import { readEnv } from './helpers/env.ts';
import { reportsFolder } from './helpers/reports-folder.ts';
import { visualBaselines } from './helpers/visual-baselines.ts';

const reports = reportsFolder();
const executablePath = chromiumPath();
const visual = visualBaselines();

export default defineConfig({
  testDir: 'specs',
  outputDir: join(reports, 'test-results'),
  globalSetup: './helpers/global-setup.ts',
  fullyParallel: true,
  // Tests mostly wait for the engine; measured on two cores. With one address for all they take turns.
  workers: readEnv().TEST_ADDRESS === 'exact' ? 1 : 12,
  retries: 0, // a flaky test is a finding
  forbidOnly: readEnv().CI !== undefined,
  timeout: BUDGET.testMs,
  expect: { timeout: BUDGET.pageMs },
  reporter: [
    ['list'],
    ['json', { outputFile: join(reports, 'results.json') }],
    ['allure-playwright', { resultsDir: join(reports, 'allure-results') }],
    ['./helpers/features-reporter.ts', { outputFile: join(reports, 'features.json') }],
    ['./helpers/gates-reporter.ts'],
    ['./helpers/outage-reporter.ts', { reports }],
    ['./helpers/visual-reporter.ts'],
  ],
  use: {
    ...devices['Desktop Chrome'],
    launchOptions: { ...(executablePath ? { executablePath } : {}), args: CHROMIUM_ARGUMENTS },
    trace: 'off', // a trace keeps request headers and webhook keys in clear
    video: 'off',
  },
  projects: [
    // All its tests share one address, so they run one after the other.
    {
      name: 'bare-address',
      testIgnore: ['harness/**', 'visual/**'],
      grep: /@bare-address/,
      workers: 1,
      fullyParallel: false,
    },
    // Whole files, one by one: each process that runs one of these compiles the vendors' schemas anew.
    { name: 'harness', testDir: 'specs/harness', workers: 1, fullyParallel: false },
    { name: 'funnel', testIgnore: ['harness/**', 'visual/**'], grepInvert: /@bare-address/ },
    // Pixels can be compared on the machine that drew them: elsewhere there is no such project.
    ...(visual.on
      ? [{ name: 'visual', testDir: 'specs/visual', snapshotPathTemplate: join(visual.folder, '{arg}{ext}') }]
      : []),
  ],
});
