import { KestraTransport } from '../../helpers/clients/kestra-transport.ts';
import type { StackFile } from '../../stack/stack-file.ts';
import { openFunnel } from '../ops/dossier.ts';
import { reconcile } from '../ops/reconcile.ts';
import { resendFailed } from '../ops/resend-failed.ts';
import { ResendReader } from '../ops/resend-reader.ts';
import { type Fault, FAULT_KINDS, type FaultKind } from './check.ts';

export type Counts = Partial<Record<FaultKind, number>>;

/** What one of the operator's commands was run for, and what it changed. */
export interface Repair {
  means: 'resend-failed' | 'reconcile';
  tookS: number;
  before: Counts;
  after: Counts;
  /** What it left, and why, in its own words. */
  left: string[];
}

export const countsOf = (faults: readonly Fault[]): Counts =>
  Object.fromEntries(
    FAULT_KINDS.flatMap((kind) => {
      const count = faults.filter((fault) => fault.kind === kind).length;
      return count === 0 ? [] : [[kind, count]];
    }),
  );

const RESENT: readonly FaultKind[] = ['lost'];
const RECONCILED: readonly FaultKind[] = ['row', 'fact', 'contact', 'analytics'];

export interface Repairing {
  stack: StackFile;
  namespace: string;
  /** Nothing of the run is older. */
  since: Date;
  /** Reads the witnesses anew and judges every lead. */
  judge: () => Promise<Fault[]>;
  say: (line: string) => void;
}

/**
 * Does what an operator does after an outage, as far as there is something to do: `npm run flows -- resend-failed`, then
 * `npm run flows -- reconcile`, both by their own code.
 */
export async function repair(
  faults: readonly Fault[],
  { stack, namespace, since, judge, say }: Repairing,
): Promise<{ faults: readonly Fault[]; repairs: Repair[] }> {
  const transport = new KestraTransport({ ...stack.kestra });
  const resend = new ResendReader({ url: stack.resend.url, key: stack.resend.keys.harness });
  const repairs: Repair[] = [];
  let now = faults;
  const after = async (means: Repair['means'], begun: number, left: string[]): Promise<void> => {
    const before = countsOf(now);
    now = await judge();
    repairs.push({
      means,
      tookS: Math.round((Date.now() - begun) / 1_000),
      before,
      after: countsOf(now),
      left,
    });
  };
  if (now.some(({ kind }) => RESENT.includes(kind))) {
    say('npm run flows -- resend-failed');
    const begun = Date.now();
    const { verdicts } = await resendFailed({ transport, namespace, since, replay: true, resend });
    await after(
      'resend-failed',
      begun,
      verdicts.filter((one) => !one.replay).map(({ run, why }) => `${run.id}: ${why}`),
    );
  }
  if (now.some(({ kind }) => RECONCILED.includes(kind))) {
    say('npm run flows -- reconcile');
    const begun = Date.now();
    const { url, token } = stack.notion;
    const funnel = await openFunnel({ transport, namespace, notion: { url, token }, resend });
    if (!funnel) throw new Error(`No funnel is deployed in ${namespace}.`);
    const found = await reconcile({ funnel, since, write: true });
    await after(
      'reconcile',
      begun,
      found.flatMap(({ fault }) => fault ?? []),
    );
  }
  return { faults: now, repairs };
}
