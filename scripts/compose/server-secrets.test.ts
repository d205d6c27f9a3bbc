import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'dotenv';
import { readServerEnv } from '../../helpers/env.ts';
import { root } from '../../stack/paths.ts';
import { writeServerSecrets } from './server-secrets.ts';

const LOGIN = { KESTRA_USER: 'operator@kestra.example', KESTRA_PASSWORD: 'Correct$Horse1' };

function inFolder(use: (folder: string, read: (name: string) => Record<string, string>) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'server-secrets-'));
  try {
    use(folder, (name) => parse(readFileSync(join(folder, name))));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('the files that the compose files of production name are written, for this user alone', () => {
  const compose = ['prod', 'distributed'].map((name) =>
    readFileSync(join(root, `docker-compose.${name}.yml`), 'utf8'),
  );
  const named = new Set(
    [...compose.join('').matchAll(/\.secrets\/([a-z0-9]+\.env)$/gm)].map(([, file]) => file),
  );
  named.delete('kestra.env'); // by `npm run secrets`

  inFolder((folder, read) => {
    const written = writeServerSecrets(folder, LOGIN);

    assert.deepEqual(new Set(readdirSync(folder)), named);
    assert.ok(written.every(({ outcome }) => outcome === 'written'));
    assert.deepEqual(read('server.env'), LOGIN);
    for (const name of readdirSync(folder))
      assert.equal(statSync(join(folder, name)).mode & 0o777, 0o600, name);
    assert.equal(statSync(folder).mode & 0o777, 0o700);
  });
});

test('what Postgres and the store know stays, a login is taken anew, and eyes are shut again', () => {
  inFolder((folder, read) => {
    writeServerSecrets(folder, LOGIN);
    const before = { postgres: read('postgres.env'), s3: read('s3.env') };
    for (const name of ['postgres.env', 'server.env']) chmodSync(join(folder, name), 0o644);
    const again = writeServerSecrets(folder, { ...LOGIN, KESTRA_PASSWORD: 'Another-Horse2' });

    assert.deepEqual(
      again.map(({ outcome }) => outcome),
      ['written', 'kept', 'kept'],
    );
    assert.deepEqual({ postgres: read('postgres.env'), s3: read('s3.env') }, before);
    assert.equal(read('server.env')['KESTRA_PASSWORD'], 'Another-Horse2');
    for (const name of readdirSync(folder))
      assert.equal(statSync(join(folder, name)).mode & 0o777, 0o600, name);
  });
});

test("a provider's keys are taken as they are", () => {
  inFolder((folder, read) => {
    writeServerSecrets(folder, LOGIN);
    writeServerSecrets(folder, { ...LOGIN, S3_ACCESS_KEY: 'access', S3_SECRET_KEY: 'hidden' });

    assert.deepEqual(read('s3.env'), { S3_ACCESS_KEY: 'access', S3_SECRET_KEY: 'hidden' });
  });
});

test('a login that Kestra would not take is refused with every fault and no value', () => {
  const refused = (variables: Record<string, string>): string => {
    try {
      readServerEnv(variables);
      return 'taken';
    } catch (error) {
      return String(error);
    }
  };

  assert.match(refused({}), /KESTRA_USER: missing\n {2}KESTRA_PASSWORD: missing/);
  const weak = refused({ KESTRA_USER: 'admin', KESTRA_PASSWORD: 'hunter' });
  assert.match(weak, /KESTRA_USER: .*\n {2}KESTRA_PASSWORD: at least 8 characters/);
  assert.doesNotMatch(weak, /hunter|admin/);
  assert.match(refused({ ...LOGIN, KESTRA_PASSWORD: 'Correct${KESTRA_USER}1' }), /KESTRA_PASSWORD: at least/);
  assert.match(refused({ ...LOGIN, S3_ACCESS_KEY: 'a' }), /S3_ACCESS_KEY, S3_SECRET_KEY: both or neither/);
  assert.equal(refused(LOGIN), 'taken');
});
