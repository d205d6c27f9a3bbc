// npm run scan [-- FOLDER …]: looks for secrets in what is about to be published. Run it before every upload.
import { statSync } from 'node:fs';
import { readEnv } from '../../helpers/env.ts';
import { readArguments, runCommand, UsageError } from '../command-line.ts';
import { findsIn, tell } from './publication.ts';

const USAGE = `npm run scan [-- FOLDER …]

Looks for secrets in the folders that are about to be published; by default the reports, the committed captures, and the
logs of the last run's stack: engine, stand-ins, websites.
Looks for the values that the environment, .env and the last run's stack hold, and for what tokens, keys, logins and
hooks look like; as they are, escaped, in base64, gzip and zip, and nested. Names file and kind, never a value.

Exit code 1 when there is something: publish nothing then. 2 when a folder is not there.`;

async function main(args: string[]): Promise<number> {
  const { values, positionals } = readArguments({
    args,
    allowPositionals: true,
    options: { help: { type: 'boolean', short: 'h' } },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const missing = positionals.filter((folder) => !statSync(folder, { throwIfNoEntry: false })?.isDirectory());
  if (missing.length > 0) throw new UsageError(`No folder ${missing.join(', ')}: nothing was scanned.`);
  const reports = readEnv().FUNNEL_REPORTS ?? 'reports';
  const finds = findsIn(reports, positionals.length > 0 ? positionals : undefined);
  if (finds.length > 0) {
    console.error(`Secrets in what would be published, or in a log:\n${tell(finds)}`);
    return 1;
  }
  console.log(
    `No secret in ${positionals.length > 0 ? positionals.join(', ') : `${reports}, the captures and the logs`}.`,
  );
  return 0;
}

await runCommand(USAGE, main);
