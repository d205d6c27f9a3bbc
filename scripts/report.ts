// Makes reports/allure-report of the last run's results, and publishes nothing that holds a secret or calls out.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { attachedTarget } from '../helpers/attached.ts';
import { inheritedEnv, readEnv } from '../helpers/env.ts';
import { properties, recallRun } from '../helpers/last-run.ts';
import { secretsOf } from '../helpers/target.ts';
import { root } from '../stack/paths.ts';
import { currentCommit } from '../stack/version.ts';
import { makeOffline } from './report/offline.ts';
import { filesWithSecrets } from './report/secrets.ts';

const reports = readEnv().FUNNEL_REPORTS ?? 'reports';
const results = join(reports, 'allure-results');
const report = join(reports, 'allure-report');
const page = join(report, 'index.html');

function main(): void {
  if (!existsSync(results)) throw new Error(`No results in ${results}: run the suite first (npm run e2e).`);
  describeRun();
  refuseSecrets();
  rmSync(report, { recursive: true, force: true });
  generate();
  writeFileSync(page, makeOffline(readFileSync(page, 'utf8')));
  refuseSecrets();
  console.log(`Report: ${page} (opens from disk)`);
}

/** Adds what the run itself could not know to what it noted about its stack. */
function describeRun(): void {
  const file = join(results, 'environment.properties');
  const noted = existsSync(file)
    ? readFileSync(file, 'utf8')
    : properties({ Target: 'none, no spec used one' });
  const own = properties({ 'Suite commit': currentCommit(), Node: process.version });
  if (!noted.includes(own)) writeFileSync(file, noted + own);
}

function generate(): void {
  const cli = join(root, 'node_modules/allure/cli.js');
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [cli, 'generate', results, '--config', join(root, 'allurerc.mjs'), '--output', report],
    { env: inheritedEnv(), encoding: 'utf8' },
  );
  if (status !== 0 || !existsSync(page)) throw new Error(`Allure made no report:\n${stdout}${stderr}`);
}

/** A report with a secret in it is removed before anybody can publish it. */
function refuseSecrets(): void {
  const secrets = secretsOfRun();
  if (secrets.length === 0) return; // no test used a stack, so none of its secrets can be in the results
  const otherRuns = new RegExp(`^${reports}/run-\\d+/`);
  const files = filesWithSecrets(reports, secrets, otherRuns);
  if (files.length === 0) return;
  rmSync(report, { recursive: true, force: true });
  throw new Error(`A secret of the run is in:\n${files.join('\n')}\nNothing is published.`);
}

/** Of the stack, or of the target that the environment names. */
function secretsOfRun(): readonly string[] {
  const env = readEnv();
  if (env.TARGET === 'homelab') return attachedTarget(env).secrets;
  const stack = recallRun(reports);
  return stack ? secretsOf(stack) : [];
}

try {
  main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
