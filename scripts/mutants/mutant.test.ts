import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { readFlowFolder } from '../flows/source.ts';
import { changes, type Mutant, mutated, mutatedSite, readMutants } from './mutant.ts';
import { readSite } from './site.ts';
import { type Ending, failuresIn, fateOf } from './verdict.ts';

const flows = await readFlowFolder('flows/christmas');
const site = await readSite();
const catalogue = await readMutants('scripts/mutants/catalogue');

test('each mutant of the catalogue changes the flows or the site as they are now', () => {
  assert.ok(catalogue.length >= 170, `${catalogue.length} mutants`);
  const texts = ({ flows: some, files }: typeof flows): string =>
    JSON.stringify([some.map(({ text }) => text), files.map(({ text }) => text)]);
  for (const mutant of catalogue) {
    const { flows: inFlows, site: inSite } = changes(mutant);
    assert.equal(texts(mutated(flows, mutant)) !== texts(flows), inFlows, mutant.id);
    const files = [...mutatedSite(site, mutant)];
    assert.equal(!isDeepStrictEqual(files, [...site]), inSite, mutant.id);
  }
});

const one = (more: object = {}): Mutant => ({
  id: 'x',
  kind: 'delay',
  harm: 'Somebody gets a mail too early.',
  edits: [{ file: 'lib/segment.py', find: 'red >= 2', replace: 'red >= 1' }],
  specs: ['specs/a.spec.ts'],
  killed_by: { test: 'the right test', reason: '#3.*early' },
  ...more,
});

test('a text that is gone, or stands there twice, is told with the mutant and the file', () => {
  const gone = one({ edits: [{ file: 'lib/segment.py', find: 'blue >= 2', replace: '' }] });
  assert.throws(() => mutated(flows, gone), /x: the text to replace stands 0 times in lib\/segment\.py/);
  const twice = one({ edits: [{ file: 'lib/segment.py', find: 'CRITICAL', replace: '' }] });
  assert.throws(() => mutated(flows, twice), /stands \d+ times in lib\/segment\.py, not once/);
  const nowhere = one({ edits: [{ file: 'lib/no.py', find: 'a', replace: '' }] });
  assert.throws(() => mutated(flows, nowhere), /there is no file lib\/no\.py/);
  const ofSite = (find: string, file: string): Mutant => one({ edits: [{ file, find, replace: '' }] });
  assert.throws(
    () => mutatedSite(site, ofSite('yes === 7', 'website/scoring.ts')),
    /x: the text to replace stands 0 times in website\/scoring\.ts/,
  );
  assert.throws(
    () => mutatedSite(site, ofSite('a', 'website/no.ts')),
    /there is no file no\.ts in the site's/,
  );
});

test('an edit of the site leaves the flows alone, and a mutant may have both', () => {
  const edit = { file: 'website/scoring.ts', find: 'if (yes === 0)', replace: 'if (yes === 1)' };
  const both = one({ edits: [...one().edits, edit] });
  assert.deepEqual(mutated(flows, one({ edits: [edit] })), flows);
  assert.match(mutatedSite(site, both).get('scoring.ts') ?? '', /if \(yes === 1\) return 'red'/);
  assert.deepEqual(changes(both), { flows: true, site: true });
  assert.deepEqual(changes(one()), { flows: true, site: false });
});

test('a replacement is taken as it is, with dollar signs too', () => {
  const dollars = one({ edits: [{ file: 'lib/segment.py', find: 'red >= 2', replace: '"$&"' }] });
  const changed = mutated(flows, dollars).files.find(({ path }) => path === '/lib/segment.py');
  assert.match(changed?.text ?? '', /if "\$&":/);
});

test('a mutant of the wrong shape is told with file and field, two of one name by their name', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mutants-'));
  writeFileSync(join(folder, 'a.yaml'), JSON.stringify([one({ specs: ['elsewhere.ts'] })]));
  await assert.rejects(readMutants(folder), /a\.yaml:[^]*\[0\]\.specs\[0\]/);
  writeFileSync(join(folder, 'a.yaml'), JSON.stringify([one(), one()]));
  await assert.rejects(readMutants(folder), /Two mutants are called x/);
});

const ended = (title: string, status: string, message = ''): Ending => ({
  file: 'a',
  title,
  status,
  message,
});

test('a mutant is killed by the test it names, for the reason it names, and by nothing else', () => {
  const fate = (...endings: Ending[]) => fateOf(one(), endings);
  assert.equal(fate(ended('the right test', 'failed', 'mail #3 is 60 s early')), 'killed');
  assert.equal(fate(ended('the right test', 'failed', 'fetch failed')), 'by accident');
  assert.equal(fate(ended('the right test', 'timedOut', 'mail #3 is early')), 'by accident');
  assert.equal(
    fate(ended('the right test', 'passed'), ended('another', 'failed', '#3 early')),
    'by accident',
  );
  assert.equal(fate(ended('the right test', 'passed')), 'survived');
  assert.equal(fate(ended('the right test', 'skipped')), 'not run');
  assert.equal(fate(ended('another', 'passed')), 'not run');
});

test('what the flows’ own tests say is read whatever was raised', () => {
  const failure = (raised: string) => `F.
======================================================================
ERROR: test_bounds (tests.test_payload.Bounds.test_bounds)
----------------------------------------------------------------------
Traceback (most recent call last):
  File "tests/test_payload.py", line 93, in test_bounds
    self.assertEqual(1, 2)
${raised}

----------------------------------------------------------------------
Ran 2 tests in 0.542s

FAILED (errors=1)
`;
  for (const message of ['AssertionError: 1 != 2', 'christmas.lib.payload.Rejected: money_score: expected']) {
    assert.deepEqual(failuresIn(failure(message)), [
      { file: 'flows/tests/test_payload.py', title: 'test_bounds', status: 'failed', message },
    ]);
  }
  assert.deepEqual(failuresIn('..\nRan 2 tests in 0.1s\n\nOK\n'), []);
});
