// npm run suite [-- arguments for Playwright]: the night's part of the suite. Ends by what it has shown: 0, 1, or 75.
import { readNightEnv, wholeEnv } from '../../helpers/env.ts';
import { reportsFolder } from '../../helpers/reports-folder.ts';
import { runCommand as runShell } from '../steps.ts';
import { readVerdict } from './night-of.ts';
import { headline } from './texts.ts';
import { EXIT } from './verdict.ts';

const NIGHTLY = ['--grep', '@night'];

const given = process.argv.slice(2);
const { SHARD, NIGHT_FOLDER } = readNightEnv();
const reports = reportsFolder();
const { code } = await runShell(
  'playwright test',
  'output',
  [...(given.length > 0 ? given : NIGHTLY), ...(SHARD ? [`--shard=${SHARD}`] : [])],
  wholeEnv(),
);
const verdict = readVerdict(reports, NIGHT_FOLDER);
console.log(`\n${headline(verdict)}`);
// A run that Playwright calls failed is never green, whatever its results say.
process.exitCode = verdict.state === 'green' ? code : EXIT[verdict.state];
