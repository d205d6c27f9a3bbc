import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { KestraTransport } from '../../helpers/clients/kestra-transport.ts';
import { inheritedEnv } from '../../helpers/env.ts';
import { root } from '../../stack/paths.ts';
import type { StackFile } from '../../stack/stack-file.ts';
import { deploy } from '../flows/deploy.ts';
import type { FlowFolder } from '../flows/source.ts';
import { changes, mutated, mutatedSite, type Mutant, type SiteFiles } from './mutant.ts';
import { type Sites, startSites, visits } from './site.ts';
import { type Ending, endingsIn, failuresIn, type Fate, fateOf, isRed } from './verdict.ts';

/** Each costs seconds of CPU to start, and a generated mutant's run ends at the first test that fails. */
const WORKERS = { named: 3, generated: 1 };

export interface Trial {
  mutant: Mutant;
  fate: Fate;
  endings: Ending[];
  /** Why it could not be deployed or run. */
  trouble?: string;
  tookMs: number;
}

/** What can be changed. */
export interface Sources {
  flows: FlowFolder;
  site: SiteFiles;
}

/** Deploys one mutant in both modes, runs its specs against it, takes it away again, and says what became of it. */
export async function tryMutant(
  mutant: Mutant,
  sources: Sources,
  stack: StackFile,
  folder: string,
): Promise<Trial> {
  const begun = Date.now();
  const trial = (fate: Fate, endings: Ending[], trouble?: string): Trial => ({
    mutant,
    fate,
    endings,
    ...(trouble === undefined ? {} : { trouble }),
    tookMs: Date.now() - begun,
  });
  const changed = mutated(sources.flows, mutant);
  const changesIn = changes(mutant);
  const own = join(folder, mutant.id);
  const generated = mutant.killed_by === undefined;
  const unit = generated ? await tryByFlowTests(mutant, sources.flows, join(own, 'tests')) : undefined;
  if (unit) return unit;
  try {
    const endings = await runDeployed(
      { id: mutant.id, flows: changed, site: mutatedSite(sources.site, mutant), changed: changesIn },
      mutant.specs,
      stack,
      own,
      generated ? { workers: WORKERS.generated, maxFailures: 1 } : { workers: WORKERS.named, maxFailures: 0 },
    );
    return trial(fateOf(mutant, endings), endings);
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    return trial(error instanceof NotDeployed ? 'not deployed' : 'not run', [], said);
  }
}

/** A mutant of a Python module that the flows' own tests notice; undefined when they do not, or it is of another kind. */
export async function tryByFlowTests(
  mutant: Mutant,
  flows: FlowFolder,
  folder: string,
): Promise<Trial | undefined> {
  if (!mutant.edits.some(({ file }) => file.endsWith('.py'))) return undefined;
  const begun = Date.now();
  const endings = await runFlowTests(mutated(flows, mutant), folder);
  return endings.length > 0 ? { mutant, fate: 'killed', endings, tookMs: Date.now() - begun } : undefined;
}

class NotDeployed extends Error {}

/** What stands behind specs: a copy of the flows, when they were changed, and a copy of the website, when a spec visits it. */
export interface Deployed {
  id: string;
  flows: FlowFolder;
  site: SiteFiles;
  changed: { flows: boolean; site: boolean };
}

/**
 * Deploys flows in both modes, as the stack does, starts the sites before them, runs spec files against them, takes them
 * away again, and tells how each test ended. Throws NotDeployed with Kestra's or the site's reason.
 */
