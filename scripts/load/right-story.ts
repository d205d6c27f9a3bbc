import { makeLead } from '../../helpers/factories/lead.ts';
import { segmentOf } from '../../helpers/segments.ts';
import { numbersSentBy } from '../../helpers/split.ts';
import { TEST_MAILBOX } from '../../helpers/test-mailbox.ts';
import { templateNameOf } from '../../helpers/templates.ts';
import type { Sequence } from '../../helpers/timetable.ts';
import { factsOf, type Kind, sequenceOf, WAY } from './mix.ts';
import type { Visit } from './visit.ts';
import type { Delivered, Page, Ran, Witnesses } from './witnesses.ts';

export const MINUTE_MS = 60_000;
const START = Date.parse('2026-11-25T10:00:10.000Z');

/** After the sequence's start, written out: 5day has four mails of Kestra's, the others three. */
const OFFSETS: Record<Sequence, number[]> = {
  '5day': [1, 2, 3, 4],
  noshow: [1, 2, 3],
  postcall: [1, 2, 3],
  onboarding: [1, 2, 3],
};
const STATUS: Partial<Record<Kind, string>> = { signup: 'Signed Up', onboarding: 'Portal Delivered' };
const MORE: Partial<Record<Kind, Record<string, string>>> = {
  noshow: { 'Booking Status': 'No-Show' },
  postcall: { 'Booking Status': 'Completed' },
  onboarding: { Phase: 'Phase 1' },
};

/** For tests: a lead with whom all went well, and what the three witnesses say of it. */
export function rightStory(kind: Kind): { visit: Visit; seen: Witnesses } {
  const lead = makeLead(TEST_MAILBOX, factsOf(3));
  const visit: Visit = { lead, kind, calls: [], email1SentAt: new Date(START) };
  const executions: Ran[] = [];
  const mails: Delivered[] = [];
  const tracker: Page[] = [];
  const analytics: Page[] = [];
  for (const webhook of WAY[kind]) {
    const executionId = `${webhook}-${lead.id}`;
    const sentAt = new Date(START);
    visit.calls.push({ webhook, plannedAt: sentAt, sentAt, latencyMs: 30, status: 200, executionId });
    executions.push({
      id: executionId,
      flowId: `${webhook}-handler`,
      state: 'SUCCESS',
      createdAt: sentAt,
      retried: 0,
    });
    const sequence = sequenceOf(webhook);
    if (!sequence) continue;
    const row: Page['values'] = {
      Email: lead.email,
      'Sequence Type': sequence,
      'First Name': lead.firstName,
      'Business Name': lead.businessName,
      Segment: sequence === '5day' ? segmentOf(lead.systems) : 'OPTIMIZE',
      'Sequence Completed': true,
    };
    const values: Record<string, Page['values'][string]> = { ...row };
    if (sequence === '5day') {
      Object.assign(values, factsIn(1, 'website', START));
      analytics.push(sendIn(lead.email, sequence, 1, 'website'));
    }
    for (const [index, number] of numbersSentBy('kestra', sequence).entries()) {
      const due = START + (OFFSETS[sequence][index] ?? 0) * MINUTE_MS;
      const id = `mail-${sequence}-${number}`;
      executions.push({
        id: `${sequence}-${number}-${lead.id}`,
        flowId: 'send-email',
        state: 'SUCCESS',
        email: lead.email,
        sequence,
        number,
        createdAt: new Date(START + 5_000),
        scheduledAt: new Date(due),
        startedAt: new Date(due + 400),
        retried: 0,
      });
      mails.push({
        id,
        to: [lead.email],
        sender: 'kestra',
        sequence,
        number,
        receivedAt: new Date(due + 2_000),
      });
      Object.assign(values, factsIn(number, 'kestra', due + 2_000, id));
      values['Last Email Sent'] = number;
      analytics.push(sendIn(lead.email, sequence, number, 'kestra', id));
    }
    tracker.push({ id: `row-${sequence}`, values });
  }
  const last = mails.at(-1)?.receivedAt;
  const contact: Page['values'] = {
    Email: lead.email,
    first_name: lead.firstName,
    'Business Name': lead.businessName,
    'Christmas Campaign Status': STATUS[kind] ?? 'Nurture Sequence',
    ...(kind === 'signup' ? {} : { Segment: segmentOf(lead.systems), 'Assessment Score': lead.score }),
    ...MORE[kind],
    'Last Email Sent': last ? toMinute(last.getTime()) : null,
  };
  const seen: Witnesses = {
    executions,
    mails: mails.toSorted((a, b) => a.receivedAt.getTime() - b.receivedAt.getTime()),
    contacts: [{ id: 'contact', values: contact }],
    tracker,
    analytics,
    projects: kind === 'onboarding' ? [{ id: 'project', values: { Email: lead.email } }] : [],
    breaches: [],
  };
  return { visit, seen };
}

const toMinute = (ms: number) => new Date(Math.floor(ms / 60_000) * 60_000).toISOString();

const factsIn = (number: number, sentBy: string, at: number, resendId?: string) => ({
  [`Email ${number} Sent`]: toMinute(at),
  [`Email ${number} Status`]: 'sent',
  [`Email ${number} Sent By`]: sentBy,
  ...(resendId === undefined ? {} : { [`Email ${number} Resend ID`]: resendId }),
});

const sendIn = (
  email: string,
  sequence: Sequence,
  number: number,
  sentBy: string,
  resendId?: string,
): Page => ({
  id: `send-${sequence}-${number}`,
  values: {
    Email: email,
    'Template ID': templateNameOf(sequence, number),
    'Sent By': sentBy,
    'Resend Email ID': resendId ?? null,
  },
});
