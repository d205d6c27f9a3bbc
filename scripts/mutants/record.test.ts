import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Mutant } from './mutant.ts';
import { recordOf, trialsIn } from './record.ts';
import type { Trial } from './run.ts';

const mutant = (id: string): Mutant => ({ id, kind: 'generated number', harm: 'none', edits: [], specs: [] });
const trial = (id: string, fate: Trial['fate']): Trial => ({
  mutant: mutant(id),
  fate,
  endings: [
    { file: 'a.spec.ts', title: 'passes', status: 'passed', message: '' },
    { file: 'b.spec.ts', title: 'sees\tit', status: 'failed', message: 'not\tfor x+abc-1@y.z\nmore' },
  ],
  tookMs: 4321,
});

test('what was killed is known again elsewhere, and nothing of survivors or of lines that have changed', () => {
  const text = recordOf([trial('b-1', 'killed'), trial('a-1', 'killed'), trial('c-1', 'survived')]);

  assert.deepEqual(text.split('\n').slice(1), [
    'a-1\t4\tb.spec.ts\tsees it\tnot for x+…@y.z',
    'b-1\t4\tb.spec.ts\tsees it\tnot for x+…@y.z',
    '',
  ]);
  const ending = { file: 'b.spec.ts', title: 'sees it', status: 'failed', message: 'not for x+…@y.z' };
  assert.deepEqual(trialsIn(text, [mutant('b-1'), mutant('c-1'), mutant('d-1')]), [
    { mutant: mutant('b-1'), fate: 'killed', endings: [ending], tookMs: 4000 },
  ]);
});

test('a run of a few mutants leaves the others’ lines, and takes away that of one that survives now', () => {
  const before = [trial('a-1', 'killed'), trial('b-1', 'killed'), trial('c-1', 'killed')];
  const text = recordOf([trial('b-1', 'survived'), trial('d-1', 'killed')], before);

  const ids = text.split('\n').map((line) => line.split('\t')[0]);
  assert.deepEqual(ids, ['mutant', 'a-1', 'c-1', 'd-1', '']);
});
