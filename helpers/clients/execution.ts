import { z } from 'zod';

const TERMINAL = ['SUCCESS', 'WARNING', 'FAILED', 'KILLED', 'CANCELLED', 'RETRIED', 'SKIPPED'] as const;
const UNDER_WAY = [
  'CREATED',
  'SUBMITTED',
  'RUNNING',
  'PAUSED',
  'RESTARTED',
  'KILLING',
  'QUEUED',
  'RETRYING',
  'BREAKPOINT',
  'RESUBMITTED',
  'HIBERNATING',
] as const;

/** Every state this harness knows. */
export const STATES = [...TERMINAL, ...UNDER_WAY] as const;
export type State = (typeof STATES)[number];

const terminal: ReadonlySet<string> = new Set(TERMINAL);
const known: ReadonlySet<string> = new Set(STATES);
const warnedAbout = new Set<string>();

/** Whether an execution in `state` is over. A state this harness does not know counts as under way, and is told once. */
export function isTerminal(state: string): boolean {
  if (!known.has(state) && !warnedAbout.has(state)) {
    warnedAbout.add(state);
    console.warn(
      `Kestra reports a state the harness does not know: ${state}. It is taken for "not over yet".`,
    );
  }
  return terminal.has(state);
}

const list = <T extends z.ZodType>(item: T) =>
  z
    .array(item)
    .nullish()
    .transform((items) => items ?? []);
const map = z
  .record(z.string(), z.unknown())
  .nullish()
  .transform((entries) => entries ?? {});

const StateOf = z.looseObject({
  current: z.string(),
  histories: list(z.looseObject({ state: z.string(), date: z.string() })),
  startDate: z.string().nullish(),
  endDate: z.string().nullish(),
});

const TaskRun = z.looseObject({
  id: z.string(),
  taskId: z.string(),
  state: StateOf,
  outputs: map,
});

export const Execution = z.looseObject({
  id: z.string(),
  namespace: z.string(),
  flowId: z.string(),
  /** Of the flow, as it was when the execution came into being. */
  flowRevision: z.number().nullish(),
  labels: list(z.looseObject({ key: z.string(), value: z.string() })),
  inputs: map,
  outputs: map,
  trigger: z.looseObject({ id: z.string(), type: z.string(), variables: map }).nullish(),
  state: StateOf,
  scheduleDate: z.string().nullish(),
  taskRunList: list(TaskRun),
});
export type Execution = z.infer<typeof Execution>;

export const LogLine = z.looseObject({
  executionId: z.string(),
  taskId: z.string().nullish(),
  timestamp: z.string(),
  level: z.string(),
  message: z.string().nullish(),
});
export type LogLine = z.infer<typeof LogLine>;

/** CREATED → RUNNING → SUCCESS */
export const pathOf = (execution: Execution): string =>
  execution.state.histories.map((step) => step.state).join(' → ') || execution.state.current;

export const labelOf = (execution: Execution, key: string): string | undefined =>
  execution.labels.find((label) => label.key === key)?.value;

/** The mail's number in its sequence; throws for an execution that is no mail. */
export function emailNumberOf(execution: Execution): number {
  const number = execution.inputs['email_number'];
  if (typeof number !== 'number') {
    throw new Error(`Execution ${execution.id} of ${execution.flowId} has no input email_number`);
  }
  return number;
}

/** When Kestra was told to run it; undefined when it was to run at once. */
export const scheduledAt = (execution: Execution): Date | undefined =>
  execution.scheduleDate ? new Date(execution.scheduleDate) : undefined;

/** When the execution came into being, on the server's clock. */
export function createdAt(execution: Execution): Date {
  const date = execution.state.histories[0]?.date ?? execution.state.startDate;
  if (!date) throw new Error(`Execution ${execution.id} has no history`);
  return new Date(date);
}

/** Executions of one flow that know which of them have the very date of one that came before, of the same revision. */
export interface KnowsEarlierDates {
  datesOfEarlier(some: readonly Execution[]): Promise<ReadonlySet<string>>;
}

/** How Kestra issue 18581 shows: 2.x renders a date once for a flow's revision and keeps it for every later execution. */
export const DATE_OF_EARLIER = 'that of an earlier execution (Kestra issue 18581)';
