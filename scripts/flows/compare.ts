import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { DeployedFlow, KestraAdmin } from './kestra-admin.ts';
import { commitOf, ownershipOf } from './ownership.ts';
import { type FlowFolder, type FlowSource, OWNED_FOLDERS } from './source.ts';
import { forDeployment, forRepository } from './stamp.ts';

/** Text by path, relative to the folder of flows. */
type Tree = ReadonlyMap<string, string>;

/** One flow or file that deploying would change, or that only the deployment has. */
export interface Difference {
  path: string;
  kind: 'added' | 'changed' | 'only deployed';
  /** What is deployed, in the words of an operator, and what deploying does with it. */
  meaning: string;
  /** Unified, from what is deployed to what is in the repository. */
  diff: string;
}

/** What deploying a folder would change in a namespace, one entry a flow or file, in the order of their names. */
export async function differencesOf(
  admin: KestraAdmin,
  folder: FlowFolder,
  { color = false } = {},
): Promise<Difference[]> {
  const [owned, flows, paths] = await Promise.all([
    ownershipOf(admin),
    admin.flows(),
    Promise.all(OWNED_FOLDERS.map((owns) => admin.filesIn(owns))),
  ]);
  const deployed = await deployedTree(admin, flows, paths.flat());
  const repository = await repositoryTree(admin, folder);
  const all = [...new Set([...deployed.keys(), ...repository.keys()])].toSorted();
  const differing = all.filter((path) => deployed.get(path) !== repository.get(path));
  return Promise.all(
    differing.map(async (path) => {
      const [before, after] = [deployed.get(path), repository.get(path)];
      const flow = flows.find(({ id }) => `${id}.yaml` === path);
      const ours = flow ? owned.flow(flow) : owned.file(`/${path}`);
      const from = flow ? `revision ${flow.revision} of commit ${commitOf(flow) ?? 'unknown'}` : 'a file';
      return {
        path,
        ...(before === undefined
          ? { kind: 'added' as const, meaning: 'not deployed yet' }
          : after === undefined
            ? { kind: 'only deployed' as const, meaning: `${from}, ${fateOf(flow !== undefined, ours)}` }
            : {
                kind: 'changed' as const,
                meaning: ours ? `${from} is deployed` : `${from} is not of a deployment: deploying refuses`,
              }),
        diff: await unifiedDiff(path, before, after, color),
      };
    }),
  );
}

/** What becomes of something that the repository does not have. */
function fateOf(flow: boolean, ours: boolean): string {
  if (!ours) return 'not of a deployment: it stays';
  return flow ? 'no longer in the repository: it stays until it is removed' : 'deploying deletes it';
}

/** For the terminal: a heading a flow or file, then its diff, and how many there are of each kind. */
export function describeDifferences(differences: readonly Difference[], where: string): string {
  if (differences.length === 0) return `${where}: nothing differs.`;
  const parts = differences.map(
    ({ path, kind, meaning, diff }) => `${path}: ${kind} (${meaning})\n${diff.trimEnd()}\n`,
  );
  const counts = (['added', 'changed', 'only deployed'] as const).flatMap((kind) => {
    const count = differences.filter((one) => one.kind === kind).length;
    return count === 0 ? [] : `${count} ${kind}`;
  });
  return [...parts, `${where}: ${counts.join(', ')}.`].join('\n');
}

/** The folder as it would come back: the way there and back changes what the server's line has other words for. */
async function repositoryTree(admin: KestraAdmin, { flows, files }: FlowFolder): Promise<Tree> {
  const comingBack = async (flow: FlowSource): Promise<string> => {
    const there = forDeployment(flow, { namespace: admin.namespace, commit: 'none' });
    const inItsWords = await admin.inItsWords(there);
    return inItsWords === there ? flow.text : forRepository(inItsWords);
  };
  return new Map([
    ...(await Promise.all(
      flows.map(async (flow) => [`${flow.id}.yaml`, endedByLine(await comingBack(flow))] as const),
    )),
    ...files.map(({ path, text }) => [path.slice(1), text] as const),
  ]);
}

/** What is deployed, without what deploying added. */
async function deployedTree(
  admin: KestraAdmin,
  flows: readonly DeployedFlow[],
  paths: readonly string[],
): Promise<Tree> {
  const entries = await Promise.all([
    ...flows.map(
      async ({ id }) => [`${id}.yaml`, await admin.flow(id).then((flow) => flow?.source)] as const,
    ),
    ...paths.map(async (path) => [path.slice(1), await admin.file(path)] as const),
  ]);
  return new Map(
    entries.flatMap(([path, text]) =>
      text === undefined
        ? []
        : [[path, path.endsWith('.yaml') ? endedByLine(forRepository(text)) : text] as const],
    ),
  );
}

async function unifiedDiff(
  path: string,
  deployed: string | undefined,
  repository: string | undefined,
  color: boolean,
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'flows-diff-'));
  try {
    const [from, to] = await Promise.all([
      written(folder, 'deployed', path, deployed),
      written(folder, 'repository', path, repository),
    ]);
    const options = ['--no-index', '--no-prefix', `--color=${color ? 'always' : 'never'}`];
    const { status, stdout, error } = spawnSync('git', ['diff', ...options, from, to], {
      cwd: folder,
      encoding: 'utf8',
      maxBuffer: 64 * 2 ** 20,
    });
    // 1 means "they differ".
    if (error || (status !== 0 && status !== 1))
      throw new Error('diff needs git on the path', { cause: error });
    // The path stands in the heading: of git's own lines only the hunks say more.
    return stdout.slice(Math.max(0, stdout.search(/^.{0,8}@@ /m)));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** One side of a comparison as a file; a missing side is nothing. */
async function written(
  folder: string,
  side: string,
  path: string,
  text: string | undefined,
): Promise<string> {
  if (text === undefined) return '/dev/null';
  const file = join(side, path);
  await mkdir(dirname(join(folder, file)), { recursive: true });
  await writeFile(join(folder, file), text);
  return file;
}

/** Kestra may give a source back without its last line end. */
function endedByLine(text: string): string {
  return `${text.trimEnd()}\n`;
}
