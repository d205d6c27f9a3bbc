import { randomUUID } from 'node:crypto';
import { markedName, markedTag } from '../mark.ts';

export interface Lead {
  readonly id: string;
  readonly email: string;
  readonly firstName: string;
  readonly businessName: string;
  readonly systems: { red: number; orange: number; yellow: number; green: number };
  readonly score: number;
  /** The two weakest systems, weakest first. */
  readonly weakest: readonly [string, string];
  /** For an address that others had before: what came earlier is not this lead's. */
  readonly since?: Date;
}

type Facts = Omit<Lead, 'id' | 'email' | 'since'>;
export type LeadOverrides = Partial<Facts>;

const ADA: Facts = {
  firstName: 'Ada',
  businessName: "Ada's Bakery",
  systems: { red: 2, orange: 1, yellow: 2, green: 3 },
  score: 52,
  weakest: ['GPS', 'FUEL'],
};

/** A lead nobody else has: `<inbox>+<id>@…`, or `<inbox>+<mark>-<id>@…` in a marked run. The only source of addresses. */
export function makeLead(inbox: string, overrides: LeadOverrides = {}, mark?: string): Lead {
  const id = randomUUID().replaceAll('-', '').slice(0, 12);
  const [user, domain] = inbox.split('@');
  const tag = mark === undefined ? id : markedTag(mark, id);
  return { ...ADA, ...overrides, id, email: `${user}+${tag}@${domain}` };
}

/**
 * The lead of the specification's bare address. All tests share it, so it begins anew each time it is made. In a marked
 * run the name of its business carries the mark, as its address cannot.
 */
export function makeBareLead(inbox: string, overrides: LeadOverrides = {}, mark?: string): Lead {
  const lead = { ...ADA, ...overrides, id: 'bare', email: inbox, since: new Date() };
  return mark === undefined ? lead : { ...lead, businessName: markedName(lead.businessName, mark) };
}
