import { Execution } from '../../helpers/clients/execution.ts';

export interface FakeExecution {
  id?: string;
  flowId?: string;
  state: string;
  at?: string;
  scheduleDate?: string;
  inputs?: Record<string, unknown>;
  tasks?: ReturnType<typeof task>[];
}

export const task = (taskId: string, state: string, outputs: Record<string, unknown> = {}) => ({
  id: `${taskId}-run`,
  taskId,
  state: { current: state },
  outputs,
});

const INPUTS = { sequence_type: '5day', email_number: 2, lead: { email: 'ada@mail.test' } };

/** A `send-email` execution as Kestra answers it, for unit tests. */
export function mailExecution({
  id = 'e1',
  flowId = 'send-email',
  state,
  at = '2025-12-01T09:00:00Z',
  scheduleDate,
  inputs = INPUTS,
  tasks = [],
}: FakeExecution): Execution {
  return Execution.parse({
    id,
    namespace: 'christmas',
    flowId,
    labels: [],
    inputs,
    outputs: {},
    state: { current: state, histories: [{ state: 'CREATED', date: at }], startDate: at, endDate: at },
    taskRunList: tasks,
    ...(scheduleDate ? { scheduleDate } : {}),
  });
}
