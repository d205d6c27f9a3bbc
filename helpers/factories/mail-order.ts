import { segmentOf } from '../segments.ts';
import { templateNameOf } from '../templates.ts';
import type { Sequence } from '../timetable.ts';
import type { Lead } from './lead.ts';

/** The inputs with which a handler asks `send-email` for one mail of a sequence. */
export const mailOrder = (lead: Lead, email_number: number, sequence: Sequence = '5day') => ({
  sequence_type: sequence,
  email_number,
  template: templateNameOf(sequence, email_number),
  lead: {
    email: lead.email,
    first_name: lead.firstName,
    business_name: lead.businessName,
    ...(sequence === '5day' ? assessed(lead) : {}),
  },
});

const assessed = (lead: Lead) => ({
  segment: segmentOf(lead.systems),
  assessment_score: lead.score,
  weakest_system_1: lead.weakest[0],
  weakest_system_2: lead.weakest[1],
});
