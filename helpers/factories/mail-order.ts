import type { Lead } from './lead.ts';

/** The inputs with which a handler asks `send-email` for one mail of the five-day sequence. */
export const mailOrder = (lead: Lead, email_number: number) => ({
  sequence_type: '5day',
  email_number,
  template: `5-Day E${email_number}`,
  lead: {
    email: lead.email,
    first_name: lead.firstName,
    business_name: lead.businessName,
    segment: 'CRITICAL',
    assessment_score: lead.score,
    weakest_system_1: lead.weakest[0],
    weakest_system_2: lead.weakest[1],
  },
});
