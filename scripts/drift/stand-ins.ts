import { TEST_MAILBOX } from '../../helpers/test-mailbox.ts';
import { startNotion } from '../../stack/notion/server.ts';
import { startResend } from '../../stack/resend/server.ts';
import { type Capture, readCaptures } from './captures.ts';
import { KESTRA } from './kestra.ts';
import { NOTION, notionSource } from './notion.ts';
import { RESEND, resendSource } from './resend.ts';
import type { Probe, ServiceName } from './service.ts';
import { type Reply, survey } from './survey.ts';

const LEAD = TEST_MAILBOX.replace('@', '+drift@');
const TOKEN = 'ntn_stand-in';
const KEY = 're_stand-in';

/** Rows and mails in which nothing that can have a value is empty, so that there is a shape to compare. */
const ROWS = [
  {
    database: 'contacts',
    values: { first_name: 'Ada', Email: LEAD, 'Assessment Score': 52, Segment: 'URGENT' },
  },
  {
    database: 'tracker',
    values: {
      Name: 'Ada',
      Email: LEAD,
      'Sequence Type': '5day',
      'Red Systems': 2,
      'Email 2 Sent': '2025-12-02T10:30:00.000+02:00',
      'Email 2 Status': 'sent',
      'Email 2 Resend ID': 'an id',
      'Sequence Completed': true,
    },
  },
  { database: 'analytics', values: { Email: LEAD, 'Email Number': 2 } },
  { database: 'projects', values: { Email: LEAD } },
];
const MAILS = [
  {
    from: 'The funnel <mails@funnel.example>',
    to: [LEAD],
    subject: 'A mail',
    html: '<p>Hello</p>',
    text: 'Hello',
  },
  {
    from: 'mails@funnel.example',
    to: [LEAD],
    cc: [LEAD],
    bcc: [LEAD],
    reply_to: [LEAD],
    subject: 'Another',
    html: '<p>Hello</p>',
    tags: [{ name: 'number', value: '2' }],
    scheduled_at: 'in 2 hours',
  },
];

/** What our own side answers to each probe: the stand-ins by themselves, Kestra by what the embedded engine answered. */
export async function oursOf(service: ServiceName): Promise<Map<Probe, Reply>> {
  if (service === 'notion') return withNotion();
  if (service === 'resend') return withResend();
  const captures = readCaptures('kestra');
  return new Map(KESTRA.probes.map((probe) => [probe, replyIn(captures.get(probe.name))]));
}

const replyIn = (capture: Capture | undefined): Reply =>
  capture ? { kind: 'answered', status: capture.status, answer: capture.answer } : { kind: 'nothing' };

async function withNotion(): Promise<Map<Probe, Reply>> {
  const notion = await startNotion({ tokens: [TOKEN] });
  try {
    await tell(`${notion.url}/_control/seed`, ROWS);
    const { source, known } = notionSource({ ...notion, token: TOKEN });
    return await survey(NOTION, source, known);
  } finally {
    await notion.close();
  }
}

async function withResend(): Promise<Map<Probe, Reply>> {
  const keys = [{ key: KEY, name: 'harness', permission: 'full_access' } as const];
  const resend = await startResend({ keys, testMailbox: TEST_MAILBOX });
  try {
    const headers = { authorization: `Bearer ${KEY}`, 'user-agent': 'funnel-e2e' };
    for (const mail of MAILS) await tell(`${resend.url}/emails`, mail, headers);
    return await survey(RESEND, resendSource({ url: resend.url, key: KEY }), new Map());
  } finally {
    await resend.close();
  }
}

async function tell(url: string, body: unknown, headers: Record<string, string> = {}): Promise<void> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`The stand-in refused what it was to hold: ${await answer.text()}`);
}
