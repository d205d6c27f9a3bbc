import assert from 'node:assert/strict';
import { chmodSync, copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { parse } from 'dotenv';
import { z } from 'zod';
import { type Docker, startDockerEngine } from './docker-engine.ts';
import type { EngineOptions } from './engine.ts';
import { root } from './paths.ts';

const Call = z.object({ command: z.string(), args: z.array(z.string()), variables: z.array(z.string()) });

const SECRET = 'K1-throw-away';
let folder: string;
let options: EngineOptions;
let docker: Docker;

const calls = (): Array<z.infer<typeof Call>> =>
  readFileSync(join(folder, 'calls.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => Call.parse(JSON.parse(line)));

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'docker-engine-'));
  docker = { command: join(folder, 'docker'), variables: { FAKE_DOCKER_FOLDER: folder } };
  copyFileSync(join(root, 'stack/fake-docker.mjs'), docker.command);
  chmodSync(docker.command, 0o755);
  options = {
    folder,
    dataFolder: join(folder, 'data'),
    database: 'memory',
    user: 'harness@funnel.test',
    password: SECRET,
    flowEnvironment: { SECRET_NOTION_TOKEN: 'bnRu', ENV_RESEND_FROM: 'Campaign <a@b.test>' },
  };
});

afterEach(() => rmSync(folder, { recursive: true }));

const dockerWith = (name: 'FAILS' | 'VERSION', value: string): Docker => ({
  ...docker,
  variables: { ...docker.variables, [`FAKE_DOCKER_${name}`]: value },
});

test('starts the test deployment’s Kestra, waits until it answers, and removes all of it', async () => {
  const engine = await startDockerEngine(options, docker);
  assert.equal(engine.version, '1.3.31');
  await engine.stop();
  await engine.ended;

  const commands = calls().map(({ command }) => command);
  assert.deepEqual(
    // The log is followed by a process of its own, beside the others.
    commands.filter((command) => command !== 'compose logs'),
    ['compose version', 'version', 'compose down', 'compose pull', 'compose up', 'compose down'],
  );
  assert.ok(commands.includes('compose logs'));
  const up = calls().find(({ command }) => command === 'compose up');
  assert.ok(up?.args.includes(`--file=${join(root, 'docker-compose.test.yml')}`));
  assert.ok(up?.args.includes('--wait'));
  assert.equal(up?.args.at(-1), 'kestra');
  assert.equal(readFileSync(join(folder, 'engine.log'), 'utf8'), 'Kestra speaks\n');
});

test('secrets reach Kestra in a file for this user’s eyes alone, by no argument and no variable', async () => {
  const engine = await startDockerEngine(options, docker);
  await engine.stop();

  const file = join(folder, 'kestra.env');
  const { POSTGRES_PASSWORD, ...environment } = parse(readFileSync(file));
  assert.deepEqual(environment, {
    ...options.flowEnvironment,
    KESTRA_USER: options.user,
    KESTRA_PASSWORD: SECRET,
  });
  assert.deepEqual(parse(readFileSync(join(folder, 'postgres.env'))), { POSTGRES_PASSWORD });
  assert.equal(statSync(file).mode & 0o777, 0o600);
  for (const { args, variables } of calls()) {
    assert.ok(!args.join(' ').includes(SECRET));
    assert.deepEqual(
      variables.filter((name) => /^(SECRET|ENV|KESTRA|POSTGRES)_/.test(name)),
      [],
    );
  }
});

test('a Kestra that does not get healthy is told with its log, and removed', async () => {
  await assert.rejects(
    startDockerEngine(options, dockerWith('FAILS', 'compose up')),
    /Kestra did not start in Docker: .*no compose up today/s,
  );
  assert.deepEqual(
    calls().map(({ command }) => command),
    [
      'compose version',
      'version',
      'compose down',
      'compose pull',
      'compose up',
      'compose logs',
      'compose down',
    ],
  );
});

test('a missing Docker, an old Compose and a database on disk are each refused in a sentence', async () => {
  await assert.rejects(
    startDockerEngine({ ...options, database: 'file' }, docker),
    /no database on disk: leave out/,
  );

  await assert.rejects(
    startDockerEngine(options, dockerWith('VERSION', 'v2.20.2')),
    /needs Docker with Compose 2\.25 or newer, and this is v2\.20\.2/,
  );
  await assert.rejects(
    startDockerEngine(options, dockerWith('FAILS', 'compose version')),
    /`docker compose version` fails: install it, or leave/,
  );
  await assert.rejects(
    startDockerEngine(options, dockerWith('FAILS', 'version')),
    /its daemon does not answer: start it, or leave/,
  );
  await assert.rejects(
    startDockerEngine(options, { command: join(folder, 'nowhere'), variables: {} }),
    /no command docker here: install it, or leave STACK_ENGINE out/,
  );
  assert.equal(existsSync(join(folder, 'kestra.env')), false);
});
