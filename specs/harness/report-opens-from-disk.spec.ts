import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { about, expect, test } from '../../fixtures/index.ts';
import { inheritedEnv } from '../../helpers/env.ts';
import type { Check } from '../../scripts/drift/check.ts';
import { record } from '../../scripts/drift/tell.ts';

const Categories = z.looseObject({
  nodes: z.record(
    z.string(),
    z.looseObject({
      type: z.string(),
      name: z.string(),
      statistic: z.looseObject({ total: z.number() }).default({ total: 0 }),
    }),
  ),
});
const byName = ([one]: [string, number], [other]: [string, number]): number => one.localeCompare(other);

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

  test('drift of a real service is a category of its own, apart from an outage of one', async ({}, testInfo) => {
    const reports = testInfo.outputPath('reports');
    const status: Check['findings'][number] = {
      kind: 'status',
      path: 'answer',
      text: 'answers 410, ours 200',
    };
    const one = { service: 'resend', findings: [], more: [] } as const;
    record(reports, 'homelab', [
      { ...one, probe: 'mails', outcome: 'same' },
      { ...one, probe: 'mail', outcome: 'drift', findings: [status] },
      { ...one, service: 'notion', probe: 'me', outcome: 'outage', why: 'answered 503' },
    ]);

    const made = spawnSync('npx', ['tsx', 'scripts/report.ts'], {
      env: inheritedEnv({ FUNNEL_REPORTS: reports }),
      encoding: 'utf8',
    });
    expect(made.stdout, made.stderr).toContain('opens from disk');
    const html = readFileSync(join(reports, 'allure-report/index.html'), 'utf8');
    const [, packed = ''] = /d\("widgets\/categories\.json","([^"]+)"/.exec(html) ?? [];
    const { nodes } = Categories.parse(JSON.parse(Buffer.from(packed, 'base64').toString()));

    const groups = Object.values(nodes).filter(({ type }) => type === 'category');
    expect(
      groups.map(({ name, statistic }): [string, number] => [name, statistic.total]).toSorted(byName),
    ).toEqual([
      ['Drift: a real service answers otherwise than its stand-in', 1],
      ['Outage: a service was gone, these tests accuse nobody', 1],
    ]);
  });
});
