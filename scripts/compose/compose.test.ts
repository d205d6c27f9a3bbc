import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../../stack/paths.ts';
import { PLUGINS } from '../flows/flow-model.ts';
import { checkFlow } from '../flows/rules.ts';
import { FlowSource } from '../flows/source.ts';
import { isMapping, type Mapping, mapping, readProject, text, type Value } from './compose-file.ts';
import { isPinned, type Kind, projectFaults } from './rules.ts';
import { schemaFaults } from './schema.ts';
import { LISTEN } from '../../stack/compose/ports.ts';

const VARIABLES = { KESTRA_DOMAIN: 'kestra.example', ACME_EMAIL: 'operator@kestra.example' };
const ENGINE = {
  ENGINE_FOLDER: '/tmp/engine',
  ENGINE_PORT: '18080',
  ENGINE_MANAGEMENT_PORT: '18081',
  ENGINE_POSTGRES_PORT: '15432',
};
const TEST = 'docker-compose.test.yml';
const PRODUCTION = 'docker-compose.prod.yml';
const DISTRIBUTED = 'docker-compose.distributed.yml';

const PROJECTS: ReadonlyArray<{ name: string; files: string[]; kind: Kind }> = [
  { name: 'the test deployment', files: [TEST], kind: 'test' },
  { name: 'production', files: [PRODUCTION], kind: 'production' },
  { name: 'production on several machines', files: [PRODUCTION, DISTRIBUTED], kind: 'production' },
];

const read = (path: string): string => readFileSync(join(root, path), 'utf8');

/** The version that the embedded engine is built from. */
const kestraVersion = /<kestra\.version>([^<]+)</.exec(read('stack/kestra/pom.xml'))?.[1] ?? 'none';
const faultsOf = (project: Mapping, kind: Kind): string[] => projectFaults(project, kind, kestraVersion);

for (const { name, files, kind } of PROJECTS) {
  test(`${name} is a project by the published schema, and sound by our rules`, () => {
    const project = readProject(files, VARIABLES);

    assert.deepEqual(schemaFaults(project), []);
    assert.deepEqual(faultsOf(project, kind), []);
  });
}

type Path = ReadonlyArray<string | number>;
const KESTRA: Path = ['services', 'kestra'];
const SETTINGS: Path = [...KESTRA, 'environment', 'KESTRA_CONFIGURATION'];
const ROUTES: Path = ['configs', 'routes', 'content'];

/** Replaces what is at a path; undefined removes it. */
function put(project: Mapping, [key = '', ...rest]: Path, value: Value | undefined): void {
  const place = project as Record<string | number, Value>;
  if (rest.length > 0) put(place[key] as Mapping, rest, value);
  else if (value === undefined) delete place[key];
  else place[key] = value;
}

const set = (path: Path, value: Value | undefined) => (project: Mapping) => put(project, path, value);

/** Replaces a part of a text; fails where the text has no such part, so that no change is an empty one. */
const write = (path: Path, from: string | RegExp, to: string) => (project: Mapping) => {
  const before = path.reduce<Value>(
    (place, key) => (place as Record<string | number, Value>)[key] as Value,
    project,
  );
  const after = text(before).replace(from, to);
  assert.notEqual(after, before, `${String(from)} is not in ${path.join('.')}`);
  put(project, path, after);
};

