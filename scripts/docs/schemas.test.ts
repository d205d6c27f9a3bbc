import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { schemaFiles, schemaFolder } from './schemas.ts';

test('docs/schemas is what `npm run docs` writes', () => {
  const committed = readdirSync(schemaFolder).map((name) => [
    name,
    readFileSync(join(schemaFolder, name), 'utf8'),
  ]);

  assert.deepEqual(Object.fromEntries(committed), Object.fromEntries(schemaFiles()));
});
