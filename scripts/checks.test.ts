import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { root } from '../stack/paths.ts';
import { FILES, proofsOfFiles } from './checks.ts';

const filesIn = (folder: string, name: RegExp): string[] =>
  readdirSync(`${root}/${folder}`, { recursive: true, encoding: 'utf8' })
    .filter((file) => name.test(file))
    .map((file) => `${folder}/${file}`);

test('every file of unit tests and of flow tests says what it proves, and no file that is gone', () => {
  const there = [
    ...['scripts', 'helpers', 'stack'].flatMap((folder) => filesIn(folder, /\.test\.ts$/)),
    ...filesIn('flows/tests', /^test_\w+\.py$/),
  ];

  assert.deepEqual(Object.keys(FILES).toSorted(), there.toSorted());
});

test('the counts of a file count for what it proves', () => {
  const counts = { passed: 3, failed: 1, skipped: 2 };
  const files = new Map([
    ['flows/tests/test_mail.py', counts],
    ['scripts/counts.test.ts', counts],
    ['scripts/unheard-of.test.ts', counts],
  ]);

  assert.deepEqual(proofsOfFiles(files), [
    { subjects: ['2.3', '2.6'], passed: 3, failed: 1, gated: 0 },
    { subjects: ['harness'], passed: 3, failed: 1, gated: 0 },
  ]);
});
