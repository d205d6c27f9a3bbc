import { join, relative } from 'node:path';
import { readServerEnv } from '../../helpers/env.ts';
import { root } from '../../stack/paths.ts';
import { readArguments, runCommand } from '../command-line.ts';
import { writeServerSecrets } from './server-secrets.ts';

const USAGE = `Usage: npm run server-secrets

Writes into .secrets/, with mode 600, what docker-compose.prod.yml guards the server with: Kestra's login as KESTRA_USER
and KESTRA_PASSWORD have it (.env), a new password of Postgres, and the keys of the store. What Postgres and the store
know already stays as it is. Nothing is printed but the files' names.`;

await runCommand(USAGE, async (args) => {
  const { values } = readArguments({ args, options: { help: { type: 'boolean', short: 'h' } } });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  for (const { file, outcome } of writeServerSecrets(join(root, '.secrets'), readServerEnv())) {
    console.log(`${relative(root, file)}: ${outcome}`);
  }
  return 0;
});
