import assert from 'node:assert/strict';
import { test } from 'node:test';
import { falseAlarms, type Round, roundsTable } from './rounds.ts';

const round = (seconds: number, ...statuses: string[]): Round => ({
  seconds,
  endings: statuses.map((status, index) => ({
    file: 'a.spec.ts',
    title: `test ${index + 1}`,
    status,
    message: status === 'passed' ? '' : `it was ${status}\nin detail`,
  })),
});

test('a test that fails in some round is a false alarm, the frequent ones first', () => {
  const rounds = [
    round(60, 'passed', 'failed', 'passed'),
    round(70, 'passed', 'timedOut', 'failed'),
    round(65, 'passed', 'passed', 'skipped'),
  ];

  assert.deepEqual(
    falseAlarms(rounds).map(({ test: name, rounds: at }) => [name, at]),
    [
      ['a.spec.ts › test 2', [1, 2]],
      ['a.spec.ts › test 3', [2]],
    ],
  );
  assert.match(roundsTable(rounds), /^3 rounds, 9 tests, 3 false alarms; a round took 60 to 70 s$/m);
  assert.match(roundsTable(rounds), /a\.spec\.ts › test 2\s+1, 2\s+it was failed$/m);
});

test('without any there is no table', () => {
  const text = roundsTable([round(61.4, 'passed'), round(60, 'passed')]);
  assert.equal(text, '2 rounds, 2 tests, 0 false alarms; a round took 60 to 61 s');
});
