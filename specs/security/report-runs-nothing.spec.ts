import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { about, expect, test } from '../../fixtures/index.ts';
import { BUDGET } from '../../helpers/budgets.ts';
import { inheritedEnv } from '../../helpers/env.ts';
import { ALL } from './typed.ts';

const purpose =
  'The report shows what leads typed and what mails said; QA opens it as a file, with all that a file may do.';

/** What our own tests attach, and pages and pictures that are scripts. */
const ATTACHED = {
  'as text': { type: 'text/plain', body: ALL },
  'as JSON': { type: 'application/json', body: JSON.stringify({ name: ALL }) },
  'as a page': { type: 'text/html', body: `<h1>typed</h1>${ALL}` },
  'as a drawing': {
    type: 'image/svg+xml',
    body: '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9" onload="alert(1)"><script>alert(2)</script></svg>',
  },
};

test.describe(
  'the report of hostile leads',
  { tag: '@safety', annotation: about({ feature: 'Harness', purpose }) },
  () => {
    test('what somebody typed runs neither in titles nor in attachments', async ({ page }, testInfo) => {
      const reports = testInfo.outputPath('reports');
      const results = join(reports, 'allure-results');
      mkdirSync(results, { recursive: true });
      const attachments = Object.entries(ATTACHED).map(([name, { type, body }], index) => {
        writeFileSync(join(results, `${index}-attachment`), body);
        return { name, type, source: `${index}-attachment` };
      });
      const result = {
        uuid: '6f2a7c1e-0000-4000-8000-000000000002',
        historyId: 'h2',
        fullName: 'a hostile lead',
        name: `a hostile lead ${ALL}`,
        description: ALL,
        status: 'failed',
        statusDetails: { message: ALL, trace: ALL },
        stage: 'finished',
        start: 1_764_583_200_000,
        stop: 1_764_583_201_000,
        labels: [{ name: 'feature', value: 'Hostile leads' }],
        parameters: [{ name: 'name', value: ALL }],
        steps: [
          { name: ALL, status: 'passed', stage: 'finished', start: 1, stop: 2, steps: [], attachments: [] },
        ],
        attachments,
      };
      writeFileSync(join(results, `${result.uuid}-result.json`), JSON.stringify(result));
      const ran: string[] = [];
      page.on('dialog', (dialog) => {
        ran.push(dialog.message());
        void dialog.dismiss();
      });

      const made = spawnSync('npx', ['tsx', 'scripts/report.ts'], {
        env: inheritedEnv({ FUNNEL_REPORTS: reports }),
        encoding: 'utf8',
      });
      expect(made.stdout, made.stderr).toContain('opens from disk');
      await page.goto(pathToFileURL(join(reports, 'allure-report/index.html')).href);
      // A feature with a failure is open already.
      await page.getByText('a hostile lead').first().click();
      await expect(page.getByText('Labels'), 'the page of the test').toBeVisible();
      for (const name of Object.keys(ATTACHED)) await page.getByText(name, { exact: true }).click();
      // Pages and drawings are shown in frames of their own.
      await expect.poll(() => page.frames().length, { timeout: BUDGET.pageMs }).toBeGreaterThan(1);
      await page.evaluate(() => new Promise((resolve) => requestIdleCallback(resolve)));

      expect(ran, 'dialogs').toEqual([]);
      expect(
        await page.evaluate(
          () => document.querySelectorAll('script[data-typed], svg[onload], [onerror]').length,
        ),
      ).toBe(0);
    });
  },
);
