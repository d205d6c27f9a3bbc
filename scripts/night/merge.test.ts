import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { reportOf, saveReport } from '../../helpers/feature-counts.ts';
import { noteOutage, readOutage } from '../../helpers/outage-file.ts';
import { results } from './fake-results.ts';
import { mergeParts } from './merge.ts';
import { readRun } from './results.ts';
import { noteStep, readSteps } from './steps-file.ts';

let folder: string;
const at = (...names: string[]) => join(folder, ...names);
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'shards-'))));
afterEach(() => rmSync(folder, { recursive: true }));

type Tests = Parameters<typeof results>[0];

/** What a part of a run leaves. */
function part(name: string, shard: { current: number; total: number } | null, tests: Tests): string {
  const told = results(tests);
  mkdirSync(at(name, 'allure-results'), { recursive: true });
  writeFileSync(at(name, 'results.json'), JSON.stringify({ ...told, config: { ...told.config, shard } }));
  writeFileSync(at(name, 'allure-results', `${name}-result.json`), '{}');
  writeFileSync(at(name, 'allure-results', 'environment.properties'), 'Kestra = 1.3.31\n');
  saveReport(
    at(name, 'features.json'),
    reportOf([{ subjects: ['2.3', 'harness'], passed: tests.length, failed: 1, gated: 0 }], false),
  );
  writeFileSync(at(name, 'mails.json'), '{"planned":4,"sent":3,"budget":60}');
  noteStep(at(name), { name: 'suite', code: 0, seconds: 10 });
  return at(name);
}

test('tests, features, mails and results of the parts are one run’s', () => {
  const first = part('one', { current: 1, total: 2 }, [{ id: 'a' }, { id: 'b', status: 'unexpected' }]);
  const second = part('two', { current: 2, total: 2 }, [{ id: 'c' }]);

  mergeParts([first, second], at('reports'));

  const run = readRun(at('reports'), '/repo');
  assert.deepEqual(
    run?.tests.map(({ id, end }) => `${id} ${end}`),
    ['a passed', 'b failed', 'c passed'],
  );
  assert.deepEqual(run.errors, []);
  const { stats } = JSON.parse(readFileSync(at('reports/results.json'), 'utf8')) as {
    stats: { expected: number; unexpected: number };
  };
  assert.deepEqual([stats.expected, stats.unexpected], [2, 1]);
  const { features } = JSON.parse(readFileSync(at('reports/features.json'), 'utf8')) as {
    features: Array<{ id: string; passed: number; failed: number }>;
  };
  assert.deepEqual(
    features.filter(({ id }) => id === '2.3').map(({ passed, failed }) => [passed, failed]),
    [[3, 2]],
  );
  assert.deepEqual(JSON.parse(readFileSync(at('reports/mails.json'), 'utf8')), {
    planned: 8,
    sent: 6,
    budget: 60,
  });
  assert.deepEqual(readdirSync(at('reports/allure-results')).toSorted(), [
    'environment.properties',
    'one-result.json',
    'two-result.json',
  ]);
  assert.equal(
    readFileSync(at('reports/allure-results/environment.properties'), 'utf8'),
    'Kestra = 1.3.31\n',
    'said once',
  );
});

test('a part that told nothing makes the run red, and names itself', () => {
  const second = part('two', { current: 2, total: 3 }, [{ id: 'c' }]);

  mergeParts([second], at('reports'));

  assert.deepEqual(readRun(at('reports'), '/repo')?.errors, [
    'Part 1 of 3 of the suite told nothing: look at its job.',
    'Part 3 of 3 of the suite told nothing: look at its job.',
  ]);
});

test('the worst of a step’s ends stands, an outage and the steps of a part without tests are kept', () => {
  const first = part('one', { current: 1, total: 2 }, [{ id: 'a' }]);
  const second = part('two', { current: 2, total: 2 }, [{ id: 'c' }]);
  noteStep(first, { name: 'suite', code: 1, seconds: 30 });
  noteStep(second, { name: 'suite', code: 75, seconds: 20 });
  mkdirSync(at('doctor'));
  noteStep(at('doctor'), { name: 'doctor', code: 0, seconds: 2 });
  const outage = {
    service: 'Kestra',
    what: 'gave no answer',
    wellAt: '2026-01-31T02:00:00.000Z',
    seenAt: '2026-01-31T02:01:00.000Z',
  };
  noteOutage(second, outage);

  mergeParts([at('doctor'), first, second], at('reports'));

  assert.deepEqual(readSteps(at('reports')), [
    { name: 'doctor', code: 0, seconds: 2 },
    { name: 'suite', code: 1, seconds: 30 },
  ]);
  assert.deepEqual(readOutage(at('reports')), outage);
});

test('what an earlier night left is gone, and nothing is no night', () => {
  mkdirSync(at('reports/allure-results'), { recursive: true });
  writeFileSync(at('reports/allure-results/old-result.json'), '{}');
  mkdirSync(at('empty'));

  assert.throws(() => mergeParts([at('empty')], at('reports')), /Nothing of a night in .*empty/);
  mergeParts([part('one', null, [{ id: 'a' }])], at('reports'));

  assert.deepEqual(readRun(at('reports'), '/repo')?.errors, [], 'a run that was not divided misses no part');
  assert.equal(readdirSync(at('reports/allure-results')).includes('old-result.json'), false);
});
