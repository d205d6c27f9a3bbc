import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../../stack/paths.ts';
import { describeFindings } from './finding.ts';
import { checkFolder } from './validate.ts';

test('the flows of this repository pass the local rules', async () => {
  const { findings } = await checkFolder(join(root, 'flows/christmas'));

  assert.equal(describeFindings(findings), '');
});
