import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../../stack/paths.ts';
import { type Case, casesIn } from './cases.ts';
import { tableIn } from './markdown.ts';

const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const byNumber = (a: string, b: string): number => a.localeCompare(b, 'en', { numeric: true });
const inOrder = (cases: Case[]): Case[] => cases.toSorted((a, b) => byNumber(a.id, b.id));

/** How many test cases the specification counts for a feature. */
const CASES_OF = { '4.7': 10, '4.8': 8, '4.9': 8, '4.10': 20, '4.11': 19, '4.12': 15 };

test('docs/test-cases.md has each numbered test once, with its title, its spec and what makes it fail', () => {
  const specs = readdirSync(join(root, 'specs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.spec.ts'))
    .map((file) => `specs/${file}`);
  const listed = tableIn(read('docs/test-cases.md'));

  assert.deepEqual(
    inOrder(
      listed.map(({ id = '', test: title = '', spec = '' }) => ({ id, test: title, spec: bare(spec) })),
    ),
    inOrder(specs.flatMap((spec) => casesIn(read(spec), spec))),
  );
  assert.deepEqual(
    listed.filter((row) => row['what makes it fail'] === ''),
    [],
  );
});

test('each number of the inventory is given once, and no other', () => {
  const ids = tableIn(read('docs/test-cases.md')).map(({ id = '' }) => id);
  const wanted = Object.entries(CASES_OF).flatMap(([feature, count]) =>
    Array.from({ length: count }, (_, index) => `TC-${feature}.${index + 1}`),
  );

  assert.deepEqual(ids.toSorted(byNumber), wanted.toSorted(byNumber));
});

test('a number belongs to the test it stands in, whatever its title holds', () => {
  const source = `
    test.describe('x', { annotation: about({}) }, () => {
      test('plain', async () => {});
      test('it\\'s one', { annotation: testCase('TC-4.11.1') }, async () => {});
      test(
        "the webhook's id",
        { annotation: [covers('2.3'), testCase('TC-4.11.2')] },
        async () => {},
      );
    });`;

  assert.deepEqual(casesIn(source, 'a.spec.ts'), [
    { id: 'TC-4.11.1', test: "it's one", spec: 'a.spec.ts' },
    { id: 'TC-4.11.2', test: "the webhook's id", spec: 'a.spec.ts' },
  ]);
  assert.throws(() => casesIn(`testCase('TC-4.11.1')`, 'a.spec.ts'), /before the first test/);
});

/** A cell's path, be it code or a link. */
function bare(cell: string): string {
  return cell.replace(/^\[(.*)\]\(.*\)$/, '$1').replaceAll('`', '');
}
