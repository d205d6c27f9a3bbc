import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { about, expect, test } from '../../fixtures/index.ts';
import { inheritedEnv } from '../../helpers/env.ts';
import { foreignLoads, makeOffline } from '../../scripts/report/offline.ts';

const purpose = 'A report is handed around: it must hold no secret, open anywhere and call nobody.';
const secret = ['re', '0123456789abcdef0123456789'].join('_'); // made up; in one piece it would look like a real one

test.describe('report', { tag: '@harness', annotation: about({ feature: 'Harness', purpose }) }, () => {
  test('a planted secret stops the report and the scan before an upload, and is not told', async () => {
    const reports = mkdtempSync(join(tmpdir(), 'planted-')); // not below this run's reports: it would stop them
    mkdirSync(join(reports, 'allure-results'));
    mkdirSync(join(reports, 'allure-report'));
    writeFileSync(join(reports, 'allure-report/index.html'), 'of an earlier run');
    const packed = gzipSync(`{"authorization":"Bearer ${secret}"}`).toString('base64');
    const result = {
      uuid: '1',
      historyId: '1',
      name: 'a test',
      status: 'passed',
      statusDetails: { trace: packed },
    };
    writeFileSync(join(reports, 'allure-results/1-result.json'), JSON.stringify(result));
    const run = (script: string, variables: Record<string, string>) =>
      spawnSync(process.execPath, ['--import=tsx', script], {
        env: inheritedEnv({ FUNNEL_REPORTS: reports, ...variables }),
        encoding: 'utf8',
      });

    const byShape = run('scripts/report/scan.ts', {});
    const byValue = run('scripts/report.ts', { KESTRA_PASSWORD: secret });
    const left = existsSync(join(reports, 'allure-report'));
    rmSync(reports, { recursive: true });

    expect([byShape.status, byValue.status]).toEqual([1, 1]);
    expect(byShape.stderr).toContain('allure-results/1-result.json (base64, gzip): a bearer token');
    expect(byValue.stderr).toContain('1-result.json (base64, gzip): the value of KESTRA_PASSWORD');
    expect(byValue.stderr).toContain('Nothing is published.');
    expect(byShape.stderr + byValue.stderr).not.toContain(secret);
    expect(left, 'not even the report of an earlier run').toBe(false);
  });

  test('analytics are taken out, the report’s own scripts stay', async () => {
    const html = [
      '<html><head><title>r</title></head><body>',
      '<script>window.own = 1;</script>',
      '<script async src="https://www.googletagmanager.com/gtag/js?id=G-1"></script>',
      "<script>function gtag(){dataLayer.push(arguments);} gtag('config', 'G-1');</script>",
      '</body></html>',
    ].join('\n');

    const offline = makeOffline(html);

    expect(offline).not.toMatch(/googletagmanager|gtag/);
    expect(offline).toContain('window.own = 1;');
    // A report with pictures has its data in one script of many megabytes.
    const data = 'x'.repeat(20_000_000);
    expect(makeOffline(`<html><head></head><body><script>${data}</script></body></html>`)).toContain(data);
    expect(offline).toContain("default-src 'none'");
  });

  test('anything else that would load from elsewhere stops the report', async () => {
    const page = (body: string) => `<html><head></head><body>${body}</body></html>`;

    expect(() => makeOffline(page('<script src="https://cdn.test/x.js"></script>'))).toThrow(
      'https://cdn.test/x.js',
    );
    expect(() => makeOffline('<html><body></body></html>')).toThrow('no <head>');
    expect(
      foreignLoads(
        '<style>@import "//fonts.test/a.css"; b { background: url(https://img.test/b.png) }</style>',
      ),
    ).toEqual(['//fonts.test/a.css', 'https://img.test/b.png']);
    expect(
      foreignLoads('<a href="https://link.test">a link to click</a><img src="data:image/png;base64,AA">'),
    ).toEqual([]);
  });
});
