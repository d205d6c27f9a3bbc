import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { PAGES } from '../../helpers/site.ts';
import { stackFolder } from '../../stack/paths.ts';
import type { StackFile } from '../../stack/stack-file.ts';
import { type Mutant, mutatedSite } from './mutant.ts';
import { readSite, startSites } from './site.ts';

const nobody = 'http://127.0.0.1:9';
const stack = {
  logFolder: join(stackFolder, `sites-${process.pid}`),
  namespaces: { production: 'a', testing: 'b' },
  kestra: { url: nobody, webhookKeys: {} },
  resend: { url: nobody, keys: { website: 're_website' } },
} as unknown as StackFile;
const logs = mkdtempSync(join(tmpdir(), 'sites-'));

after(() => rmSync(stack.logFolder, { recursive: true, force: true }));

const withEdit = async (file: string, find: string, replace: string) =>
  mutatedSite(await readSite(), { id: 'x', edits: [{ file: `website/${file}`, find, replace }] } as Mutant);

test('three websites serve the changed pages and scripts, from a folder that goes with them', async () => {
  const files = await withEdit('client/results.ts', 'half way', 'nearly there');
  const sites = await startSites('x', files, stack, logs);
  const { about } = sites;
  try {
    assert.equal(new Set(Object.values(about.websites)).size, 3);
    for (const url of Object.values(about.websites)) {
      assert.match(await (await fetch(`${url}${PAGES.landing}`)).text(), /Free business assessment/);
      assert.match(await (await fetch(`${url}/assets/assessment.js`)).text(), /nearly there/);
    }
    assert.ok(about.websiteFolder && existsSync(join(about.websiteFolder, 'server.ts')));
  } finally {
    await sites.stop();
  }
  assert.ok(!existsSync(String(about.websiteFolder)));
});

test('a site that does not start is told', async () => {
  const broken = await withEdit('server.ts', 'export async function startWebsite', 'async function nothing');
  await assert.rejects(
    startSites('y', broken, stack, logs),
    /The changed site does not start; see site\.log/,
  );
});
