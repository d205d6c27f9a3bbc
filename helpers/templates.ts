import type { Lead } from './factories/lead.ts';
import { segmentOf } from './segments.ts';
import type { Sequence } from './timetable.ts';

const NAMES: Record<Sequence, (number: number) => string> = {
  '5day': (number) => `5-Day E${number}`,
  noshow: (number) => `noshow_recovery_email_${number}`,
  postcall: (number) => `postcall_maybe_email_${number}`,
  onboarding: (number) => `onboarding_phase1_email_${number}`,
};

/** The `Template Name` under which Notion holds a mail's text. */
export const templateNameOf = (sequence: Sequence, number: number): string => NAMES[sequence](number);

/**
 * A template's text as `lead` must read it, stated independently of the flows. `more` has values that are not the lead's
 * own, such as portal_url; `escape` makes a value fit for where it goes. Throws on a placeholder not known here.
 */
export function filledFor(
  lead: Lead,
  template: string,
  more: Record<string, string> = {},
  escape: (value: string) => string = (value) => value,
): string {
  const values: Record<string, string> = {
    ...more,
    first_name: lead.firstName,
    business_name: lead.businessName,
    assessment_score: String(lead.score),
    segment: segmentOf(lead.systems),
    WeakestSystem1: lead.weakest[0],
    WeakestSystem2: lead.weakest[1],
  };
  return template.replaceAll(/\{\{\s*(\w+)\s*\}\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`No value for {{${name}}}: add it to filledFor.`);
    return escape(value);
  });
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#x27;',
};

/** A value as text inside HTML. */
export const asHtml = (value: string): string =>
  value.replaceAll(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);
