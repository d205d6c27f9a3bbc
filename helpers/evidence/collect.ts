import { type Execution, emailNumberOf, scheduledAt } from '../clients/execution.ts';
import type { KestraClient } from '../clients/kestra-client.ts';
import { type Mail, type MailClient, tagOf } from '../clients/mail-client.ts';
import type { NotionClient } from '../clients/notion-client.ts';
import type { WebhookCall } from '../clients/webhook-client.ts';
import type { Lead } from '../factories/lead.ts';
import type { Journal } from '../journal.ts';
import { redact } from '../redact.ts';
import type { Target } from '../target.ts';
import { type Mode, timetableOf } from '../timetable.ts';
import { type Link, pagesOf } from './links.ts';
import { callText, executionsText, mailHtml, rowsText } from './texts.ts';
import { instant, type Panel, type TimelineMail, timelineSvg } from './timeline.ts';

export interface Exhibit {
  name: string;
  body: string;
  contentType: 'text/plain' | 'text/html' | 'image/svg+xml';
  /** Where what it shows can be opened. */
  links?: Link[];
}

export interface Witnesses {
  target: Pick<
    Target,
    'namespaces' | 'testingMinuteMs' | 'secrets' | 'kestra' | 'notion' | 'mail' | 'powers'
  >;
  kestra: KestraClient;
  mailbox: MailClient;
  notion: NotionClient;
}

/** A test with more leads than this shows the first of them; one that passed, with more calls, the first of those. */
const MOST = 12;

/** What a test's leads, executions, rows and mails look like now. A part that can't be had says so; nothing throws. */
export async function collect(journal: Journal, witnesses: Witnesses, failed: boolean): Promise<Exhibit[]> {
  const leads = journal.leads.slice(0, MOST);
  const most = failed ? Infinity : MOST;
  const parts = await Promise.all([
    ...journal.evidence
      .slice(0, most)
      .map(async (call) => [
        { name: `webhook ${call.name}`, body: callText(call), contentType: 'text/plain' } as const,
      ]),
    ...rootsOf(journal)
      .slice(0, most)
      .map((id) => attempt(`executions of ${id}`, () => ofRoot(id, witnesses, failed))),
    ...leads.flatMap((lead) => [
      attempt(`mails of ${lead.email}`, () => mailsOf(lead, journal, witnesses)),
      attempt(`Notion about ${lead.email}`, () => rowsOf(lead, journal, witnesses)),
    ]),
  ]);
  return parts
    .flat()
    .map((exhibit) => ({ ...exhibit, body: redact(exhibit.body, witnesses.target.secrets) }));
}

const rootsOf = ({ roots, witnessed }: Journal): string[] => [
  ...roots,
  ...witnessed.flatMap(({ answer }) => answer.executionId ?? []),
];

async function attempt(what: string, gather: () => Promise<Exhibit[]>): Promise<Exhibit[]> {
  try {
    return await gather();
  } catch (error) {
    return [{ name: `${what}: not to be had`, body: String(error), contentType: 'text/plain' }];
  }
}

/** A whole log of what ended badly in a failed test; of the rest what an execution warned of. */
async function ofRoot(id: string, { target, kestra }: Witnesses, failed: boolean): Promise<Exhibit[]> {
  const root = await kestra.handle(id).read();
  const all = [root, ...(await kestra.subtreeOf(id).read())];
  // One that waits for its date has said nothing yet.
  const begun = all.filter(({ state }) => state.current !== 'CREATED').slice(0, failed ? Infinity : MOST);
  const logs = await Promise.all(
    begun.map(async ({ id: executionId, flowId, state }): Promise<Exhibit[]> => {
      const whole = failed && ['FAILED', 'WARNING', 'KILLED'].includes(state.current);
      const lines = await kestra.handle(executionId).logs(whole ? {} : { minLevel: 'WARN' });
      if (lines.length === 0) return [];
      const body = lines.map(
        (line) => `${line.timestamp} ${line.level} ${line.taskId ?? ''} ${line.message ?? ''}`,
      );
      const name = `${whole ? 'log' : 'warnings'} of ${flowId} ${executionId}`;
      return [{ name, body: body.join('\n'), contentType: 'text/plain' }];
    }),
  );
  const { execution: pageOf } = pagesOf(target);
  const links = pageOf ? [{ name: `Kestra: ${root.flowId}`, url: pageOf(root) }] : [];
  return [
    {
      name: `executions of ${root.flowId} ${id}`,
      body: executionsText(all),
      contentType: 'text/plain',
      links,
    },
    ...logs.flat(),
  ];
}

