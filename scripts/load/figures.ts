import { quantileSorted } from 'simple-statistics';
import { sequenceOf } from './mix.ts';
import type { Visit } from './visit.ts';
import type { Witnesses } from './witnesses.ts';

/** Milliseconds. */
export interface Spread {
  count: number;
  p50: number;
  p95: number;
  p99: number;
  max: number;
}

/** Undefined of nothing. */
export function spreadOf(values: readonly number[]): Spread | undefined {
  if (values.length === 0) return undefined;
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => Math.round(quantileSorted(sorted, share));
  return { count: sorted.length, p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) };
}

export interface Lags {
  webhook: Spread | undefined;
  /** How far the driver was behind its own plan: what it is late, no latency shows. */
  driver: Spread | undefined;
  /** From a mail's `scheduleDate` to its execution's first step. */
  start: Spread | undefined;
  /** From a mail's `scheduleDate` to Resend's yes. */
  delivery: Spread | undefined;
  /** From the webhook to the end of scheduling: the first mail's execution is there. */
  scheduling: Spread | undefined;
}

/** What can be read from the witnesses, of all leads together. */
export function lagsOf(visits: readonly Visit[], seen: Witnesses): Lags {
  const calls = visits.flatMap((visit) => visit.calls);
  const mails = seen.executions.filter(
    ({ flowId, replayOf }) => flowId === 'send-email' && replayOf === undefined,
  );
  const dueOf = new Map(
    mails.map((run) => [`${run.email} ${run.sequence} ${run.number}`, run.scheduledAt ?? run.createdAt]),
  );
  const delivery = seen.mails.flatMap(({ to: [address = ''], sequence, number, receivedAt }) => {
    const due = dueOf.get(`${address.toLowerCase()} ${sequence} ${number}`);
    return due ? receivedAt.getTime() - due.getTime() : [];
  });
  const firstMail = new Map<string, number>();
  for (const { email, sequence, createdAt } of mails) {
    const key = `${email} ${sequence}`;
    firstMail.set(key, Math.min(firstMail.get(key) ?? Infinity, createdAt.getTime()));
  }
  return {
    webhook: spreadOf(calls.filter(({ status }) => status !== undefined).map(({ latencyMs }) => latencyMs)),
    driver: spreadOf(calls.map(({ plannedAt, sentAt }) => sentAt.getTime() - plannedAt.getTime())),
    start: spreadOf(
      mails.flatMap(({ startedAt, scheduledAt, createdAt }) =>
        startedAt ? startedAt.getTime() - (scheduledAt ?? createdAt).getTime() : [],
      ),
    ),
    delivery: spreadOf(delivery),
    scheduling: spreadOf(
      visits.flatMap(({ lead, calls: own }) =>
        own.flatMap(({ webhook, sentAt }) => {
          const first = firstMail.get(`${lead.email} ${sequenceOf(webhook)}`);
          return first === undefined ? [] : first - sentAt.getTime();
        }),
      ),
    ),
  };
}
