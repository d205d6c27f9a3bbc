import type { Execution } from '../../helpers/clients/execution.ts';
import { isFarOff, KestraClient } from '../../helpers/clients/kestra-client.ts';
import { poll } from '../../helpers/wait.ts';
import { hasTrigger } from './flow-model.ts';
import { type DeployedSource, KestraAdmin } from './kestra-admin.ts';
import { ownershipOf } from './ownership.ts';
import type { Place } from './rollback.ts';
import { describeScheduled, openExecutions, scheduledMails } from './scheduled.ts';
import { FlowSource, OWNED_FOLDERS } from './source.ts';

export interface Removal {
  yes: boolean;
  /** Kills the mails that are scheduled; without it they are a reason to refuse. */
  kill: boolean;
  say?: (line: string) => void;
  /** How long what is at work may take to end. */
  withinMs?: number;
}

/** What of a namespace would go, and what stays since deploying did not put it there. */
interface Contents {
  flows: DeployedSource[];
  files: string[];
  settings: string[];
  staying: string[];
}

const WITHIN_MS = 90_000;

/**
 * Removes a deployment: its flows, files, settings and ledger. What somebody else put into the namespace stays and is
 * named. Refuses while mails are scheduled, unless they are to be killed, and never kills one that is at work. Only says
 * what it would do without `yes`.
 */
export async function remove(
  place: Place,
  { yes, kill, say = () => undefined, withinMs = WITHIN_MS }: Removal,
): Promise<void> {
  const { transport, namespace } = place;
  const admin = new KestraAdmin(transport, namespace);
  const contents = await contentsOf(admin);
  const { flows, files, settings, staying } = contents;
  const mails = await scheduledMails(transport, namespace);
  const count = mails.reduce((sum, { ids }) => sum + ids.length, 0);
  for (const one of staying) say(`${one} is not of a deployment: it stays`);
  if (flows.length + files.length + settings.length === 0) return say(`Nothing is deployed in ${namespace}.`);
  if (count > 0 && !kill) {
    throw new Error(
      `${namespace} is not removed: ${count} ${count === 1 ? 'mail is' : 'mails are'} scheduled. Wait for ${count === 1 ? 'it' : 'them'}, or say --kill.`,
    );
  }
  const what = `${flows.length} flows, ${files.length} files and ${settings.length} settings of ${namespace}`;
  if (!yes) {
    const killed = count > 0 ? `, and ${count} scheduled mails to be killed` : '';
    return say(`To be removed with --yes: ${what}${killed}`);
  }

  // No new lead comes in from here on; who came in already is let through, or mails would lack their files half-way.
  const [first, last] = [flows.filter(startsByItself), flows.filter((flow) => !startsByItself(flow))];
  await untilQuiet(place, withinMs, say);
  await Promise.all(first.map(({ id }) => admin.deleteFlow(id)));
  await untilQuiet(place, withinMs, say);
  const { scheduled } = await openExecutions(transport, namespace);
  if (scheduled.length > 0 && !kill) {
    const late = describeScheduled(namespace, await scheduledMails(transport, namespace));
    throw new Error(
      `${namespace} is not removed, but for what starts by webhook: meanwhile a lead came in.\n${late}\nWait for them, or say --kill.`,
    );
  }
  await killAll(place, scheduled, withinMs, say);

  await Promise.all(files.map((path) => admin.deleteFile(path)));
  // Settings before flows: Kestra keeps none for a namespace without a flow. The note goes last: it says what is ours.
  const { settings: now } = await contentsOf(admin);
  await Promise.all(now.filter((key) => key !== 'DEPLOYMENT').map((key) => admin.deleteSetting(key)));
  await admin.deleteSetting('DEPLOYMENT');
  await Promise.all(last.map(({ id }) => admin.deleteFlow(id)));
  say(`Removed: ${what}`);
}

async function contentsOf(admin: KestraAdmin): Promise<Contents> {
  const [owned, flows, paths, keys] = await Promise.all([
    ownershipOf(admin),
    admin.flows(),
    Promise.all(OWNED_FOLDERS.map((folder) => admin.filesIn(folder))),
    admin.settings(),
  ]);
  const ours = flows.filter((flow) => owned.flow(flow));
  const files = paths.flat();
  return {
    flows: (await Promise.all(ours.map(({ id }) => admin.flow(id)))).flatMap((flow) => flow ?? []),
    files: files.filter((path) => owned.file(path)),
    settings: keys.filter((key) => owned.setting(key)),
    staying: [
      ...flows.filter((flow) => !owned.flow(flow)).map(({ id }) => `the flow ${id}`),
      ...files.filter((path) => !owned.file(path)).map((path) => `the file ${path.slice(1)}`),
      ...keys.filter((key) => !owned.setting(key)).map((key) => `the setting ${key}`),
    ],
  };
}

const startsByItself = ({ id, source }: DeployedSource): boolean =>
  hasTrigger(new FlowSource(`${id}.yaml`, source));

/** Waits until nothing but scheduled mails is open. Throws when something takes too long. */
async function untilQuiet(
  { transport, namespace }: Place,
  withinMs: number,
  say: (line: string) => void,
): Promise<void> {
  const { atWork } = await openExecutions(transport, namespace);
  if (atWork.length === 0) return;
  say(`${atWork.length} executions are at work: waiting for them, at most ${Math.round(withinMs / 1_000)} s`);
  const { value, done } = await poll(
    () => openExecutions(transport, namespace),
    ({ atWork }) => atWork.length === 0,
    withinMs,
  );
  if (done) return;
  const [one] = value.atWork;
  throw new Error(
    `${namespace} is not removed: ${value.atWork.length} executions are at work, ${one?.flowId} ${one?.id} among them. Try again when they have ended.`,
  );
}

/** Kills what waits; what is due any moment is let go, since a kill may strike it at work. */
async function killAll(
  { transport, namespace }: Place,
  scheduled: readonly Execution[],
  withinMs: number,
  say: (line: string) => void,
): Promise<void> {
  if (scheduled.length === 0) return;
  const kestra = new KestraClient({ transport, resolve: () => namespace });
  const waiting = scheduled.filter(isFarOff);
  await Promise.all(waiting.map(({ id }) => kestra.kill(id)));
  const { value, done } = await poll(
    () => openExecutions(transport, namespace),
    (open) => open.scheduled.length + open.atWork.length === 0,
    withinMs,
  );
  if (!done) {
    const left = [...value.scheduled, ...value.atWork].map(({ id }) => id).join(', ');
    throw new Error(`${namespace} is not removed: killed mails have not ended: ${left}. Try again.`);
  }
  const due = scheduled.length - waiting.length;
  say(`${waiting.length} scheduled mails are killed${due > 0 ? `; ${due} were due, and went` : ''}`);
}