const BROKEN: ReadonlyArray<{
  what: string;
  files?: string[];
  kind?: Kind;
  change: (project: Mapping) => void;
  fault: RegExp;
}> = [
  {
    what: 'an image without a version',
    change: set([...KESTRA, 'image'], 'kestra/kestra'),
    fault: /not pinned/,
  },
  {
    what: 'the latest image',
    change: set(['services', 'traefik', 'image'], 'traefik:latest'),
    fault: /traefik.*not pinned/,
  },
  {
    what: 'half a version',
    change: set(['services', 'postgres', 'image'], 'postgres:18'),
    fault: /not pinned/,
  },
  {
    what: 'another Kestra',
    change: set([...KESTRA, 'image'], 'kestra/kestra:v2.0.0'),
    fault: /another Kestra/,
  },
  {
    what: 'an open port of Postgres',
    change: set(['services', 'postgres', 'ports'], ['5432:5432']),
    fault: /postgres: the port 5432:5432 is open/,
  },
  {
    what: 'a third port of Traefik',
    change: set(['services', 'traefik', 'ports'], ['80:80', '443:443', '8080:8080']),
    fault: /8080:8080 is open/,
  },
  {
    what: 'an open port of the test deployment',
    files: [TEST],
    kind: 'test',
    change: set(['services', 'pod', 'ports', 0], '8080:8080'),
    fault: /pod: the port 8080:8080 is open/,
  },
  {
    what: 'an open port to the private network of all',
    files: [PRODUCTION, DISTRIBUTED],
    change: set(['services', 's3', 'ports'], ['0.0.0.0:9000:9000']),
    fault: /s3: the port/,
  },
  {
    what: "the host's network",
    change: set([...KESTRA, 'network_mode'], 'host'),
    fault: /network of its host/,
  },
  {
    what: 'Postgres on a network with a way out',
    change: set(['networks', 'data'], {}),
    fault: /reaches the Internet/,
  },
  {
    what: 'a plain password',
    change: set(['services', 'postgres', 'environment', 'POSTGRES_PASSWORD'], 'x'),
    fault: /POSTGRES_PASSWORD stands in the file/,
  },
  {
    what: 'a plain flow secret',
    change: set([...KESTRA, 'environment', 'SECRET_NOTION_TOKEN'], 'eA=='),
    fault: /SECRET_NOTION_TOKEN stands in the file/,
  },
  {
    what: 'a plain password among Kestra’s settings',
    change: write(SETTINGS, '${KESTRA_PASSWORD}', 'Admin1234'),
    fault: /the secret kestra\.server\.basic-auth\.password itself/,
  },
  {
    what: 'a plain key of the store',
    change: write(SETTINGS, '${S3_SECRET_KEY:}', 'abc'),
    fault: /the secret kestra\.storage\.minio\.secret-key itself/,
  },
  {
    what: 'a login in an address',
    change: set([...KESTRA, 'environment', 'POSTGRES_URL'], 'jdbc:postgresql://kestra:pw@db:5432/kestra'),
    fault: /looks like a secret/,
  },
  {
    what: 'no health check',
    change: set([...KESTRA, 'healthcheck'], undefined),
    fault: /kestra: has no health check/,
  },
  { what: 'no restart', change: set(['services', 'traefik', 'restart'], 'no'), fault: /restart is no/ },
  { what: 'no limit', change: set(['services', 'postgres', 'deploy'], undefined), fault: /no limit/ },
  {
    what: 'a log without end',
    change: set(['services', 'postgres', 'logging', 'options'], {}),
    fault: /log grows/,
  },
  {
    what: 'the socket of Docker',
    change: set(['services', 'traefik', 'volumes'], ['/var/run/docker.sock:/var/run/docker.sock:ro']),
    fault: /socket of Docker/,
  },
  {
    what: 'a start before the database is healthy',
    change: set([...KESTRA, 'depends_on', 'postgres', 'condition'], 'service_started'),
    fault: /waits for postgres/,
  },
  {
    what: 'a queue in memory',
    change: write(SETTINGS, /queue:\n(\s+)type: postgres/, 'queue:\n$1type: memory'),
    fault: /not in Postgres/,
  },
  {
    what: 'a Kestra without a login',
    change: write(SETTINGS, /basic-auth:\n(\s+)username: .*\n\s+password: .*\n/, 'basic-auth:\n'),
    fault: /KESTRA_CONFIGURATION: .*username/,
  },
  {
    what: 'an open API',
    change: write(SETTINGS, '/executions/webhook/', '/'),
    fault: /\/api\/v1\/main\/ needs no login/,
  },
  {
    what: 'an access log',
    change: write(SETTINGS, /access-log:\n(\s+)enabled: false/, 'access-log:\n$1enabled: true'),
    fault: /hold the webhooks' keys/,
  },
  {
    what: "Traefik's access log",
    change: (project) => commandOf(project).push('--accesslog=true'),
    fault: /traefik: its access log/,
  },
  {
    what: "Traefik's dashboard",
    change: (project) => commandOf(project).push('--api.insecure=true'),
    fault: /dashboard/,
  },
  {
    what: 'no redirection to HTTPS',
    change: set(['services', 'traefik', 'command', 1], '--x'),
    fault: /not sent on to HTTPS/,
  },
  {
    what: 'webhooks without a rate limit',
    change: write(ROUTES, '[webhook-rate, ', '['),
    fault: /no rate limit/,
  },
  { what: 'a rate limit of none', change: write(ROUTES, 'average: 5', 'average: 0'), fault: /no rate limit/ },
  {
    what: 'webhooks behind the list of addresses',
    change: write(ROUTES, '[webhook-rate, ', '[allow-list, webhook-rate, '),
    fault: /closed to addresses/,
  },
  {
    what: 'a UI without the list of addresses',
    change: write(ROUTES, '[allow-list, ', '['),
    fault: /guards nothing/,
  },
  {
    what: 'no security headers',
    change: write(ROUTES, 'webhook-size, security-headers]', 'webhook-size]'),
    fault: /webhooks sets no security headers/,
  },
  {
    what: 'a second login',
    change: write(ROUTES, 'allow-list:\n', "allow-list:\n      basicAuth:\n        users: ['a:b']\n"),
    fault: /kestra asks for a login of its own \(basicAuth\)/,
  },
  {
    what: 'a router without a certificate',
    change: write(ROUTES, 'certResolver: letsencrypt', 'certResolver: other'),
    fault: /webhooks has no certificate/,
  },
  {
    what: 'a router without TLS',
    change: write(ROUTES, 'entryPoints: [websecure]', 'entryPoints: [web]'),
    fault: /answers without TLS/,
  },
  {
    what: 'a rule that opens more than webhooks',
    change: write(ROUTES, 'executions/webhook/`)', 'executions/`)'),
    fault: /executions\/search is open/,
  },
  {
    what: 'a rule that forgets the tenant',
    change: write(ROUTES, '([^/]+/)?', ''),
    fault: /main\/executions\/webhook.* is closed/,
  },
  {
    what: 'a rule that a path may begin otherwise',
    change: write(ROUTES, '`^/api', '`/api'),
    fault: /\/ui\/api.* is open/,
  },
  {
    what: 'routers the wrong way round',
    change: write(ROUTES, 'priority: 100', 'priority: 0'),
    fault: /kestra comes before webhooks/,
  },
  {
    what: 'a service that is not there',
    change: write(ROUTES, 'http://kestra:8080', 'http://webserver:8080'),
    fault: /no service/,
  },
];

