import { z } from 'zod';
import { type Execution, createdAt, isTerminal, scheduledAt } from '../../helpers/clients/execution.ts';
import type { KestraClient } from '../../helpers/clients/kestra-client.ts';
import type { MailId } from './ledger.ts';

/** What one `send-email` execution made of its mail. */
type Outcome =
  /** Its date is yet to come. */
  | { kind: 'waiting' }
  | { kind: 'running' }
  /** Resend took it. Without an id Resend only said that it has taken it before. */
  | { kind: 'sent'; at: Date; resendId?: string }
  /** It had gone out before. */
  | { kind: 'already sent' }
  | { kind: 'unsubscribed' }
  /** It was ready to go, and Resend did not take it. */
  | { kind: 'not delivered' }
  /** It was never to go: `task` says so in the log. */
  | { kind: 'refused'; task: string }
  /** It was to go, and the flow came to grief before; `why` is its log's last word, where that was asked. */
  | { kind: 'broke'; task: string; why?: string }
  | { kind: 'killed' };

/** One `send-email` execution as an operator thinks of it. */
export interface MailRun extends MailId {
  id: string;
  /** The handler's execution that led to it, or its own id. */
  root: string;
  state: string;
  dueAt: Date;
  endedAt?: Date;
  outcome: Outcome;
  /** The execution this one repeats. */
  replayOf?: string;
  execution: Execution;
}

const Inputs = z.looseObject({
  lead: z.looseObject({ email: z.string() }),
  sequence_type: z.string(),
  email_number: z.number(),
});
const Sent = z.looseObject({
  code: z.number(),
  body: z.string().nullish(),
  headers: z.record(z.string(), z.array(z.string())).nullish(),
});
const Accepted = z.looseObject({ id: z.string() });
const Filled = z.looseObject({ vars: z.looseObject({ action: z.string() }) });

/** Resend answers 409 to a mail that it has taken already. */
const TAKEN = new Set([200, 409]);
const SENDING = new Set(['send', 'until_taken', 'hold']);

/** How lib/tasks.py says that it does not want to. */
const REFUSAL = /^(?:payload rejected|refused): /;

/**
 * Undefined when its inputs name no mail: started by hand, and refused. `errors` are the log's; without them a mail that
 * `fill` refused looks like one that it broke on.
 */
export function mailRunOf(execution: Execution, errors: readonly string[] = []): MailRun | undefined {
  const inputs = Inputs.safeParse(execution.inputs);
  if (!inputs.success) return undefined;
  const { lead, sequence_type, email_number } = inputs.data;
  const { id, labels, state } = execution;
  const parent = execution['parentId'];
  return {
    id,
    root: labels.find(({ key }) => key === 'system.correlationId')?.value ?? id,
    email: lead.email,
    sequence: sequence_type,
    number: email_number,
    state: state.current,
    dueAt: scheduledAt(execution) ?? createdAt(execution),
    ...(isTerminal(state.current) && state.endDate ? { endedAt: new Date(state.endDate) } : {}),
    outcome: outcomeOf(execution, errors),
    ...(typeof parent === 'string' ? { replayOf: parent } : {}),
    execution,
  };
}

/** The run, its outcome told by the log where the execution alone does not say whether the mail was refused. */
export async function withItsLog(kestra: KestraClient, run: MailRun): Promise<MailRun> {
  const { id, execution, outcome } = run;
  if (outcome.kind !== 'broke' || outcome.task !== 'fill') return run;
  const lines = await kestra.handle(id).logs({ minLevel: 'ERROR', taskId: 'fill' });
  const errors = lines.map(({ message }) => message ?? '');
  return mailRunOf(execution, errors) ?? run;
}

function outcomeOf(execution: Execution, errors: readonly string[]): Outcome {
  const { state, taskRunList } = execution;
  const sent = sentOf(execution);
  if (sent) return sent;
  if (state.current === 'CREATED' && Number(scheduledAt(execution)) > Date.now()) return { kind: 'waiting' };
  if (!isTerminal(state.current)) return { kind: 'running' };
  if (state.current === 'FAILED') {
    const failed = taskRunList.filter((run) => run.state.current === 'FAILED').map(({ taskId }) => taskId);
    if (failed.some((task) => SENDING.has(task))) return { kind: 'not delivered' };
    const task = failed[0] ?? 'none';
    if (task === 'refuse_website_mail' || errors.some((line) => REFUSAL.test(line))) {
      return { kind: 'refused', task };
    }
    const why = errors.at(-1);
    return { kind: 'broke', task, ...(why === undefined ? {} : { why }) };
  }
  const filled = Filled.safeParse(outputsOf(execution, 'fill'));
  const action = filled.success ? filled.data.vars.action : undefined;
  if (action === 'already_sent') return { kind: 'already sent' };
  if (action === 'unsubscribed') return { kind: 'unsubscribed' };
  return { kind: 'killed' };
}

/** Whatever became of the execution afterwards: what Resend took is out. */
function sentOf(execution: Execution): Outcome | undefined {
  const answer = Sent.safeParse(outputsOf(execution, 'send'));
  if (!answer.success || !TAKEN.has(answer.data.code)) return undefined;
  const { body, headers } = answer.data;
  if (body?.includes('concurrent_idempotent_requests')) return undefined;
  const accepted = Accepted.safeParse(jsonOf(body));
  const { endDate } = execution.state;
  const at = new Date(headers?.['date']?.[0] ?? endDate ?? NaN);
  return {
    kind: 'sent',
    at: Number.isNaN(at.getTime()) ? createdAt(execution) : at,
    ...(accepted.success ? { resendId: accepted.data.id } : {}),
  };
}

/** The outputs of a task's last run. */
export function outputsOf({ taskRunList }: Execution, taskId: string): Record<string, unknown> | undefined {
  return taskRunList.findLast((run) => run.taskId === taskId)?.outputs;
}

export function jsonOf(text: string | null | undefined): unknown {
  try {
    return text ? (JSON.parse(text) as unknown) : undefined;
  } catch {
    return undefined;
  }
}

export const nameOf = ({ sequence, number }: MailId): string => `${sequence} #${number}`;
export const isSameMail = (a: MailId, b: MailId): boolean =>
  a.email === b.email && a.sequence === b.sequence && a.number === b.number;
