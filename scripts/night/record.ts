// npm run record: keeps the last run as a night, in NIGHT_FOLDER: its line, its place in the trends, its report on the site.
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { readNightEnv } from '../../helpers/env.ts';
import { reportsFolder } from '../../helpers/reports-folder.ts';
import { trendsFile } from '../report/trends.ts';
import { historyFile, keepNight } from './history.ts';
import { readVerdict } from './night-of.ts';
import { linkTo, publish } from './site.ts';

const { NIGHT_FOLDER, NIGHTS_KEPT, REPORT_URL } = readNightEnv();
const reports = reportsFolder();
if (NIGHT_FOLDER === undefined) {
  console.log('NIGHT_FOLDER is not set (see .env.example): nothing of this night is kept.');
} else {
  const verdict = readVerdict(reports, NIGHT_FOLDER);
  mkdirSync(NIGHT_FOLDER, { recursive: true });
  keepNight(NIGHT_FOLDER, verdict.night, NIGHTS_KEPT);
  const kept = [historyFile(NIGHT_FOLDER)];
  // What fails with a service that is gone says nothing of the tests: such a night has no place in their trends.
  const trends = trendsFile(reports);
  if (verdict.state !== 'outage' && existsSync(trends)) copyFileSync(trends, trendsFile(NIGHT_FOLDER));
  const report = join(reports, 'allure-report');
  if (existsSync(join(report, 'index.html'))) {
    const site = join(NIGHT_FOLDER, 'site');
    publish(report, site, verdict, NIGHTS_KEPT);
    kept.push(linkTo(verdict, { REPORT_URL }) ?? site);
  }
  console.log(`Kept: ${kept.join(', ')}`);
}
