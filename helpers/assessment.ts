import type { Segment } from './segments.ts';

/** Sixteen answers and what they come to, written out from the specification and not computed. */
export interface AnswerSet {
  answers: readonly boolean[];
  segment: Segment;
  red: number;
  orange: number;
  green: number;
  /** Out of 800, as the page shows it. */
  total: number;
  /** Out of 100, as Kestra is told. */
  score: number;
  monthlyLoss: number;
  weakest: readonly [string, string];
}

/** YES to every question but these, counted from 1. */
const noTo = (...numbers: number[]): boolean[] =>
  Array.from({ length: 16 }, (_, index) => !numbers.includes(index + 1));

const WEAKEST = ['GPS', 'CREW'] as const;

export const ANSWER_SETS = {
  twoRed: {
    answers: noTo(1, 2, 3, 4),
    ...{ segment: 'CRITICAL', red: 2, orange: 0, green: 6, total: 600, score: 75, monthlyLoss: 11_000 },
    weakest: WEAKEST,
  },
  oneRed: {
    answers: noTo(1, 2),
    ...{ segment: 'URGENT', red: 1, orange: 0, green: 7, total: 700, score: 88, monthlyLoss: 5_500 },
    weakest: WEAKEST,
  },
  twoOrange: {
    answers: noTo(1, 3),
    ...{ segment: 'URGENT', red: 0, orange: 2, green: 6, total: 700, score: 88, monthlyLoss: 4_000 },
    weakest: WEAKEST,
  },
  oneOrange: {
    answers: noTo(1),
    ...{ segment: 'OPTIMIZE', red: 0, orange: 1, green: 7, total: 750, score: 94, monthlyLoss: 2_000 },
    weakest: WEAKEST,
  },
  allYes: {
    answers: noTo(),
    ...{ segment: 'OPTIMIZE', red: 0, orange: 0, green: 8, total: 800, score: 100, monthlyLoss: 0 },
    weakest: WEAKEST,
  },
} as const satisfies Record<string, AnswerSet>;