export async function runDeployed(
  { id, flows, site, changed }: Deployed,
  specs: readonly string[],
  stack: StackFile,
  folder: string,
  limits: Limits,
): Promise<Ending[]> {
  await writeFolder(flows, join(folder, 'flows'));
  const name = id.replaceAll('-', '_').slice(0, 40);
  const namespaces = changed.flows
    ? { production: `christmas.m_${name}`, testing: `christmas.m_${name}.testing` }
    : stack.namespaces;
  const { kestra, notion, commit } = stack;
  const transport = new KestraTransport(kestra);
  const deployed: string[] = [];
  const file = join(folder, 'stack.json');
  const about = { ...stack, namespaces, flowsFolder: join(folder, 'flows'), kept: false };
  let sites: Sites | undefined;
  try {
    try {
      for (const [mode, namespace] of changed.flows ? Object.entries(namespaces) : []) {
        deployed.push(namespace);
        await deploy({
          transport,
          namespace,
          testing: mode === 'testing',
          alerts: mode === 'testing',
          // What the repository's own rules would say of it is not asked: here the specs have to notice.
          folder: { folder: flows, findings: [] },
          commit,
          notion,
          local: true,
          unasked: true,
        });
      }
      if (changed.site || specs.some(visits)) sites = await startSites(id, site, about, folder);
    } catch (error) {
      throw new NotDeployed(error instanceof Error ? error.message : String(error), { cause: error });
    }
    await writeFile(file, JSON.stringify({ ...about, ...sites?.about }), { mode: 0o600 });
    const endings: Ending[] = [];
    for (const stage of stagesOf(specs, limits)) {
      endings.push(...(await runSpecs(stage, file, folder, limits)));
      if (limits.maxFailures > 0 && endings.some(isRed)) break;
    }
    return endings;
  } finally {
    await sites?.stop();
    await takeAway(transport, deployed, flows);
  }
}

interface Limits {
  workers: number;
  /** After so many failures no further test begins; 0 for all. */
  maxFailures: number;
}

/** Playwright runs files by their names, so the one that notices most goes alone where the first failure ends a run. */
const stagesOf = (specs: readonly string[], { maxFailures }: Limits): (readonly string[])[] =>
  maxFailures > 0 && specs.length > 1 ? [specs.slice(0, 1), specs.slice(1)] : [specs];

/** Runs the flows' own tests on a changed copy of the flows; those that failed. */
export async function runFlowTests(changed: FlowFolder, folder: string): Promise<Ending[]> {
  await writeFolder(changed, join(folder, 'christmas'));
  await cp(join(root, 'flows/tests'), join(folder, 'tests'), { recursive: true });
  const child = spawn('python3', ['-m', 'unittest', 'discover', '-f', '-s', 'tests', '-t', '.'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: inheritedEnv({ PYTHONDONTWRITEBYTECODE: '1' }),
    timeout: 60_000,
  });
  const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'close')]);
  await rm(folder, { recursive: true, force: true });
  const failures = failuresIn(said);
  if (code !== 0 && failures.length === 0)
    throw new Error(`The flows' tests did not end: ${said.trim().split('\n').at(-1)}`);
  return failures;
}

async function runSpecs(
  specs: readonly string[],
  stackFile: string,
  folder: string,
  { workers, maxFailures }: Limits,
): Promise<Ending[]> {
  await mkdir(folder, { recursive: true });
  const log = createWriteStream(join(folder, 'run.log'));
  const child = spawn(
    process.execPath,
    [
      join(root, 'node_modules/@playwright/test/cli.js'),
      'test',
      '--project=funnel',
      `--workers=${workers}`,
      `--max-failures=${maxFailures}`,
      ...specs,
    ],
    {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: inheritedEnv({ FUNNEL_REPORTS: folder, FUNNEL_TOTALS: 'later', FUNNEL_STACK_FILE: stackFile }),
    },
  );
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  await once(child, 'close');
  log.end();
  const endings = endingsIn(JSON.parse(await readFile(join(folder, 'results.json'), 'utf8')));
  if (endings.length === 0) {
    const said = await readFile(join(folder, 'run.log'), 'utf8');
    throw new Error(`No test ran: ${said.trim().split('\n').at(-1) ?? 'nothing was said'}`);
  }
  return endings;
}

async function writeFolder({ flows, files }: FlowFolder, to: string): Promise<void> {
  const all = [
    ...flows.map(({ id, text }) => ({ path: `${id}.yaml`, text })),
    ...files.map(({ path, text }) => ({ path: path.slice(1), text })),
  ];
  for (const { path, text } of all) {
    await mkdir(dirname(join(to, path)), { recursive: true });
    await writeFile(join(to, path), text);
  }
}

/** Its waiting mails go with their flows: a killed engine ends with the run. */
async function takeAway(
  transport: KestraTransport,
  namespaces: readonly string[],
  { flows }: FlowFolder,
): Promise<void> {
  const paths = namespaces.flatMap((namespace) =>
    flows.map(({ id }) => `/api/v1/main/flows/${namespace}/${id}`),
  );
  await Promise.allSettled(paths.map((path) => transport.text(path, { method: 'DELETE' })));
}
