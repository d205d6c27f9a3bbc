import type { Lead } from './lead.ts';

export interface Mail1 {
  /** When the website sent mail 1; absent: it does not say. */
  email1SentAt?: string;
  email1Status?: 'sent' | 'failed';
}

/** What the website posts after the sign-up form. */
export const signupBody = (lead: Lead) => ({
  email: lead.email,
  first_name: lead.firstName,
  business_name: lead.businessName,
});

/** What the website posts after the last question and its own mail 1. */
export const assessmentBody = (lead: Lead, { email1SentAt, email1Status }: Mail1 = {}) => ({
  ...signupBody(lead),
  red_systems: lead.systems.red,
  orange_systems: lead.systems.orange,
  yellow_systems: lead.systems.yellow,
  green_systems: lead.systems.green,
  assessment_score: lead.score,
  weakest_system_1: lead.weakest[0],
  weakest_system_2: lead.weakest[1],
  ...(email1SentAt === undefined ? {} : { email_1_sent_at: email1SentAt }),
  ...(email1Status === undefined ? {} : { email_1_status: email1Status }),
});

/** What the calendar, the CRM and the payment system post: each starts the sequence of the same name. */
export const SECONDARY = ['noshow', 'postcall', 'onboarding'] as const;
export type Secondary = (typeof SECONDARY)[number];

const EVENTS: Record<Secondary, Record<string, unknown>> = {
  noshow: {
    calendly_event_id: 'evt_123',
    scheduled_time: '2025-12-10T14:00:00Z',
    event_type: 'Diagnostic call',
  },
  postcall: {
    call_outcome: 'maybe',
    interest_level: 'high',
    call_date: '2025-12-11T09:30:00+01:00',
    call_notes: 'Wants to ask a partner first.',
    objections: ['price', 'time'],
  },
  onboarding: {
    payment_status: 'paid',
    package_type: 'foundation',
    payment_amount: 4500,
    payment_date: '2025-12-12T16:30:00Z',
  },
};

/** What the calendar posts after a missed call, the CRM after a maybe, the payment system after a payment. */
export const secondaryBody = (webhook: Secondary, lead: Lead) => ({
  ...signupBody(lead),
  ...EVENTS[webhook],
});

/** What an honest caller posts to each webhook. */
export const honestBodies = (lead: Lead, email1SentAt = new Date().toISOString()) => ({
  signup: signupBody(lead),
  assessment: assessmentBody(lead, { email1SentAt, email1Status: 'sent' }),
  noshow: secondaryBody('noshow', lead),
  postcall: secondaryBody('postcall', lead),
  onboarding: secondaryBody('onboarding', lead),
});
