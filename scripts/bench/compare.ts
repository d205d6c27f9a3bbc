import { type Figure, inOrder, isMet, type Result } from './result.ts';

/** Runs of the same commit differ by so much. */
const NOISE = 0.1;

interface Point {
  takenAt: string;
  commit: string;
  machine: string;
  value: number;
}

/** One figure through all results that have it. */
export interface Trend {
  figure: Figure;
  /** Of the newest result that has it. */
  newest: Point;
  points: Point[];
}

/** Every figure's way through the results, in the order of the newest result that has most of them. */
export function trendsOf(results: readonly Result[]): Trend[] {
  const ordered = inOrder(results);
  const trends = new Map<string, Trend>();
  for (const result of ordered) {
    for (const figure of result.figures) {
      const point = {
        takenAt: result.takenAt,
        commit: result.commit,
        machine: machineOf(result),
        value: figure.value,
      };
      trends.set(figure.id, {
        figure,
        newest: point,
        points: [...(trends.get(figure.id)?.points ?? []), point],
      });
    }
  }
  return [...trends.values()];
}

/** What decides how quick it is. */
export const machineOf = ({ machine: { cpu, cores } }: Result): string => `${cores} × ${cpu}`;

type Verdict = 'new' | 'same' | 'better' | 'worse' | 'other machine';

/** The newest result before `now` that has one of its figures: a run may have measured other parts. */
export function earlierOf(now: Result, results: readonly Result[]): Result | undefined {
  const ids = new Set(now.figures.map(({ id }) => id));
  return inOrder(results).findLast(
    ({ takenAt, figures }) =>
      Date.parse(takenAt) < Date.parse(now.takenAt) && figures.some(({ id }) => ids.has(id)),
  );
}

export interface Change {
  figure: Figure;
  before: number | undefined;
  /** 1.2: a fifth more than before. */
  ratio: number | undefined;
  verdict: Verdict;
  met: boolean | undefined;
}

/** Each figure of `now` beside that of `before`; within a tenth it counts as the same. */
export function compare(now: Result, before: Result): Change[] {
  return now.figures.map((figure) => {
    const earlier = before.figures.find(({ id }) => id === figure.id)?.value;
    const ratio = earlier === undefined || earlier === 0 ? undefined : figure.value / earlier;
    return { figure, before: earlier, ratio, verdict: verdictOf(ratio, now, before), met: isMet(figure) };
  });
}

function verdictOf(ratio: number | undefined, now: Result, before: Result): Verdict {
  if (ratio === undefined) return 'new';
  if (machineOf(now) !== machineOf(before)) return 'other machine';
  if (ratio > 1 + NOISE) return 'worse';
  return ratio < 1 - NOISE ? 'better' : 'same';
}
