import type { Sequence } from './timetable.ts';

export type Sender = 'website' | 'kestra';

/** Who sends each mail of a sequence, mail 1 first. Stated here independently of the flows. */
const SENDERS: Record<Sequence, readonly Sender[]> = {
  '5day': ['website', 'kestra', 'kestra', 'kestra', 'kestra'],
  noshow: ['kestra', 'kestra', 'kestra'],
  postcall: ['kestra', 'kestra', 'kestra'],
  onboarding: ['kestra', 'kestra', 'kestra'],
};

export const sendersOf = (sequence: Sequence): Sender[] => [...SENDERS[sequence]];

export const numbersSentBy = (sender: Sender, sequence: Sequence): number[] =>
  SENDERS[sequence].flatMap((one, index) => (one === sender ? [index + 1] : []));
