import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { readSchemas } from './contract.ts';

test('the schemas were generated from the client that is installed', () => {
  const entry = createRequire(import.meta.url).resolve('@notionhq/client');
  const manifest = readFileSync(join(dirname(entry), '../../package.json'), 'utf8');
  const { version } = JSON.parse(manifest) as { version: string };
  assert.equal(
    readSchemas().client,
    version,
    'Notion’s client was updated: run `npm run notion-schemas` and read what changed in schemas.json.',
  );
});
