import { Execution } from '../../helpers/clients/execution.ts';
import type { Mail } from '../../helpers/clients/mail-client.ts';
import type { Row } from '../../helpers/clients/notion-rows.ts';
import type { Collection } from '../../helpers/collection.ts';
import { poll } from '../../helpers/wait.ts';

/** Shows each of `states` to one read, and the last one to all later reads. */
function inTurn<T>(states: readonly T[]): () => Promise<T> {
  let reads = 0;
  return async () => {
    const state = states[Math.min(reads, states.length - 1)];
    reads += 1;
    if (state === undefined) throw new Error('A fake needs something to show.');
    return state;
  };
}

/** A collection that holds `stages[0]` at the first read, `stages[1]` at the second, and so on. */
export const collectionOf = <T>(what: string, ...stages: T[][]): Collection<T> => ({
  what,
  read: inTurn(stages),
  describe: (item) => JSON.stringify(item),
});

interface Fake {
  id?: string;
  state?: string;
  number?: number;
  scheduled?: string;
  created?: string;
  began?: string;
  root?: string;
}

/** An execution of `send-email` as Kestra answers it. */
export function execution({ id = 'e1', state = 'SUCCESS', number = 2, ...rest }: Fake = {}): Execution {
  const { scheduled, created = '2025-12-01T10:00:00Z', began, root } = rest;
  return Execution.parse({
    id,
    namespace: 'christmas',
    flowId: 'send-email',
    inputs: { email_number: number },
    labels: root ? [{ key: 'system.correlationId', value: root }] : [],
    state: {
      current: state,
      histories: [
        { state: 'CREATED', date: created },
        ...(began ? [{ state: 'RUNNING', date: began }] : []),
        { state, date: began ?? created },
      ],
      startDate: created,
    },
    ...(scheduled ? { scheduleDate: scheduled } : {}),
  });
}

/** A handle on an execution that passes through `states`, one a read. */
export function handleOn(...states: string[]) {
  const read = inTurn(states.map((state) => execution({ state })));
  return {
    id: 'e1',
    until: (done: (one: Execution) => boolean, withinMs: number) => poll(read, done, withinMs),
  };
}

export function mail(number: number, receivedAt: string, overrides: Partial<Mail> = {}): Mail {
  return {
    id: `mail-${number}`,
    sender: 'kestra',
    receivedAt: Date.parse(receivedAt),
    from: 'campaign@funnel.example',
    to: ['ada@funnel.example'],
    subject: `Mail ${number}`,
    tags: [{ name: 'email_number', value: String(number) }],
    ...overrides,
  };
}

export const trackerRow = (values: Row['values']): Row => ({
  id: 'row-1',
  url: 'https://notion.test/row-1',
  createdAt: new Date('2025-12-01T10:00:00Z'),
  values,
});
