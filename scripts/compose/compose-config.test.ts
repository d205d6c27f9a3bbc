import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { z } from 'zod';
import { inheritedEnv } from '../../helpers/env.ts';
import { root } from '../../stack/paths.ts';
import { isMapping, type Mapping, mapping, readProject, text, type Value } from './compose-file.ts';

const VARIABLES = { KESTRA_DOMAIN: 'kestra.example', ACME_EMAIL: 'operator@kestra.example', WORKERS: '3' };
const ENGINE = {
  ENGINE_FOLDER: '.secrets',
  ENGINE_HOSTNAME: 'machine',
  ENGINE_PORT: '18080',
  ENGINE_MANAGEMENT_PORT: '18081',
  ENGINE_POSTGRES_PORT: '15432',
};

const PROJECTS: ReadonlyArray<{ files: string[]; variables: Record<string, string> }> = [
  { files: ['docker-compose.test.yml'], variables: {} },
  { files: ['docker-compose.test.yml', 'stack/compose/docker-engine.yml'], variables: ENGINE },
  { files: ['docker-compose.prod.yml'], variables: VARIABLES },
  { files: ['docker-compose.prod.yml', 'docker-compose.distributed.yml'], variables: VARIABLES },
];

function docker(args: string[], variables: Record<string, string> = {}): string {
  return execFileSync('docker', args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: inheritedEnv(variables),
  });
}

function hasCompose(): boolean {
  try {
    docker(['compose', 'version']);
    return true;
  } catch {
    return false;
  }
}

/** What Compose itself makes of our files; the files of secrets are empty ones here. */
function configured(files: readonly string[], variables: Record<string, string>): Mapping {
  const folder = mkdtempSync(join(tmpdir(), 'funnel-compose-'));
  try {
    for (const file of [...files, 'docker-compose.prod.yml']) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      cpSync(join(root, file), join(folder, file));
    }
    mkdirSync(join(folder, '.secrets'));
    for (const name of ['kestra', 'server', 'postgres', 's3'])
      writeFileSync(join(folder, `.secrets/${name}.env`), '');
    const args = ['--project-directory', folder, ...files.flatMap((file) => ['--file', join(folder, file)])];
    return JSON.parse(
      docker(['compose', ...args, '--profile=*', 'config', '--format=json'], variables),
    ) as Mapping;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const Port = z.object({ host_ip: z.string().optional(), published: z.string(), target: z.number() });

const scalar = (value: Value): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** What the rules judge of a service, from Compose's way of writing or from ours. */
function facts(service: Value): Record<string, unknown> {
  const {
    image,
    command,
    entrypoint,
    environment = {},
    networks,
    network_mode,
    ports,
    restart,
    healthcheck,
    volumes,
  } = mapping(service);
  const conditions = Object.entries(mapping(mapping(service)['depends_on'] ?? {})).map(([name, one]) => [
    name,
    mapping(one)['condition'],
  ]);
  const texts = (list: Value | undefined): string[] =>
    (Array.isArray(list) ? list : []).map((one) => scalar(one).replaceAll('$$', '$'));
  const portsOf = (Array.isArray(ports) ? ports : []).map((port) => {
    if (typeof port === 'string') return port;
    const { host_ip, published, target } = Port.parse(port);
    return [host_ip, published, target].filter((part) => part !== undefined).join(':');
  });
  return {
    image,
    command: texts(command),
    entrypoint: texts(entrypoint),
    environment: Object.fromEntries(
      Object.entries(mapping(environment)).map(([name, value]) => [
        name,
        scalar(value).replaceAll('$$', '$'),
      ]),
    ),
    networks: isMapping(networks) && network_mode === undefined ? Object.keys(networks).toSorted() : [],
    network_mode: network_mode ?? '',
    ports: portsOf.toSorted(),
    restart: restart ?? '',
    health: texts(isMapping(healthcheck) ? healthcheck['test'] : undefined),
    targets: (Array.isArray(volumes) ? volumes : [])
      .map((volume) =>
        typeof volume === 'string' ? (volume.split(':')[1] ?? '') : text(mapping(volume)['target']),
      )
      .toSorted(),
    depends_on: Object.fromEntries(conditions),
  };
}

// Elsewhere there is nothing to compare with, and so no test.
const compared = hasCompose() ? PROJECTS : [];
if (compared.length === 0)
  console.log('This machine has no docker compose: its reading of our files is left out.');

for (const { files, variables } of compared) {
  test(`docker compose config reads ${files.join(' + ')} as we do`, () => {
    const theirs = mapping(configured(files, variables)['services']);
    const ours = mapping(readProject(files, { ...ENGINE, ...variables })['services']);

    assert.deepEqual(Object.keys(theirs).toSorted(), Object.keys(ours).toSorted());
    for (const [name, service] of Object.entries(ours)) {
      const expected = facts(service);
      const { networks, ...actual } = facts(theirs[name] as Value);
      assert.deepEqual(
        { ...actual, networks: (expected['networks'] as []).length > 0 ? networks : [] },
        expected,
        name,
      );
    }
  });
}
