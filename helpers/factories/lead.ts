import { randomUUID } from 'node:crypto';

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

/** A lead nobody else has: `<inbox>+<id>@…`. The only source of addresses. */
export function makeLead(inbox: string, overrides: LeadOverrides = {}): Lead {
  const id = randomUUID().replaceAll('-', '').slice(0, 12);
  const [user, domain] = inbox.split('@');
  return { ...ADA, ...overrides, id, email: `${user}+${id}@${domain}` };
}

/** The lead of the specification's bare address. All tests share it, so it begins anew each time it is made. */
export const makeBareLead = (inbox: string, overrides: LeadOverrides = {}): Lead => ({
  ...ADA,
  ...overrides,
  id: 'bare',
  email: inbox,
  since: new Date(),
});
