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
