import { join } from 'node:path';
import { defineConfig, devices } from '@playwright/test';
import { ATTACHED_WORKERS, BUDGET, LOCAL_WORKERS } from './helpers/budgets.ts';
import { CHROMIUM_ARGUMENTS, chromiumPath } from './helpers/chromium.ts';
import { readEnv } from './helpers/env.ts';
import { reportsFolder } from './helpers/reports-folder.ts';
import type { StackOption } from './fixtures/target.ts';
import { visualBaselines } from './helpers/visual-baselines.ts';

const reports = reportsFolder();
const executablePath = chromiumPath();
const { TARGET, TEST_ADDRESS } = readEnv();
const visual = visualBaselines();

/** Folders with a project of their own. */
const ONE_BY_ONE = ['faults', 'homelab'].map((folder) => `${folder}/*.spec.ts`);
const APART = ['edge/**', 'harness/**', 'visual/**', ...ONE_BY_ONE];

export default defineConfig<object, StackOption>({
  testDir: 'specs',
  outputDir: join(reports, 'test-results'),
  globalSetup: './helpers/global-setup.ts',
  fullyParallel: true,
  // Tests mostly wait for the engine. With one address for all they take turns.
  workers: TEST_ADDRESS === 'exact' ? 1 : TARGET === 'homelab' ? ATTACHED_WORKERS : LOCAL_WORKERS,
  retries: 0, // a flaky test is a finding
  forbidOnly: readEnv().CI !== undefined,
  timeout: BUDGET.testMs,
  expect: { timeout: BUDGET.pageMs },
  reporter: [
    ['list'],
    ['json', { outputFile: join(reports, 'results.json') }],
    ['allure-playwright', { resultsDir: join(reports, 'allure-results') }],
    ['./helpers/features-reporter.ts', { outputFile: join(reports, 'features.json') }],
    ['./helpers/progress-reporter.ts'],
    ['./helpers/gates-reporter.ts'],
    ['./helpers/attached-reporter.ts', { outputFile: join(reports, 'mails.json') }],
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
      testIgnore: APART,
      grep: /@bare-address/,
      workers: 1,
      fullyParallel: false,
    },
    // Whole files, one by one: each process that runs one of these compiles the vendors' schemas anew.
    { name: 'harness', testDir: 'specs/harness', workers: 1, fullyParallel: false },
    // A burst of calls for the rate limit would have others' webhooks refused: one by one, and in a night a run of its own.
    { name: 'edge', testDir: 'specs/edge', workers: 1, fullyParallel: false },
    // Engines that the tests kill, a target that stands apart: one by one, since a second engine is as much as two cores bear.
    { name: 'apart', testMatch: ONE_BY_ONE, workers: 1, fullyParallel: false },
    { name: 'funnel', testIgnore: APART, grepInvert: /@bare-address/ },
    // Pixels can be compared on the machine that drew them: elsewhere there is no such project.
    ...(visual.on
      ? [{ name: 'visual', testDir: 'specs/visual', snapshotPathTemplate: join(visual.folder, '{arg}{ext}') }]
      : []),
  ],
});
