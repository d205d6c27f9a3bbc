import type { Sequence } from './timetable.ts';

export type Sender = 'website' | 'kestra';

/** Who sends each mail of a sequence, mail 1 first. Stated here independently of the flows. */
const SENDERS: Record<Sequence, readonly Sender[]> = {
  '5day': ['website', 'kestra', 'kestra', 'kestra', 'kestra'],
  noshow: ['kestra', 'kestra', 'kestra'],
  postcall: ['kestra', 'kestra', 'kestra'],
  onboarding: ['kestra', 'kestra', 'kestra'],
};

export const SEQUENCES = Object.keys(SENDERS) as Sequence[];

export const sendersOf = (sequence: Sequence): Sender[] => [...SENDERS[sequence]];

export const numbersSentBy = (sender: Sender, sequence: Sequence): number[] =>
  SENDERS[sequence].flatMap((one, index) => (one === sender ? [index + 1] : []));

/** One row of the responsibility matrix: a mail and the only one who may send it. */
export interface Responsibility {
  mail: string;
  sender: Sender;
}

/** How a mail of the matrix is called: by its tags. */
export const mailName = (sequence: string, number: number): string => `${sequence} ${number}`;

/** All fifteen mails of one lead's whole journey: the website's two, thirteen by Kestra. */
export const RESPONSIBILITIES: readonly Responsibility[] = [
  { mail: mailName('signup', 1), sender: 'website' },
  ...SEQUENCES.flatMap((sequence) =>
    SENDERS[sequence].map((sender, index) => ({ mail: mailName(sequence, index + 1), sender })),
  ),
];

/** For each mail who sent it, as often as it was sent. */
export function sendersByMail(sent: readonly { mail: string; sender: string }[]): Record<string, string[]> {
  const senders: Record<string, string[]> = {};
  for (const { mail, sender } of sent) (senders[mail] ??= []).push(sender);
  return senders;
}
