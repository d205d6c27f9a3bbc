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

type Facts = Omit<AnswerSet, 'answers' | 'weakest'>;

/** NO to these questions, counted from 1, and YES to all others. */
const noTo = (questions: readonly number[], facts: Facts): AnswerSet => ({
  ...facts,
  answers: Array.from({ length: 16 }, (_, index) => !questions.includes(index + 1)),
  // Of equals the earlier system counts as the weaker one.
  weakest: ['GPS', 'CREW'],
});

export const ANSWER_SETS = {
  twoRed: noTo([1, 2, 3, 4], {
    segment: 'CRITICAL',
    red: 2,
    orange: 0,
    green: 6,
    total: 600,
    score: 75,
    monthlyLoss: 11_000,
  }),
  oneRed: noTo([1, 2], {
    segment: 'URGENT',
    red: 1,
    orange: 0,
    green: 7,
    total: 700,
    score: 88,
    monthlyLoss: 5_500,
  }),
  twoOrange: noTo([1, 3], {
    segment: 'URGENT',
    red: 0,
    orange: 2,
    green: 6,
    total: 700,
    score: 88,
    monthlyLoss: 4_000,
  }),
  oneOrange: noTo([1], {
    segment: 'OPTIMIZE',
    red: 0,
    orange: 1,
    green: 7,
    total: 750,
    score: 94,
    monthlyLoss: 2_000,
  }),
  allYes: noTo([], {
    segment: 'OPTIMIZE',
    red: 0,
    orange: 0,
    green: 8,
    total: 800,
    score: 100,
    monthlyLoss: 0,
  }),
} as const;
