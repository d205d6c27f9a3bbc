import type { Sequence } from './timetable.ts';

const NAMES: Record<Sequence, (number: number) => string> = {
  '5day': (number) => `5-Day E${number}`,
  noshow: (number) => `noshow_recovery_email_${number}`,
  postcall: (number) => `postcall_maybe_email_${number}`,
  onboarding: (number) => `onboarding_phase1_email_${number}`,
};

/** The `Template Name` under which Notion holds a mail's text. */
export const templateNameOf = (sequence: Sequence, number: number): string => NAMES[sequence](number);
