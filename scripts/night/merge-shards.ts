// npm run merge-shards [-- folder…]: one run's files in reports/ of those that its parts wrote.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { reportsFolder } from '../../helpers/reports-folder.ts';
import { readArguments, runCommand, UsageError } from '../command-line.ts';
import { mergeParts } from './merge.ts';

const USUAL = 'parts';
const USAGE = `Usage: npm run merge-shards [-- folder…]

Makes reports/ of the files that parts of one run wrote, each into a folder of its own; without a folder, of those in
${USUAL}/. What lay in reports/ before is replaced.`;

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
  const parts = positionals.length > 0 ? positionals : foldersIn(USUAL);
  const absent = parts.filter((part) => !existsSync(part));
  if (parts.length === 0 || absent.length > 0)
    throw new UsageError(`No such folder: ${absent.join(', ') || `${USUAL}/*`}`);
  const reports = reportsFolder();
  mergeParts(parts, reports);
  console.log(`${reports} is made of ${parts.join(', ')}`);
  return Promise.resolve(0);
}

const foldersIn = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map(({ name }) => join(folder, name))
        .toSorted()
    : [];

await runCommand(USAGE, main);
