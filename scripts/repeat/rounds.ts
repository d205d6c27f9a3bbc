import { table } from '../../helpers/table.ts';
import type { Ending } from '../mutants/verdict.ts';

/** One run of the whole suite against healthy flows. */
export interface Round {
  seconds: number;
  endings: Ending[];
}

/** Each test that failed in some round, and in which (counted from 1); the one that failed most often first. */
export function falseAlarms(
  rounds: readonly Round[],
): Array<{ test: string; rounds: number[]; message: string }> {
  const alarms = new Map<string, { rounds: number[]; message: string }>();
  for (const [index, { endings }] of rounds.entries()) {
    for (const { file, title, status, message } of endings) {
      if (status === 'passed' || status === 'skipped') continue;
      const test = `${file} › ${title}`;
      const before = alarms.get(test);
      alarms.set(test, {
        rounds: [...(before?.rounds ?? []), index + 1],
        message: before?.message ?? message,
      });
    }
  }
  return [...alarms]
    .map(([test, alarm]) => ({ test, ...alarm }))
    .toSorted((a, b) => b.rounds.length - a.rounds.length || a.test.localeCompare(b.test));
}

/** What the rounds showed, as text. */
export function roundsTable(rounds: readonly Round[]): string {
  const seconds = rounds.map((round) => Math.round(round.seconds)).toSorted((a, b) => a - b);
  const tests = rounds.reduce((sum, { endings }) => sum + endings.length, 0);
  const alarms = falseAlarms(rounds);
  const failures = alarms.reduce((sum, { rounds: at }) => sum + at.length, 0);
  const summary = `${rounds.length} rounds, ${tests} tests, ${failures} false alarms; a round took ${seconds[0]} to ${seconds.at(-1)} s`;
  if (alarms.length === 0) return summary;
  return `${summary}\n${table(
    ['test', 'failed in round', 'said'],
    alarms.map(({ test, rounds: at, message }) => [test, at.join(', '), message.split('\n')[0] ?? '']),
  )}`;
}
