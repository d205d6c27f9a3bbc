import { request } from 'undici';
import { z } from 'zod';
import { createdAt, type Execution, scheduledAt } from '../../helpers/clients/execution.ts';
import { executionPages } from '../../helpers/clients/kestra-executions.ts';
import type { KestraTransport } from '../../helpers/clients/kestra-transport.ts';
import type { StackFile } from '../../stack/stack-file.ts';

/** What the check needs of one execution: whole ones of a large run would not fit into memory. */
export interface Ran {
  id: string;
  flowId: string;
  state: string;
  /** Whose mail or sequence it is. */
  email?: string;
  sequence?: string;
  number?: number;
  createdAt: Date;
  scheduledAt?: Date;
  startedAt?: Date;
  /** A replay repeats another. */
  replayOf?: string;
  /** Tasks that Kestra tried more than once. */
  retried: number;
}

export interface Delivered {
  id: string;
  to: readonly string[];
  /** Whose key sent it. */
  sender: string;
  sequence?: string;
  number?: number;
  receivedAt: Date;
}

type Plain = string | number | boolean | string[] | null;
/** A page of Notion, by property name. */
export interface Page {
  id: string;
  values: Readonly<Record<string, Plain>>;
}

/** All that Kestra, Resend and Notion say of a run, at one moment. */
export interface Witnesses {
  executions: Ran[];
  mails: Delivered[];
  contacts: Page[];
  tracker: Page[];
  analytics: Page[];
  projects: Page[];
  /** Calls for which a stand-in has no answer, and mails to others than the test mailbox. */
  breaches: string[];
}

/** How often a service asked the flows to wait. */
export interface Refusals {
  notion: number;
  resend: number;
}

/** Reads all three witnesses whole: a look at each lead's own would grow with the square of their number. */
export async function readWitnesses(
  transport: KestraTransport,
  namespace: string,
  { notion, resend }: Pick<StackFile, 'notion' | 'resend'>,
): Promise<Witnesses> {
  const executions: Ran[] = [];
  for await (const page of executionPages(transport, { namespace })) executions.push(...page.map(ranOf));
  const mails = await json(`${resend.url}/_control/mails`, z.array(Mail));
  const book = async (name: string): Promise<Page[]> => {
    const rows = await json(`${notion.url}/_control/rows?database=${name}`, z.array(Row));
    return rows.filter(({ inTrash }) => !inTrash);
  };
  const [contacts, tracker, analytics, projects] = [
    await book('contacts'),
    await book('tracker'),
    await book('analytics'),
    await book('projects'),
  ];
  const [atNotion, atResend] = await Promise.all(
    [notion.url, resend.url].map((url) => json(`${url}/_control/state`, State)),
  );
  const untaught = [...(atNotion?.untaught ?? []), ...(atResend?.untaught ?? [])];
  return {
    executions,
    mails: mails.map(deliveredOf),
    contacts,
    tracker,
    analytics,
    projects,
    breaches: [
      ...untaught.map(({ method, path }) => `${method} ${path} is not taught`),
      ...(atResend?.refusedRecipients ?? []).map(() => 'a mail went to somebody outside the test mailbox'),
    ],
  };
}

/** How many mails Resend has: the cheapest sign of progress. */
export async function countMails({ resend }: Pick<StackFile, 'resend'>): Promise<number> {
  return (await json(`${resend.url}/_control/state`, State)).counts.mails ?? 0;
}

/** How many calls each service has answered 429, of whomever. */
export async function countRefusals({
  notion,
  resend,
}: Pick<StackFile, 'notion' | 'resend'>): Promise<Refusals> {
  const [atNotion, atResend] = await Promise.all(
    [notion.url, resend.url].map((url) => json(`${url}/_control/state`, State)),
  );
  return { notion: atNotion?.counts.rateLimited ?? 0, resend: atResend?.counts.rateLimited ?? 0 };
}

const Mail = z.looseObject({
  id: z.string(),
  to: z.array(z.string()),
  sender: z.string(),
  receivedAt: z.number(),
  tags: z
    .array(z.object({ name: z.string(), value: z.string() }))
    .nullish()
    .transform((tags) => tags ?? []),
});
const Row = z.looseObject({
  id: z.string(),
  inTrash: z.boolean(),
  values: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string()), z.null()])),
});
const State = z.looseObject({
  untaught: z.array(z.looseObject({ method: z.string(), path: z.string() })),
  refusedRecipients: z.array(z.unknown()).optional(),
  counts: z.looseObject({ mails: z.number().optional(), rateLimited: z.number().optional() }),
});
const Inputs = z.looseObject({
  lead: z.looseObject({ email: z.string() }),
  sequence_type: z.string(),
  email_number: z.number().optional(),
});
const Attempts = z.looseObject({ attempts: z.array(z.unknown()).nullish() });

async function json<T>(url: string, schema: z.ZodType<T>): Promise<T> {
  const { statusCode, body } = await request(url);
  const text = await body.text();
  if (statusCode !== 200) throw new Error(`${url} answered ${statusCode}: ${text.slice(0, 500)}`);
  return schema.parse(JSON.parse(text));
}

/** What the check needs of an execution. */
function ranOf(execution: Execution): Ran {
  const inputs = Inputs.safeParse(execution.inputs);
  const started = execution.state.histories.find(({ state }) => state === 'RUNNING')?.date;
  const parent = execution['parentId'];
  const due = scheduledAt(execution);
  return {
    id: execution.id,
    flowId: execution.flowId,
    state: execution.state.current,
    ...(inputs.success ? { email: inputs.data.lead.email, sequence: inputs.data.sequence_type } : {}),
    ...(inputs.success && inputs.data.email_number !== undefined ? { number: inputs.data.email_number } : {}),
    createdAt: createdAt(execution),
    ...(due ? { scheduledAt: due } : {}),
    ...(started ? { startedAt: new Date(started) } : {}),
    ...(typeof parent === 'string' ? { replayOf: parent } : {}),
    retried: execution.taskRunList.filter((run) => (Attempts.parse(run).attempts?.length ?? 0) > 1).length,
  };
}

function deliveredOf({ id, to, sender, receivedAt, tags }: z.infer<typeof Mail>): Delivered {
  const tag = (wanted: string) => tags.find(({ name }) => name === wanted)?.value;
  const sequence = tag('sequence_type');
  const number = tag('email_number');
  return {
    id,
    to,
    sender,
    ...(sequence === undefined ? {} : { sequence }),
    ...(number === undefined ? {} : { number: Number(number) }),
    receivedAt: new Date(receivedAt),
  };
}
