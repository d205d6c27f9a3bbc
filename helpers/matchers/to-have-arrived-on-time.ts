import type { ExpectMatcherState, MatcherReturnType } from '@playwright/test';
import { createdAt, emailNumberOf, type Execution, labelOf, scheduledAt } from '../clients/execution.ts';
import { type Mail, tagOf } from '../clients/mail-client.ts';
import type { Collection } from '../collection.ts';
import { table } from '../table.ts';
import { poll } from '../wait.ts';
import { refuseNegation } from './no-negation.ts';

interface Line {
  number: string;
  due?: Date;
  started?: Date;
  arrived?: Date;
  fault?: string;
}

/**
 * Each execution's mail arrived once: not before its `scheduleDate`, at most `latenessMs` after it (after the
 * execution was made, where that was later), and no mail came without an execution. Order is that of the executions'
 * starts, and of those alone whose dates are further apart than each may be late.
 */
export async function toHaveArrivedOnTime(
  this: ExpectMatcherState,
  mails: Collection<Mail>,
  executions: Collection<Execution>,
  { within, latenessMs }: { within: number; latenessMs: number },
): Promise<MatcherReturnType> {
  refuseNegation(this, 'toHaveArrivedOnTime');
  // Kestra's search reads an index: an execution may show only after its mail, or after those of others.
  let begun: readonly Execution[] = [];
  const { value, elapsedMs } = await poll(
    async () => {
      const arrived = await mails.read();
      if (arrived.length >= begun.length) begun = await executions.read();
      return arrived;
    },
    (arrived) => begun.length > 0 && arrived.length >= begun.length,
    within,
    (arrived) => `${mails.what}: ${arrived.length} of ${begun.length}${nextOf(begun, arrived)}`,
  );
  const lines = compare(value, begun, latenessMs);
  return {
    name: 'toHaveArrivedOnTime',
    pass: lines.length > 0 && lines.every(({ fault }) => fault === undefined),
    message: () =>
      `expected ${mails.what} on time, at most ${latenessMs} ms late, seen after ${elapsedMs} ms:\n` +
      table(
        ['mail', 'due', 'execution began', 'arrived', ''],
        lines.map(({ number, due, started, arrived, fault }) => [
          number,
          due?.toISOString() ?? '–',
          started?.toISOString() ?? '–',
          arrived?.toISOString() ?? '–',
          fault ?? 'ok',
        ]),
      ),
  };
}

/** `, #3 due 10:04:00 UTC, in 41 s`; empty when none is to come. */
function nextOf(executions: readonly Execution[], arrived: readonly Mail[]): string {
  const here = new Set(arrived.map((mail) => tagOf(mail, 'email_number')));
  const [next] = executions
    .filter((one) => !here.has(String(emailNumberOf(one))))
    .map((one) => ({ number: emailNumberOf(one), due: scheduledAt(one) ?? createdAt(one) }))
    .toSorted((a, b) => a.due.getTime() - b.due.getTime());
  if (!next) return '';
  const inSeconds = Math.round((next.due.getTime() - Date.now()) / 1_000);
  const when = inSeconds < 0 ? `${-inSeconds} s ago` : `in ${inSeconds} s`;
  return `, #${next.number} due ${next.due.toISOString().slice(11, 19)} UTC, ${when}`;
}

function compare(mails: readonly Mail[], executions: readonly Execution[], latenessMs: number): Line[] {
  const numbers = new Set(executions.map((one) => String(emailNumberOf(one))));
  const sent = executions.map((one) => lineOf(one, mails, latenessMs));
  const others = mails
    .filter((mail) => !numbers.has(tagOf(mail, 'email_number') ?? ''))
    .map((mail) => ({
      number: `#${tagOf(mail, 'email_number') ?? '?'}`,
      arrived: new Date(mail.receivedAt),
      fault: `no execution led to it (${mail.id})`,
    }));
  return [...inOrder(sent, latenessMs), ...others];
}

function lineOf(execution: Execution, mails: readonly Mail[], latenessMs: number): Line {
  const number = String(emailNumberOf(execution));
  const due = scheduledAt(execution) ?? createdAt(execution);
  const began = execution.state.histories.find(({ state }) => state === 'RUNNING')?.date;
  const line = { number: `#${number}`, due, ...(began ? { started: new Date(began) } : {}) };
  const own = mails.filter((mail) => tagOf(mail, 'email_number') === number);
  const [mail] = own;
  if (!mail) return { ...line, fault: 'did not arrive' };
  const arrived = new Date(mail.receivedAt);
  const lateMs = mail.receivedAt - Math.max(due.getTime(), createdAt(execution).getTime());
  const earlyMs = due.getTime() - mail.receivedAt;
  const root = labelOf(execution, 'system.correlationId');
  const fault =
    own.length > 1
      ? `arrived ${own.length} times`
      : earlyMs > 0
        ? `${earlyMs} ms early`
        : lateMs > latenessMs
          ? `${lateMs} ms late`
          : mail.correlationId && root && mail.correlationId !== root
            ? `sent on behalf of another execution: ${mail.correlationId}`
            : undefined;
  return { ...line, arrived, ...(fault ? { fault } : {}) };
}

/** Kestra starts what fell due in the meantime in any order. */
function inOrder(lines: Line[], latenessMs: number): Line[] {
  return lines.map((line, index) => {
    const before = lines[index - 1];
    const overtook =
      before?.started &&
      line.started &&
      line.started < before.started &&
      Number(line.due) - Number(before.due) > latenessMs;
    return overtook && !line.fault
      ? { ...line, fault: `its execution began before that of ${before.number}` }
      : line;
  });
}
