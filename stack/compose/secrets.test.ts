import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'dotenv';
import { root } from '../paths.ts';
import { KESTRA_PORTS, LISTEN } from './ports.ts';
import { prepareSecrets } from './secrets.ts';

function prepared<T>(use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'compose-secrets-'));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const environmentIn = (folder: string): Record<string, string> =>
  parse(readFileSync(join(folder, 'kestra.env')));

test('Kestra starts with the login, the secrets and the addresses that the stand-ins will have', () => {
  prepared((folder) => {
    const secrets = prepareSecrets(folder, 5);
    const environment = environmentIn(folder);

    assert.equal(environment['KESTRA_PASSWORD'], secrets.password);
    assert.equal(environment['POSTGRES_PASSWORD'], readFileSync(join(folder, 'postgres-password'), 'utf8'));
    assert.equal(environment['ENV_NOTION_BASE_URL'], `http://127.0.0.1:${LISTEN.ports.notion}`);
    assert.equal(environment['ENV_TESTING_MINUTE_SECONDS'], '5');
    assert.equal(environment['SECRET_NOTION_TOKEN'], Buffer.from(secrets.notion.flows).toString('base64'));
    assert.match(readFileSync(join(folder, 'login'), 'utf8'), /^harness@funnel\.test\n\S+\n$/);
  });
});

test('a second start has the secrets of the first, which its database knows, and today’s environment', () => {
  prepared((folder) => {
    const first = prepareSecrets(folder, 5);
    const before = environmentIn(folder);
    rmSync(join(folder, 'kestra.env'));
    const second = prepareSecrets(folder, 60);

    assert.deepEqual(second, first);
    assert.deepEqual(environmentIn(folder), { ...before, ENV_TESTING_MINUTE_SECONDS: '60' });
  });
});

test('secrets of another shape are refused, and never replaced behind the database’s back', () => {
  prepared((folder) => {
    writeFileSync(join(folder, 'secrets.json'), '{}');

    assert.throws(() => prepareSecrets(folder, 5), /password/);
  });
});

test('the test deployment publishes just the ports on which its services listen', () => {
  const text = readFileSync(join(root, 'docker-compose.test.yml'), 'utf8');
  const published = [...text.matchAll(/- 127\.0\.0\.1:(\d+):\1$/gm)].map(([, port]) => Number(port));

  assert.deepEqual(
    new Set(published),
    new Set([...Object.values(KESTRA_PORTS), ...Object.values(LISTEN.ports)]),
  );
});
