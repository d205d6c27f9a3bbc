import type { Results } from '../scoring.ts';
import { element } from './visitor.ts';

const WORDS = { red: 'needs repair', orange: 'half way', green: 'works' } as const;

export const scoreText = ({ overallScore, redCount, orangeCount, greenCount }: Results): string =>
  `Your score is ${overallScore} out of 800: ${redCount} red, ${orangeCount} orange, ${greenCount} green.`;

/** The eight systems with their colours, in words as well: a colour alone tells some readers nothing. */
export const resultsList = ({ colours }: Results): HTMLElement =>
  element(
    'ul',
    colours.map(({ about, colour }) =>
      element('li', [element('span', about), element('strong', WORDS[colour], { class: colour })]),
    ),
    { class: 'systems', 'aria-label': 'Your eight systems' },
  );