function commandOf(project: Mapping): Value[] {
  return mapping(mapping(project['services'])['traefik'])['command'] as Value[];
}

for (const { what, files = [PRODUCTION], kind = 'production', change, fault } of BROKEN) {
  test(`${what} is found`, () => {
    const project = readProject(files, VARIABLES);
    change(project);

    assert.match(faultsOf(project, kind).join('\n'), fault);
  });
}

test('the schema finds a key that Compose does not know', () => {
  const project = readProject([PRODUCTION], VARIABLES);
  put(project, [...KESTRA, 'healthchecks'], {});

  assert.match(schemaFaults(project).join('\n'), /healthchecks/);
});

test('on several machines each part of Kestra runs once by name, and files are in the store', () => {
  const services = Object.entries(mapping(readProject([PRODUCTION, DISTRIBUTED], VARIABLES)['services']));
  const parts = services.flatMap(([name, service]) => {
    const { image, command, environment, volumes } = mapping(service);
    if (!text(image ?? 'built').startsWith('kestra/') || name === 'storage-owner') return [];
    assert.equal(mapping(environment)['STORAGE_TYPE'], 'minio', name);
    assert.equal(volumes, undefined, `${name} needs no volume`);
    return [text((command as Value[])[1])];
  });

  assert.deepEqual(parts.toSorted(), ['executor', 'indexer', 'scheduler', 'webserver', 'worker']);
});

test('other machines reach Postgres and the store on the private address alone', () => {
  const project = readProject([PRODUCTION, DISTRIBUTED], { ...VARIABLES, PRIVATE_ADDRESS: '10.8.0.1' });
  const ports = Object.values(mapping(project['services'])).flatMap(
    (service) => mapping(service)['ports'] ?? [],
  );

  assert.deepEqual(ports, ['80:80', '443:443', '10.8.0.1:5432:5432', '10.8.0.1:9000:9000']);
});

