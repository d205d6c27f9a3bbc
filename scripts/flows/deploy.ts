import { randomUUID } from 'node:crypto';
import { KestraError, type KestraTransport } from '../../helpers/clients/kestra-transport.ts';
import { describeFindings, FlowsBroken } from './finding.ts';
import { type DeployedSource, KestraAdmin } from './kestra-admin.ts';
import { type DatabaseName, type NotionAccess, resolveSources } from './notion-sources.ts';
import { type Ownership, ownershipOf, writeNote } from './ownership.ts';
import { hasTrigger, subflowsOf } from './flow-model.ts';
import { type FlowFolder, type FlowSource, OWNED_FOLDERS } from './source.ts';
import { forDeployment } from './stamp.ts';
import { type Checked, checkFolder, type Destination, validateFolder } from './validate.ts';

/** Names of Notion properties that differ from ours, by database: `{ contacts: { email: 'E-mail' } }`. */
export type NotionProperties = Partial<Record<DatabaseName, Record<string, string>>>;

export interface DeployRequest {
  transport: KestraTransport;
  namespace: string;
  /** Whether this deployment counts its delays in testing minutes. */
  testing: boolean;
  /** Whether the team's hooks hear of this deployment. Without it, it stays as it is; a new one tells unless it is for testing. */
  alerts?: boolean;
  /** The folder's path, or the folder as `checkFolder` has read and checked it. */
  folder: string | Checked;
  commit: string;
  /** Without it no settings are written: the deployment keeps the mode and the databases it has. */
  notion?: NotionAccess;
  /** Resend's address, when it is known here: looked at only to refuse a foreign one. */
  resend?: { url: string };
  /** Without it the deployment keeps the overrides it has. */
  properties?: NotionProperties;
  /** A local engine gets no address of a real service. Given by the target; else by the engine's own address. */
  local?: boolean;
  /** For a namespace that nobody uses yet: Kestra is asked only once it has refused a flow, which saves a start some seconds. */
  unasked?: boolean;
  /** Overwrites flows and files of the same name that somebody else has put there. Kestra keeps a flow's revisions. */
  takeOver?: boolean;
  progress?: (line: string) => void;
}

export interface FlowOutcome {
  id: string;
  revision: number;
  outcome: 'created' | 'updated' | 'unchanged';
}

/**
 * Puts all flows of a folder, with what goes beside them and their settings, into one namespace. Everything is checked
 * before anything is written: when one flow is broken, FlowsBroken says which and why, and the namespace is as it was.
 * Of what it finds there it changes and deletes nothing that deploying has not put there.
 */
export async function deploy(request: DeployRequest): Promise<{ flows: FlowOutcome[] }> {
  refuseForeignServices(request);
  const { transport, namespace, commit, progress = () => undefined } = request;
  const admin = new KestraAdmin(transport, namespace);
  const checked = typeof request.folder === 'string' ? await checkFolder(request.folder) : request.folder;
  const { folder } = checked;
  const [findings, sources, present, files, owned] = await Promise.all([
    request.unasked ? checked.findings : validateFolder(checked, { admin, commit }),
    request.notion && resolveSources(request.notion),
    Promise.all(folder.flows.map(async ({ id }) => [id, await admin.flow(id)] as const)),
    Promise.all(OWNED_FOLDERS.map((owns) => admin.filesIn(owns))),
    ownershipOf(admin),
  ]);
  if (findings.length > 0) throw new FlowsBroken(findings);
  const before = new Map(present);
  const place: Place = { admin, owned, before, files: files.flat() };
  const foreign = await foreignIn(place, folder);
  if (foreign.length > 0 && !request.takeOver) {
    throw new Error(
      `${namespace} has ${foreign.join(', ')}, and deploying has not put them there: remove or rename them, choose another namespace, or overwrite them with --take-over.`,
    );
  }
  progress(`${folder.flows.length} flows are sound`);

  const outcomes = new Map<string, FlowOutcome>();
  const put = async (flow: FlowSource): Promise<void> => {
    if (outcomes.has(flow.id)) return;
    const text = await admin.inItsWords(forDeployment(flow, { namespace, commit }));
    const outcome = await putFlow(admin, flow.id, text, before.get(flow.id)).catch((refusal: unknown) =>
      refusedBecause(refusal, checked, { admin, commit }),
    );
    outcomes.set(flow.id, outcome);
    progress(`${flow.id}: ${outcome.outcome}, revision ${outcome.revision}`);
  };

  const waves = leavesFirst(folder.flows);
  const [leaves = []] = waves;
  const first = leaves.find((flow) => !hasTrigger(flow)) ?? leaves[0];
  // Kestra keeps no settings for a namespace without a flow.
  if (first && present.every(([, flow]) => flow === undefined)) await put(first);
  const note = {
    commit,
    flows: folder.flows.map(({ id }) => id),
    files: folder.files.map(({ path }) => path),
  };
  const { note: earlier } = owned;
  // With what is there already, until that is done with: whatever ends this half-way, nothing of ours is left without a note.
  await writeNote(admin, {
    commit: earlier?.commit ?? commit,
    flows: [...note.flows, ...(earlier?.flows ?? [])],
    files: [...note.files, ...place.files.filter((path) => owned.file(path))],
  });
  await Promise.all([putFiles(place, folder, progress), sources && putSettings(admin, request, sources)]);
  progress(`${folder.files.length} files${sources ? ' and the settings' : ''} are in place`);
  for (const wave of waves) await Promise.all(wave.map(put));
  // A flow that the folder no longer has stays, and stays ours.
  await writeNote(admin, { ...note, flows: [...note.flows, ...(earlier?.flows ?? [])] });

  return { flows: folder.flows.flatMap(({ id }) => outcomes.get(id) ?? []) };
}

