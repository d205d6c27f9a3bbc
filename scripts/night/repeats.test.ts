import assert from 'node:assert/strict';
import { test } from 'node:test';
import { repeatsOf } from './repeats.ts';

const specs = (...entries: Array<[string, number]>) => new Map(entries);

test('a changed spec runs thirty times, one that imports something changed as often as fits', () => {
  const changed = ['specs/a.spec.ts', 'helpers/wait.ts'];

  assert.deepEqual(repeatsOf(changed, specs(['specs/a.spec.ts', 500], ['specs/b.spec.ts', 40])), {
    direct: { files: ['specs/a.spec.ts'], times: 30 },
    reachable: { files: ['specs/b.spec.ts'], times: 15 },
  });
  assert.equal(repeatsOf(changed, specs(['specs/b.spec.ts', 3])).reachable.times, 30, 'never more often');
});

test('what all specs import is left to the suite, and nothing changed is nothing to run', () => {
  const { direct, reachable } = repeatsOf(['helpers/env.ts'], specs(['specs/a.spec.ts', 400]));

  assert.deepEqual(direct, { files: [], times: 0 });
  assert.equal(reachable.times, 0);
  assert.deepEqual(repeatsOf(['README.md'], specs()), {
    direct: { files: [], times: 0 },
    reachable: { files: [], times: 0 },
  });
});

test('a spec that was changed and whose tests are gone is not run', () => {
  assert.deepEqual(repeatsOf(['specs/gone.spec.ts'], specs()).direct.files, []);
});
