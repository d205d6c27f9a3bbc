import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ServerEnv } from '../../helpers/env.ts';
import { writeEnvFile } from '../../stack/env-file.ts';
import { randomSecret } from '../../stack/secrets.ts';

export interface Written {
  file: string;
  outcome: 'written' | 'kept';
}

/**
 * Writes what the server itself is guarded by into files of `folder` for this user's eyes alone: Kestra's login as given,
 * and passwords that nobody need know. Those are kept once they are there, since Postgres and the store know them.
 */
export function writeServerSecrets(folder: string, env: ServerEnv): Written[] {
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o700);
  const put = (name: string, variables: Record<string, string>, always = false): Written => {
    const file = join(folder, name);
    const keeps = !always && existsSync(file);
    if (keeps) chmodSync(file, 0o600);
    else writeEnvFile(file, variables);
    return { file, outcome: keeps ? 'kept' : 'written' };
  };
  const { KESTRA_USER, KESTRA_PASSWORD, S3_ACCESS_KEY, S3_SECRET_KEY } = env;
  return [
    put('server.env', { KESTRA_USER, KESTRA_PASSWORD }, true),
    put('postgres.env', { POSTGRES_PASSWORD: randomSecret() }),
    S3_ACCESS_KEY !== undefined && S3_SECRET_KEY !== undefined
      ? put('s3.env', { S3_ACCESS_KEY, S3_SECRET_KEY }, true)
      : put('s3.env', { S3_ACCESS_KEY: randomSecret(), S3_SECRET_KEY: randomSecret() }),
  ];
}
