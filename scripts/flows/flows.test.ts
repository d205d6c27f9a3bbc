import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../../stack/paths.ts';
import { describeFindings } from './finding.ts';
import { readFlowFolder } from './source.ts';
import { validateFolder } from './validate.ts';

test('the flows of this repository pass the local rules', async () => {
  const folder = await readFlowFolder(join(root, 'flows/christmas'));

  assert.equal(describeFindings(await validateFolder(folder)), '');
});