test('the list of addresses is open to all until it is given', () => {
  const routes = (variables: Record<string, string>): string =>
    text(
      mapping(mapping(readProject([PRODUCTION], { ...VARIABLES, ...variables })['configs'])['routes'])[
        'content'
      ],
    );

  assert.match(routes({}), /sourceRange: \['0\.0\.0\.0\/0', '::\/0'\]/);
  assert.match(routes({ UI_ALLOWED_RANGES: '' }), /sourceRange: \['0\.0\.0\.0\/0', '::\/0'\]/);
  assert.match(routes({ UI_ALLOWED_RANGES: '10.8.0.0/24' }), /sourceRange: \[10\.8\.0\.0\/24\]/);
});

test('production without its domain is refused with the name of the variable', () => {
  assert.throws(() => readProject([PRODUCTION], { ACME_EMAIL: 'a@b.example' }), /KESTRA_DOMAIN is missing/);
});

test("the suite's engine is the test deployment's Kestra and Postgres, on the loopback address alone", () => {
  const project = readProject([TEST, 'stack/compose/docker-engine.yml'], ENGINE);
  const { kestra, postgres } = mapping(project['services']);
  const engine = mapping(kestra);

  assert.deepEqual(schemaFaults(project), []);
  assert.equal(engine['image'], `kestra/kestra:v${kestraVersion}`);
  assert.equal(mapping(engine['environment'])['SERVER_HOST'], '127.0.0.1');
  assert.match(text(mapping(engine['environment'])['KESTRA_CONFIGURATION']), /host: \$\{SERVER_HOST\}/);
  assert.deepEqual(Object.keys(mapping(engine['depends_on'])).toSorted(), ['postgres', 'storage-owner']);
  assert.deepEqual((mapping(postgres)['command'] as string[]).slice(0, 2), [
    '-c',
    'listen_addresses=127.0.0.1',
  ]);
  assert.equal(mapping(postgres)['depends_on'], undefined);
});

test('stand-ins and website are told in so many words that they may listen beyond the loopback address of their pod', () => {
  const { stack } = mapping(readProject([TEST], {})['services']);

  assert.equal(mapping(mapping(stack)['environment'])['STACK_LISTEN'], LISTEN.host);
});

test('the image of our own parts is built on a pinned one, and takes in nothing that is not named', () => {
  const images = [...read('stack/Dockerfile').matchAll(/^FROM (\S+)/gm)].map(([, image = '']) => image);
  const ignored = read('.dockerignore').split('\n');

  assert.ok(images.length > 0);
  assert.deepEqual(
    images.filter((image) => !isPinned(image)),
    [],
  );
  assert.ok(ignored.includes('*'), 'everything is left out first');
  assert.deepEqual(
    ignored.filter((line) => /^!.*(env|secret)/i.test(line)),
    [],
  );
});

test('what the embedded engine brings itself has the official name, and no flow may use a type of another', () => {
  const own = read('stack/kestra/src/main/resources/META-INF/services/io.kestra.core.models.Plugin');
  const flow = (type: string): FlowSource =>
    new FlowSource('x.yaml', `id: x\nnamespace: christmas\ntasks:\n  - id: a\n    type: ${type}\n`);
  const faults = (type: string): string[] => checkFlow(flow(type), new Set()).map(({ reason }) => reason);

  assert.deepEqual(own.trim().split('\n'), [PLUGINS.PYTHON]);
  assert.match(
    faults('dev.funnel.engine.Task').join('\n'),
    /dev\.funnel\.engine\.Task .*a stock Kestra may lack it/,
  );
  assert.doesNotMatch(faults('io.kestra.plugin.core.log.Log').join('\n'), /a stock Kestra may lack/);
});

test('merging follows Compose: maps join, commands replace, a reset takes away', () => {
  const project = readProject([PRODUCTION, DISTRIBUTED], VARIABLES);
  const worker = mapping(mapping(project['services'])['worker']);

  assert.ok(isMapping(worker['healthcheck']), 'from the extended service');
  assert.deepEqual(worker['command'], ['server', 'worker', '--thread=16']);
  assert.equal((worker['env_file'] as Value[]).length, 4);
  assert.deepEqual(Object.keys(mapping(worker['deploy'])).toSorted(), ['replicas', 'resources']);
});
