import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { about, expect, test } from '../../fixtures/index.ts';
import { foreignLoads, makeOffline } from '../../scripts/report/offline.ts';
import { filesWithSecrets } from '../../scripts/report/secrets.ts';

const purpose = 'A report is handed around: it must hold no secret, open anywhere and call nobody.';
const secret = ['re', '0123456789abcdef'].join('_'); // made up; in one piece it would look like a real one

test.describe('report', { tag: '@harness', annotation: about({ feature: 'Harness', purpose }) }, () => {
  test('a secret is found as it is and packed, in any folder, and named by file', async ({}, testInfo) => {
    const folder = testInfo.outputPath('reports');
    const packed = Buffer.from(`{"authorization":"Bearer ${secret}"}`).toString('base64');
    const files = {
      'clean.json': '{"a":"b"}',
      'plain.txt': `key ${secret}`,
      'sub/report.html': `<script>d("x.json","${packed}")</script>`,
      'sub/basic.txt': Buffer.from(secret).toString('base64'),
      'run-1/other.txt': secret,
    };
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(join(folder, name, '..'), { recursive: true });
      writeFileSync(join(folder, name), content);
    }

    const found = filesWithSecrets(folder, [secret], /run-1/);

    expect(found.toSorted()).toEqual(
      ['plain.txt', 'sub/basic.txt', 'sub/report.html'].map((name) => join(folder, name)),
    );
    expect(filesWithSecrets(folder, ['another-secret'])).toEqual([]);
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
