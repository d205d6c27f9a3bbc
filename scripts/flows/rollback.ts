import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { table } from '../../helpers/table.ts';
import type { KestraTransport } from '../../helpers/clients/kestra-transport.ts';
import { root } from '../../stack/paths.ts';
import { deploy, type FlowOutcome } from './deploy.ts';
import { KestraAdmin } from './kestra-admin.ts';
import { commitOf, ownershipOf } from './ownership.ts';
import { readFlowFolder, SOURCE_NAMESPACE } from './source.ts';
import type { Checked } from './validate.ts';

export interface Place {
  transport: KestraTransport;
  namespace: string;
}

/** What a deployment can be rolled back to: each of its flows with its revisions and their commits. */
export async function revisionsText({ transport, namespace }: Place): Promise<string> {
  const admin = new KestraAdmin(transport, namespace);
  const [owned, flows] = await Promise.all([ownershipOf(admin), admin.flows()]);
  const rows = await Promise.all(
    flows
      .filter((flow) => owned.flow(flow))
      .map(async ({ id, revision: now }) =>
        (await admin.revisions(id)).map((one) => [
          id,
          String(one.revision),
          commitOf(one) ?? 'not of a deployment',
          one.revision === now ? 'in use' : '',
        ]),
      ),
  );
  if (rows.length === 0) return `Nothing is deployed in ${namespace}.`;
  return table(['flow', 'revision', 'commit', ''], rows.flat());
}

/**
 * Gives one flow the text of an earlier revision, which Kestra then counts as a new one. Files and settings stay as they
 * are. Throws when the flow is not ours, or has no such revision that a deployment put there.
 */
export async function rollBackFlow(
  { transport, namespace }: Place,
  id: string,
  revision: number,
  { yes }: { yes: boolean },
): Promise<string> {
  const admin = new KestraAdmin(transport, namespace);
  const [owned, flow] = await Promise.all([ownershipOf(admin), admin.flow(id)]);
  if (!flow || !owned.flow(flow)) throw new Error(`${namespace} has no flow ${id} that deploying put there.`);
  const wanted = await admin.revision(id, revision);
  const commit = wanted && commitOf(wanted);
  if (!wanted || commit === undefined) {
    const usable = (await admin.revisions(id)).filter((one) => commitOf(one) !== undefined);
    throw new Error(
      `--revision: ${id} has no revision ${revision} of a deployment in ${namespace}; there are ${usable.map((one) => one.revision).join(', ')}.`,
    );
  }
  if (wanted.source.trim() === flow.source.trim()) {
    return `${id} has the text of revision ${revision} already: nothing was changed.`;
  }
  const what = `${id} of ${namespace}: from revision ${flow.revision} (commit ${commitOf(flow)}) to the text of revision ${revision} (commit ${commit})`;
  if (!yes) return `To be rolled back with --yes: ${what}`;
  const { revision: now } = await admin.putFlow(id, wanted.source);
  return `Rolled back: ${what}, which is now revision ${now}. Files and settings are as they were.`;
}

/** What one commit of this checkout's repository had in its folder of flows. Throws when that is not to be had. */
export async function folderOfCommit(commit: string, repository: string = root): Promise<Checked> {
  if (!/^[0-9a-f]{7,40}$/.test(commit)) {
    const fault = /^[0-9a-f]+-changed$/.test(commit)
      ? ` ${commit}: it was deployed from a checkout with changes that no commit has`
      : `: ${commit.length} characters that are no commit's hash`;
    throw new Error(`--commit${fault}. Roll back flow by flow with --flow and --revision.`);
  }
  const git = (...args: string[]): string =>
    execFileSync('git', args, {
      cwd: repository,
      encoding: 'utf8',
      maxBuffer: 2 ** 26,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  let paths: string[];
  try {
    paths = git('ls-tree', '-r', '-z', '--full-tree', '--name-only', commit, `flows/${SOURCE_NAMESPACE}/`)
      .split('\0')
      .filter(Boolean);
  } catch (cause) {
    throw new Error(`--commit ${commit}: this checkout does not know it. Fetch it with git first.`, {
      cause,
    });
  }
  const folder = await mkdtemp(join(tmpdir(), 'flows-of-commit-'));
  try {
    for (const path of paths) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), git('show', `${commit}:${path}`));
    }
    // The rules of today are not asked: these flows ran, and Kestra itself still judges them.
    return { folder: await readFlowFolder(join(folder, 'flows', SOURCE_NAMESPACE)), findings: [] };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/**
 * Deploys flows and files as they were at a commit. Mode, databases, ledger and all other settings stay; so do flows
 * that came after, which are named. Throws when nothing is deployed there.
 */
export async function rollBackTo(
  { transport, namespace }: Place,
  commit: string,
  folder: Checked,
  { yes, say = () => undefined }: { yes: boolean; say?: (line: string) => void },
): Promise<FlowOutcome[]> {
  const admin = new KestraAdmin(transport, namespace);
  const [owned, present] = await Promise.all([ownershipOf(admin), admin.flows()]);
  const ours = present.filter((flow) => owned.flow(flow));
  if (ours.length === 0)
    throw new Error(`Nothing is deployed in ${namespace}: there is nothing to roll back.`);
  const ids = new Set(folder.folder.flows.map(({ id }) => id));
  for (const { id } of ours) if (!ids.has(id)) say(`${id} came after ${commit}: it stays as it is`);
  if (!yes) {
    const commits = [...new Set(ours.map((flow) => commitOf(flow)))].join(', ');
    say(
      `To be rolled back with --yes: ${namespace}, from commit ${commits} to ${commit}, ${ids.size} flows and ${folder.folder.files.length} files. Settings stay.`,
    );
    return [];
  }
  const { flows } = await deploy({
    transport,
    namespace,
    folder,
    commit,
    testing: false,
    progress: say,
  });
  return flows;
}
