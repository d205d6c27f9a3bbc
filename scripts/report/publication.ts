import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { secretVariables } from '../../helpers/env.ts';
import { recallRun } from '../../helpers/last-run.ts';
import { secretsOf } from '../../helpers/target.ts';
import { root } from '../../stack/paths.ts';
import { type Find, findSecrets, findSecretsInLogs, type Secret, SHORTEST_SECRET } from './secrets.ts';

/** Committed answers of the services; they are published with the repository. */
const CAPTURES = join(root, 'specs/captures');

/** Every secret this process can know: of the stack whose run is in `reports`, and of the environment. */
function knownSecrets(reports: string): Secret[] {
  const stack = recallRun(reports);
  const ofStack = stack ? secretsOf(stack).map((value) => ({ name: 'a secret of the stack', value })) : [];
  const ofEnvironment = Object.entries(secretVariables()).map(([name, value]) => ({ name, value }));
  for (const { name } of ofEnvironment.filter(({ value }) => value.length < SHORTEST_SECRET)) {
    console.warn(`${name} has fewer than ${SHORTEST_SECRET} characters, so no report is searched for it.`);
  }
  return [...ofStack, ...ofEnvironment];
}

/**
 * What would be published and must not be; other runs' folders below `reports` are theirs to scan. Where nothing is named,
 * also what must not be in the logs of the last run's stack: people send them to each other.
 */
export function findsIn(reports: string, folders?: readonly string[]): Find[] {
  const secrets = knownSecrets(reports);
  const others = new RegExp(`^${reports}/run-\\d+/`);
  if (folders) return findSecrets(folders, secrets, others);
  const stack = recallRun(reports);
  return [
    ...findSecrets([reports, CAPTURES], secrets, others),
    ...(stack ? findSecretsInLogs(stack.logFolder, secrets) : []),
  ];
}

/** Each find in a line: where, and what it is. Never the value. */
export const tell = (finds: readonly Find[]): string =>
  finds.map(({ where, what }) => `  ${where}: ${what}`).join('\n');

/** Throws when anything that would be published holds a secret, and removes the report before anybody can publish it. */
export function refuseSecrets(reports: string): void {
  const finds = findsIn(reports);
  if (finds.length === 0) return;
  rmSync(join(reports, 'allure-report'), { recursive: true, force: true });
  throw new Error(`Secrets in what would be published, or in a log:\n${tell(finds)}\nNothing is published.`);
}
