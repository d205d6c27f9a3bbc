import { z } from 'zod';
import type { KestraAdmin } from './kestra-admin.ts';
import { OWNED_FOLDERS } from './source.ts';
import { COMMIT_LABEL } from './stamp.ts';

/** The setting in which deploying notes what it has put into the namespace. */
const NOTE = 'DEPLOYMENT';

const DeploymentNote = z.object({
  commit: z.string(),
  flows: z.array(z.string()),
  files: z.array(z.string()),
});
export type DeploymentNote = z.infer<typeof DeploymentNote>;

/** Settings that deploying writes, and the ledger that the flows keep. A setting of another name is an operator's. */
const OUR_SETTINGS =
  /^(RUN|TESTING_MODE|ALERTS|NOTION_SOURCES|NOTION_PROPERTIES|DEPLOYMENT|(scheduled|sent)\.[0-9a-f]{64})$/;

interface Labelled {
  id: string;
  labels?: ReadonlyArray<{ key: string; value: string }> | null | undefined;
}

/** What of a namespace this project has put there; all else is somebody else's, and stays as it is. */
export interface Ownership {
  note: DeploymentNote | undefined;
  flow(flow: Labelled): boolean;
  file(path: string): boolean;
  setting(key: string): boolean;
}

/** By the note of the last deployment and the flows' label. Where flows have the label and no note is, our folders are ours. */
export async function ownershipOf(admin: KestraAdmin): Promise<Ownership> {
  const found = await admin.setting(NOTE);
  const note = found === undefined ? undefined : DeploymentNote.parse(found);
  const noteless = !note && (await admin.flows()).some((flow) => commitOf(flow) !== undefined);
  return {
    note,
    flow: (flow) => commitOf(flow) !== undefined && (note?.flows.includes(flow.id) ?? true),
    file: (path) =>
      note?.files.includes(path) ??
      (noteless && OWNED_FOLDERS.some((folder) => path.startsWith(`${folder}/`))),
    setting: (key) => OUR_SETTINGS.test(key),
  };
}

export async function writeNote(admin: KestraAdmin, note: DeploymentNote): Promise<void> {
  const sorted = (all: readonly string[]) => [...new Set(all)].toSorted();
  await admin.putSetting(NOTE, { ...note, flows: sorted(note.flows), files: sorted(note.files) });
}

/** The commit that a flow, or one of its revisions, was deployed from; undefined when this project did not deploy it. */
export const commitOf = ({ labels }: Labelled): string | undefined =>
  labels?.find(({ key }) => key === COMMIT_LABEL)?.value;
