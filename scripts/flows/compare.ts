import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { KestraAdmin } from './kestra-admin.ts';
import { type FlowFolder, OWNED_FOLDERS } from './source.ts';
import { forRepository } from './stamp.ts';

/** Text by path, relative to the folder of flows. */
export type Tree = ReadonlyMap<string, string>;

/** The repository's side of a comparison. */
export function treeOf({ flows, files }: FlowFolder): Tree {
  return new Map([
    ...flows.map(({ id, text }) => [`${id}.yaml`, endedByLine(text)] as const),
    ...files.map(({ path, text }) => [path.slice(1), text] as const),
  ]);
}

/** What is deployed, without what deploying added. Other files of the namespace are not ours to compare. */
export async function deployedTree(admin: KestraAdmin): Promise<Tree> {
  const [flows, paths] = await Promise.all([
    admin.flows(),
    Promise.all(OWNED_FOLDERS.map((folder) => admin.filesIn(folder))),
  ]);
  const entries = await Promise.all([
    ...flows.map(
      async ({ id }) => [`${id}.yaml`, await admin.flow(id).then((flow) => flow?.source)] as const,
    ),
    ...paths.flat().map(async (path) => [path.slice(1), await admin.file(path)] as const),
  ]);
  return new Map(
    entries.flatMap(([path, text]) =>
      text === undefined
        ? []
        : [[path, path.endsWith('.yaml') ? endedByLine(forRepository(text)) : text] as const],
    ),
  );
}

/** A unified diff from what is deployed to what is in the repository; empty when they are the same. */
export async function unifiedDiff(deployed: Tree, repository: Tree, { color = false } = {}): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'flows-diff-'));
  try {
    await Promise.all([
      writeTree(join(folder, 'deployed'), deployed),
      writeTree(join(folder, 'repository'), repository),
    ]);
    const options = ['--no-index', '--no-prefix', `--color=${color ? 'always' : 'never'}`];
    const { status, stdout, error } = spawnSync('git', ['diff', ...options, 'deployed', 'repository'], {
      cwd: folder,
      encoding: 'utf8',
      maxBuffer: 64 * 2 ** 20,
    });
    // 1 means "they differ".
    if (error || (status !== 0 && status !== 1))
      throw new Error('diff needs git on the path', { cause: error });
    return stdout;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function writeTree(folder: string, tree: Tree): Promise<void> {
  await mkdir(folder);
  for (const [path, text] of tree) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
}

/** Kestra may give a source back without its last line end. */
function endedByLine(text: string): string {
  return `${text.trimEnd()}\n`;
}