/** A namespace as deploying finds it. */
interface Place {
  admin: KestraAdmin;
  owned: Ownership;
  before: ReadonlyMap<string, DeployedSource | undefined>;
  /** In the folders that deploying fills. */
  files: readonly string[];
}

/** What deploying would overwrite although it has not put it there. */
async function foreignIn({ admin, owned, before, files }: Place, folder: FlowFolder): Promise<string[]> {
  const flows = [...before].flatMap(([id, flow]) => (flow && !owned.flow(flow) ? `the flow ${id}` : []));
  const others = folder.files.filter(({ path }) => files.includes(path) && !owned.file(path));
  const changed = await Promise.all(
    others.map(async ({ path, text }) =>
      (await admin.file(path)) === text ? [] : [`the file ${path.slice(1)}`],
    ),
  );
  return [...flows, ...changed.flat()];
}

/** Throws what Kestra has against the flows, by file and line; the refusal itself where it says no more. */
async function refusedBecause(refusal: unknown, checked: Checked, destination: Destination): Promise<never> {
  const findings = refusal instanceof KestraError ? await validateFolder(checked, destination) : [];
  if (findings.length === 0) throw refusal;
  throw new Error(`Kestra refused what it was given:\n${describeFindings(findings)}`, { cause: refusal });
}

async function putFlow(
  admin: KestraAdmin,
  id: string,
  text: string,
  before: DeployedSource | undefined,
): Promise<FlowOutcome> {
  if (!before) return { id, revision: (await admin.addFlow(text)).revision, outcome: 'created' };
  const { revision } = before.source.trim() === text.trim() ? before : await admin.putFlow(id, text);
  return { id, revision, outcome: revision === before.revision ? 'unchanged' : 'updated' };
}

async function putFiles(
  { admin, owned, files: all }: Place,
  { files }: FlowFolder,
  progress: (line: string) => void,
): Promise<void> {
  const folders = OWNED_FOLDERS.map((folder) => ({
    wanted: files.filter(({ path }) => path.startsWith(`${folder}/`)),
    present: all.filter((path) => path.startsWith(`${folder}/`)),
  }));
  // Kestra makes the folder of a file on the way, and fails when two files make it at once: the first goes alone.
  for (const { wanted, present } of folders) {
    const [first] = wanted;
    if (first && present.length === 0) await admin.putFile(first.path, first.text);
  }
  await Promise.all(
    folders.flatMap(({ wanted, present }) => {
      const rest = present.length === 0 ? wanted.slice(1) : wanted;
      const others = present.filter((path) => !wanted.some((file) => file.path === path));
      for (const path of others.filter((one) => !owned.file(one))) {
        progress(`${path.slice(1)} is not of a deployment: it stays`);
      }
      return [
        ...rest.map(async ({ path, text }) => {
          if (present.includes(path) && (await admin.file(path)) === text) return;
          await admin.putFile(path, text);
        }),
        ...others.filter((path) => owned.file(path)).map((path) => admin.deleteFile(path)),
      ];
    }),
  );
}

async function putSettings(
  admin: KestraAdmin,
  { testing, alerts, properties }: DeployRequest,
  sources: Record<DatabaseName, string>,
): Promise<void> {
  const keep = async (key: string, initial: unknown): Promise<void> => {
    if ((await admin.setting(key)) === undefined) await admin.putSetting(key, initial);
  };
  await Promise.all([
    // A new one would let Resend send again what this deployment has sent.
    keep('RUN', randomUUID()),
    admin.putSetting('TESTING_MODE', testing),
    alerts === undefined ? keep('ALERTS', !testing) : admin.putSetting('ALERTS', alerts),
    admin.putSetting('NOTION_SOURCES', sources),
    properties ? admin.putSetting('NOTION_PROPERTIES', properties) : keep('NOTION_PROPERTIES', {}),
  ]);
}

/** The flows in groups, so that whatever a flow starts is in a group before its own. */
export function leavesFirst(flows: readonly FlowSource[]): FlowSource[][] {
  const byId = new Map(flows.map((flow) => [flow.id, flow]));
  const heights = new Map<string, number>();
  const heightOf = (flow: FlowSource): number => {
    const known = heights.get(flow.id);
    if (known !== undefined) return known;
    heights.set(flow.id, 0); // ends the search where flows start each other
    const below = subflowsOf(flow).flatMap((id) => byId.get(id) ?? []);
    const height = Math.max(-1, ...below.map(heightOf)) + 1;
    heights.set(flow.id, height);
    return height;
  };
  const highest = Math.max(0, ...flows.map(heightOf));
  return Array.from({ length: highest + 1 }, (_, height) =>
    flows.filter((flow) => heightOf(flow) === height),
  );
}

function refuseForeignServices({
  transport,
  notion,
  resend,
  local = isLoopback(transport.url),
}: DeployRequest): void {
  if (!local) return;
  for (const [name, url] of Object.entries({ Notion: notion?.url, Resend: resend?.url })) {
    if (url === undefined || isLoopback(url)) continue;
    throw new Error(
      `${name}'s address is ${url}, and a local Kestra gets loopback addresses only: give the stand-in's, or set TARGET=homelab.`,
    );
  }
}

function isLoopback(url: string): boolean {
  const { hostname } = new URL(url);
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d+){3}$/.test(hostname);
}
