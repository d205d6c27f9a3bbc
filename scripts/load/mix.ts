import { SEGMENT_CASES } from '../../helpers/segments.ts';
import { numbersSentBy } from '../../helpers/split.ts';
import type { WebhookName } from '../../helpers/target.ts';
import type { Sequence } from '../../helpers/timetable.ts';
import type { LeadOverrides } from '../../helpers/factories/lead.ts';
import { UsageError } from '../command-line.ts';

/** What a lead's story ends with. */
export const KINDS = ['signup', 'assessment', 'noshow', 'postcall', 'onboarding'] as const;
export type Kind = (typeof KINDS)[number];
/** Of a hundred leads, how many of each kind. */
export type Mix = Record<Kind, number>;

/** The webhooks of a lead's story, in order: everybody signs up first. */
export const WAY: Record<Kind, readonly WebhookName[]> = {
  signup: ['signup'],
  assessment: ['signup', 'assessment'],
  noshow: ['signup', 'assessment', 'noshow'],
  postcall: ['signup', 'assessment', 'postcall'],
  onboarding: ['signup', 'assessment', 'onboarding'],
};

/** 3.8 mails a lead. */
export const USUAL_MIX = 'signup=18,assessment=64,noshow=6,postcall=6,onboarding=6';
/** Only a sequence that counts from the website's mail can be made due at a moment that is the same for all. */
export const DUE_AT_ONCE_MIX = 'signup=5,assessment=95';

/** The sequence that a webhook starts; undefined for the one that starts none. */
export function sequenceOf(webhook: WebhookName): Sequence | undefined {
  if (webhook === 'signup') return undefined;
  return webhook === 'assessment' ? '5day' : webhook;
}

/** The sequences of a story. */
export const sequencesOf = (kind: Kind): Sequence[] =>
  WAY[kind].flatMap((webhook) => sequenceOf(webhook) ?? []);

/** How many mails Kestra owes a lead of this kind. */
export const mailsOf = (kind: Kind): number =>
  sequencesOf(kind).reduce((sum, sequence) => sum + numbersSentBy('kestra', sequence).length, 0);

/** `assessment=95,signup=5`; what is not named is none. Throws UsageError. */
export function readMix(text: string): Mix {
  const mix: Mix = { signup: 0, assessment: 0, noshow: 0, postcall: 0, onboarding: 0 };
  for (const part of text.split(',')) {
    const [, name = '', share] = /^\s*(\w+)=(\d{1,3})\s*$/.exec(part) ?? [];
    const kind = KINDS.find((one) => one === name);
    if (!kind) {
      throw new UsageError(
        `--mix: expected parts such as assessment=64, of ${KINDS.join(', ')}; got one of ${part.length} characters`,
      );
    }
    mix[kind] += Number(share);
  }
  const sum = KINDS.reduce((total, kind) => total + mix[kind], 0);
  if (sum !== 100) throw new UsageError(`--mix: the shares add up to ${sum}; make them 100`);
  return mix;
}

/** The kinds of `count` leads, spread evenly, so that every part of a run has the mix of the whole. */
export function dealt(mix: Mix, count: number): Kind[] {
  const given: Mix = { signup: 0, assessment: 0, noshow: 0, postcall: 0, onboarding: 0 };
  return Array.from({ length: count }, (_, index) => {
    const owed = (kind: Kind) => (mix[kind] * (index + 1)) / 100 - given[kind];
    const next = KINDS.reduce((most, kind) => (owed(kind) > owed(most) ? kind : most));
    given[next] += 1;
    return next;
  });
}

/** How many mails Kestra owes so many leads. */
export const mailsIn = (mix: Mix, count: number): number =>
  dealt(mix, count).reduce((sum, kind) => sum + mailsOf(kind), 0);

const SYSTEMS = 8;
const NAMES = ['Ada', 'Zoë', "Mary O'Neil", 'Łukasz', 'Nguyễn Thị', 'Bob & Sons', 'Ida'];

/** What makes a lead of the run differ from the next: name, segment and score. */
export function factsOf(index: number): LeadOverrides {
  const { red, orange } = SEGMENT_CASES[index % SEGMENT_CASES.length] ?? { red: 0, orange: 0 };
  const yellow = Math.floor((SYSTEMS - red - orange) / 2);
  const firstName = NAMES[index % NAMES.length] ?? 'Ada';
  return {
    firstName,
    businessName: `${firstName}'s Bakery ${index + 1}`,
    systems: { red, orange, yellow, green: SYSTEMS - red - orange - yellow },
    score: index % 101,
  };
}
