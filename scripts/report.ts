// Makes reports/allure-report of the last run's results, and publishes nothing that holds a secret or calls out.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inheritedEnv, readEnv, readNightEnv } from '../helpers/env.ts';
import { properties } from '../helpers/last-run.ts';
import { readOutage } from '../helpers/outage-file.ts';
import { root } from '../stack/paths.ts';
import { currentCommit } from '../stack/version.ts';
import { readVerdict } from './night/night-of.ts';
import type { Verdict } from './night/verdict.ts';
import { labelDefects } from './report/defects.ts';
import { makeOffline } from './report/offline.ts';
import { refuseSecrets } from './report/publication.ts';
import { bringTrends, trendsFile } from './report/trends.ts';

const reports = readEnv().FUNNEL_REPORTS ?? 'reports';
const results = join(reports, 'allure-results');
const report = join(reports, 'allure-report');
const page = join(report, 'index.html');

function main(): void {
  if (!existsSync(results)) throw new Error(`No results in ${results}: run the suite first (npm run e2e).`);
  const { NIGHT_FOLDER } = readNightEnv();
  const verdict = readVerdict(reports, NIGHT_FOLDER);
  describeRun(verdict);
  labelDefects(results, readOutage(reports));
  bringTrends(NIGHT_FOLDER, reports, new Date(verdict.startedAt));
  refuseSecrets(reports);
  rmSync(report, { recursive: true, force: true });
  generate();
  writeFileSync(page, makeOffline(readFileSync(page, 'utf8')));
  refuseSecrets(reports);
  console.log(`Report: ${page} (opens from disk)`);
}

/** Adds what the run itself could not know to what it noted about its stack. */
function describeRun({ gates, outages }: Verdict): void {
  const file = join(results, 'environment.properties');
  const noted = existsSync(file)
    ? readFileSync(file, 'utf8')
    : properties({ Target: 'none, no spec used one' });
  const own = properties({
    'Suite commit': currentCommit(),
    Node: process.version,
    ...Object.fromEntries(outages.map(({ service, what }) => [`Outage of ${service}`, what])),
    ...Object.fromEntries(
      gates.map(({ tag, days, owner, tests }) => [
        `Gate ${tag.replace('@blocked:', '')}`,
        `${days} days, ${tests} tests, ${owner} owes it`,
      ]),
    ),
  });
  if (!noted.includes(own)) writeFileSync(file, noted + own);
}

function generate(): void {
  const { NIGHT_FOLDER, NIGHTS_KEPT } = readNightEnv();
  // Allure takes no path of a history on its command line.
  const settings =
    NIGHT_FOLDER === undefined
      ? {}
      : { historyPath: resolve(trendsFile(reports)), historyLimit: NIGHTS_KEPT };
  const config = join(reports, 'allurerc.mjs');
  const base = pathToFileURL(join(root, 'allurerc.mjs')).href;
  writeFileSync(
    config,
    `import base from ${JSON.stringify(base)};\nexport default { ...base, ...${JSON.stringify(settings)} };\n`,
  );
  const cli = join(root, 'node_modules/allure/cli.js');
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [cli, 'generate', results, '--config', resolve(config), '--output', report],
    { env: inheritedEnv(), encoding: 'utf8' },
  );
  rmSync(config);
  if (status !== 0 || !existsSync(page)) throw new Error(`Allure made no report:\n${stdout}${stderr}`);
}

try {
  main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
