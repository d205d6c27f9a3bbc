import { type Execution, isTerminal, scheduledAt } from '../../helpers/clients/execution.ts';
import { searchExecutions } from '../../helpers/clients/kestra-executions.ts';
import type { KestraTransport } from '../../helpers/clients/kestra-transport.ts';
import { table } from '../../helpers/table.ts';
import { moment } from '../ops/plain-text.ts';
import { KestraAdmin } from './kestra-admin.ts';
import { commitOf } from './ownership.ts';

/** The mails that wait for their date in one namespace and will run one revision of one flow. */
export interface ScheduledMails {
  flowId: string;
  revision: number;
  /** The commit that revision was deployed from. */
  commit: string | undefined;
  /** The revision that a mail scheduled now would run; undefined when the flow is gone. */
  newest: number | undefined;
  ids: string[];
  first: Date;
  last: Date;
}

/** What waits for its date. */
export const isScheduled = (one: Execution): boolean =>
  one.state.current === 'CREATED' && scheduledAt(one) !== undefined;

/** Executions of the namespace that have not ended: those that wait for their date, and those at work. */
export async function openExecutions(
  transport: KestraTransport,
  namespace: string,
): Promise<{ scheduled: Execution[]; atWork: Execution[] }> {
  const open = (await searchExecutions(transport, { namespace, state: OPEN_STATES })).filter(
    ({ state }) => !isTerminal(state.current),
  );
  return { scheduled: open.filter(isScheduled), atWork: open.filter((one) => !isScheduled(one)) };
}

/** States of what has not ended, as every line of Kestra knows them: it refuses a search for one that it does not. */
export const OPEN_STATES = ['CREATED', 'RUNNING', 'PAUSED', 'RESTARTED', 'KILLING', 'QUEUED', 'RETRYING'];

/**
 * The mails that wait for their date, by flow and by the revision they will run. That is the one they were scheduled
 * with, whatever is deployed meanwhile; a spec sees it so on the engine.
 */
export async function scheduledMails(
  transport: KestraTransport,
  namespace: string,
): Promise<ScheduledMails[]> {
  const { scheduled } = await openExecutions(transport, namespace);
  const groups = new Map<string, Execution[]>();
  for (const one of scheduled) {
    const key = `${one.flowId} ${one.flowRevision ?? 0}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  const admin = new KestraAdmin(transport, namespace);
  const found = [...groups.values()].map(async (group): Promise<ScheduledMails[]> => {
    const [one] = group;
    if (!one) return [];
    const { flowId } = one;
    const revision = one.flowRevision ?? 0;
    const revisions = await admin.revisions(flowId);
    const ran = revisions.find((other) => other.revision === revision);
    const dates = group.flatMap((mail) => scheduledAt(mail)?.getTime() ?? []);
    return [
      {
        flowId,
        revision,
        commit: ran && commitOf(ran),
        newest: revisions.at(-1)?.revision,
        ids: group.map(({ id }) => id),
        first: new Date(Math.min(...dates)),
        last: new Date(Math.max(...dates)),
      },
    ];
  });
  return (await Promise.all(found))
    .flat()
    .toSorted((a, b) => a.flowId.localeCompare(b.flowId) || a.revision - b.revision);
}

/** For the operator, before anything is changed. */
export function describeScheduled(namespace: string, mails: readonly ScheduledMails[]): string {
  const count = mails.reduce((sum, { ids }) => sum + ids.length, 0);
  if (count === 0) return `No mail is scheduled in ${namespace}.`;
  const rows = mails.map(({ flowId, revision, commit, newest, ids, first, last }) => [
    flowId,
    String(ids.length),
    `${revision}${revision === newest ? ', the newest' : ''}`,
    commit ?? 'unknown',
    moment(first),
    moment(last),
  ]);
  return [
    `${count} ${count === 1 ? 'mail is' : 'mails are'} scheduled in ${namespace}:`,
    table(['flow', 'mails', 'will run revision', 'of commit', 'first due', 'last due'], rows),
    'Each runs the revision that it was scheduled with, whatever is deployed until then; files, templates and settings it takes as they are when it is due.',
  ].join('\n');
}
