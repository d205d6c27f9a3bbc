// The service `secrets` of docker-compose.test.yml: makes the throw-away secrets of the deployment, once, and says to Kestra
// and Postgres what they start with. All of it lies in a volume that only these services have.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readEnv } from '../../helpers/env.ts';
import { DATABASE_NAMES, type DatabaseName } from '../notion/schema.ts';
import { databaseIdOf } from '../notion/workspace.ts';
import { envFileOf } from '../env-file.ts';
import { flowEnvironment } from '../flow-environment.ts';
import { newSecrets, randomSecret, StackSecrets } from '../secrets.ts';
import { LISTEN } from './ports.ts';

/** Writes into `folder` what is not there yet, and the flows' environment anew. Given secrets stay as they are. */
export function prepareSecrets(folder: string, testingMinuteSeconds: number): StackSecrets {
  mkdirSync(folder, { recursive: true });
  const kept = join(folder, 'secrets.json');
  if (!existsSync(kept)) write(kept, JSON.stringify(newSecrets()));
  const secrets = readSecrets(folder);
  const password = join(folder, 'postgres-password');
  if (!existsSync(password)) write(password, randomSecret());

  const { ports } = LISTEN;
  const at = (port: number): string => `http://127.0.0.1:${port}`;
  const databases = Object.fromEntries(DATABASE_NAMES.map((name) => [name, databaseIdOf(name)]));
  const environment = flowEnvironment(secrets, {
    notion: { url: at(ports.notion), databases: databases as Record<DatabaseName, string> },
    resend: at(ports.resend),
    alerts: at(ports.alerts),
    testingMinuteSeconds,
    startedAt: new Date(),
  });
  write(
    join(folder, 'kestra.env'),
    envFileOf({
      ...environment,
      KESTRA_USER: secrets.user,
      KESTRA_PASSWORD: secrets.password,
      POSTGRES_PASSWORD: readFileSync(password, 'utf8'),
    }),
  );
  write(join(folder, 'login'), `${secrets.user}\n${secrets.password}\n`);
  return secrets;
}

/** The secrets that `prepareSecrets` left in `folder`. */
export const readSecrets = (folder: string): StackSecrets =>
  StackSecrets.parse(JSON.parse(readFileSync(join(folder, 'secrets.json'), 'utf8')));

// Each service is another user in its container; the volume is what keeps others out.
const write = (path: string, text: string): void => writeFileSync(path, text, { mode: 0o444 });

/** Where the volume is in each container. */
export const SECRETS_FOLDER = '/run/stack';

if (import.meta.filename === process.argv[1]) {
  prepareSecrets(SECRETS_FOLDER, readEnv().TESTING_MINUTE_SECONDS);
}