async function mailsOf(
  lead: Lead,
  journal: Journal,
  { target, kestra, mailbox }: Witnesses,
): Promise<Exhibit[]> {
  const mails = await mailbox.of(lead).read();
  const { mail: mailPage } = pagesOf(target);
  const panels = await Promise.all(
    assessmentsOf(lead, journal).map(async ({ call, executionId, email1SentAt }): Promise<Panel> => {
      const executions = await kestra.mailsOf(executionId).read();
      const mode = modeOf(call.namespace, target.namespaces, executions, email1SentAt);
      const timetable = timetableOf('5day', mode, email1SentAt, target.testingMinuteMs);
      return {
        title: `${lead.firstName}, ${lead.email}`,
        mode,
        start: email1SentAt,
        mails: [
          mail1(email1SentAt, mails),
          ...timetable.map(({ number, at }) => planned(number, at, executions, mails)),
          ...unplanned(
            timetable.map(({ number }) => number),
            mails,
          ),
        ],
      };
    }),
  );
  return [
    ...(panels.length > 0
      ? [
          {
            name: `timeline of ${lead.email}`,
            body: timelineSvg(panels),
            contentType: 'image/svg+xml',
          } as const,
        ]
      : []),
    ...mails.map(
      (mail) =>
        ({
          links: mailPage
            ? [{ name: `Resend: mail #${tagOf(mail, 'email_number') ?? '?'}`, url: mailPage(mail.id) }]
            : [],
          name: `mail #${tagOf(mail, 'email_number') ?? '?'} by ${mail.sender}: ${mail.subject}`,
          body: mailHtml(mail),
          contentType: 'text/html',
        }) as const,
    ),
  ];
}

/** A deployment of a test's own can be in either mode; its first mail is days off, or minutes. */
function modeOf(
  namespace: string,
  known: Record<Mode, string>,
  executions: readonly Execution[],
  start: Date,
): Mode {
  if (namespace === known.production) return 'production';
  if (namespace === known.testing) return 'testing';
  const due = executions.flatMap((one) => scheduledAt(one)?.getTime() ?? []);
  return Math.max(0, ...due) - start.getTime() > 24 * 3_600_000 ? 'production' : 'testing';
}

async function rowsOf(
  lead: Lead,
  { evidence, notions }: Journal,
  { target, notion: shared }: Witnesses,
): Promise<Exhibit[]> {
  const namespaces = evidence
    .filter((call) => payloadOf(call)?.['email'] === lead.email)
    .map((call) => call.namespace);
  const notion = namespaces.flatMap((namespace) => notions.get(namespace) ?? [])[0] ?? shared;
  const [contacts, tracker, analytics] = await Promise.all([
    notion.contacts(lead).read(),
    notion.trackerRows(lead).read(),
    notion.analytics(lead).read(),
  ]);
  const { row: pageOf } = pagesOf(target);
  const named = [
    ...contacts.map(({ id }) => ({ name: 'Notion: contact', id })),
    ...tracker.map(({ id, values }) => ({ name: `Notion: ${String(values['Sequence Type'])}`, id })),
  ];
  return [
    {
      name: `Notion about ${lead.email}`,
      body: rowsText(contacts, tracker, analytics),
      contentType: 'text/plain',
      links: pageOf ? named.map(({ name, id }) => ({ name, url: pageOf(id) })) : [],
    },
  ];
}

interface Assessment {
  call: WebhookCall;
  executionId: string;
  email1SentAt: Date;
}

/** The assessments that named this lead and a moment, or none, for mail 1. */
function assessmentsOf(lead: Lead, { evidence }: Journal): Assessment[] {
  return evidence.flatMap((call) => {
    const executionId = call.answer.executionId;
    const body = payloadOf(call);
    if (call.name !== 'assessment' || !executionId || body?.['email'] !== lead.email) return [];
    const told = body['email_1_sent_at'];
    const email1SentAt = typeof told === 'string' ? new Date(told) : call.at;
    return Number.isNaN(email1SentAt.getTime()) ? [] : [{ call, executionId, email1SentAt }];
  });
}

function payloadOf({ body }: WebhookCall): Record<string, unknown> | undefined {
  try {
    return JSON.parse(body) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

const numbered = (mails: readonly Mail[], number: number) =>
  mails.filter((mail) => tagOf(mail, 'email_number') === String(number));

/** Further apart than this, the moment that was told is a test's invention, and the real one would spoil the axis. */
const SAME_MOMENT_MS = 60_000;

function mail1(start: Date, mails: readonly Mail[]): TimelineMail {
  const sent = numbered(mails, 1).find(({ sender }) => sender === 'website');
  const told = { number: '1', sender: 'website', plan: 'told', planned: start };
  if (!sent) return { ...told, state: 'not sent in this test' };
  const arrived = new Date(sent.receivedAt);
  return Math.abs(sent.receivedAt - start.getTime()) < SAME_MOMENT_MS
    ? { ...told, arrived }
    : { ...told, state: `really arrived ${instant(arrived)}` };
}

function planned(
  number: number,
  at: Date,
  executions: readonly Execution[],
  mails: readonly Mail[],
): TimelineMail {
  const execution = executions.find((one) => emailNumberOf(one) === number);
  const scheduled = execution && scheduledAt(execution);
  const [mail] = numbered(mails, number);
  return {
    number: String(number),
    sender: mail?.sender ?? 'kestra',
    planned: at,
    ...(scheduled ? { scheduled } : {}),
    ...(mail ? { arrived: new Date(mail.receivedAt) } : {}),
    state: execution?.state.current ?? 'no execution',
  };
}

/** Mails that nobody should have got: a second of one number, a mail 1 by Kestra, a number out of the blue. */
function unplanned(numbers: readonly number[], mails: readonly Mail[]): TimelineMail[] {
  const website1 = numbered(mails, 1).find(({ sender }) => sender === 'website');
  const expected = new Set([website1, ...numbers.map((number) => numbered(mails, number)[0])]);
  return mails
    .filter((mail) => !expected.has(mail))
    .map((mail) => ({
      number: tagOf(mail, 'email_number') ?? '?',
      sender: mail.sender,
      arrived: new Date(mail.receivedAt),
    }));
}
