import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { about, expect, test } from '../../fixtures/index.ts';
import { inheritedEnv } from '../../helpers/env.ts';

const purpose = 'QA opens the report by a double click, perhaps on a train.';
const result = {
  uuid: '6f2a7c1e-0000-4000-8000-000000000001',
  historyId: 'h1',
  fullName: 'a spec: a lead signs up',
  name: 'a lead signs up',
  status: 'passed',
  stage: 'finished',
  start: 1_764_583_200_000,
  stop: 1_764_583_201_000,
  labels: [
    { name: 'epic', value: 'Sales funnel' },
    { name: 'feature', value: 'Lead capture' },
  ],
};

test.describe('report file', { tag: '@harness', annotation: about({ feature: 'Harness', purpose }) }, () => {
  test('the report shows its tests when opened from disk, and asks nobody for anything', async ({
    page,
  }, testInfo) => {
    const reports = testInfo.outputPath('reports');
    mkdirSync(join(reports, 'allure-results'), { recursive: true });
    writeFileSync(join(reports, 'allure-results', `${result.uuid}-result.json`), JSON.stringify(result));
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));

    const made = spawnSync('npx', ['tsx', 'scripts/report.ts'], {
      env: inheritedEnv({ FUNNEL_REPORTS: reports }),
      encoding: 'utf8',
    });
    expect(made.stdout, made.stderr).toContain('opens from disk');
    await page.goto(pathToFileURL(join(reports, 'allure-report/index.html')).href);

    await expect(page.getByText('no spec used one')).toBeVisible();
    await page.getByText('Lead capture').click();
    await page.getByText('a lead signs up').click();

    await expect(page.getByText('Labels'), 'the page of the test').toBeVisible();
    expect(asked.filter((url) => !/^(file|data|blob):/.test(url))).toEqual([]);
  });
});
