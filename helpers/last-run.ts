import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { stackFolder } from '../stack/paths.ts';
import type { Target } from './target.ts';
import { StackFile } from '../stack/stack-file.ts';

/**
 * A run's own stack is gone when its report is made, but the report has to name it and must hold none of its
 * secrets. So a copy of its file is kept, outside of what is published.
 */
export function rememberRun(stack: StackFile, reports: string): void {
  write(fileFor(reports), JSON.stringify(stack));
  write(join(reports, 'allure-results/environment.properties'), propertiesOf(stack));
}

/** Says in the report what a run's target is, where there is no stack of ours to remember. */
export function describeTarget(target: Target, reports: string): void {
  const { name, kestra, namespaces, testingMinuteMs, mail, commit, mark = 'none' } = target;
  const facts = factsOf({
    kestra,
    namespaces,
    testingMinuteSeconds: testingMinuteMs / 1_000,
    testMailbox: mail.testMailbox,
    commit,
  });
  const file = join(reports, 'allure-results/environment.properties');
  write(file, properties({ ...facts, Target: name, 'Kestra at': kestra.url, Run: mark }));
}

type Described = Pick<StackFile, 'namespaces' | 'testingMinuteSeconds' | 'testMailbox' | 'commit'> & {
  kestra: { version: string };
};

/** What the report says of the stack its tests ran on. */
const propertiesOf = (stack: StackFile): string => properties(factsOf(stack));

const factsOf = ({ kestra, namespaces, testingMinuteSeconds, testMailbox, commit }: Described) => ({
  Target: 'local',
  Kestra: kestra.version,
  'Flows commit': commit,
  'Production delays': `namespace ${namespaces.production}`,
  TESTING_MODE: `namespace ${namespaces.testing}`,
  'Testing minute': `${testingMinuteSeconds} s`,
  'Test mailbox': testMailbox,
});

/** Java's format, in which a space ends a name unless it is escaped. */
export const properties = (facts: Record<string, string>): string =>
  Object.entries(facts)
    .map(([name, value]) => `${name.replaceAll(' ', '\\ ')} = ${value}\n`)
    .join('');

/** Several workers note the same run at once: each writes its own draft, and the last one stays. */
function write(file: string, content: string): void {
  const draft = join(stackFolder, 'last-run', `draft-${process.pid}`);
  mkdirSync(dirname(draft), { recursive: true });
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(draft, content, { mode: 0o600 });
  renameSync(draft, file);
}

/** The stack of the run whose results lie in `reports`; undefined when none of its tests used one. */
export function recallRun(reports: string): StackFile | undefined {
  try {
    // One that does not parse was left by other code than this, so by another run.
    return StackFile.safeParse(JSON.parse(readFileSync(fileFor(reports), 'utf8'))).data;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

const fileFor = (reports: string) =>
  join(stackFolder, 'last-run', `${reports.replaceAll(/[^\w-]+/g, '_')}.json`);
