import { parse } from 'yaml';
import { z } from 'zod';
import { isMapping, type Mapping, type Value } from './compose-file.ts';
import { routeFaults } from './routes.ts';

/** Where a project may run: decides which ports, restarts and services it must have. */
export type Kind = 'test' | 'production';

const text = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const Service = z.looseObject({
  image: z.string().optional(),
  build: z.looseObject({ context: z.string(), dockerfile: z.string() }).optional(),
  command: z.array(text).default([]),
  entrypoint: z.array(text).nullish(),
  environment: z.record(z.string(), text).default({}),
  env_file: z.array(z.string()).default([]),
  ports: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  network_mode: z.string().optional(),
  networks: z.record(z.string(), z.unknown()).default({}),
  depends_on: z.record(z.string(), z.looseObject({ condition: z.string() })).default({}),
  restart: z.string().default('no'),
  privileged: z.boolean().default(false),
  healthcheck: z.looseObject({ test: z.array(z.string()) }).optional(),
  deploy: z
    .looseObject({
      resources: z.looseObject({ limits: z.looseObject({ cpus: text, memory: text }).partial() }).optional(),
    })
    .optional(),
  logging: z.looseObject({ driver: z.string(), options: z.record(z.string(), text) }).optional(),
});
type Service = z.infer<typeof Service>;
const Project = z.looseObject({
  services: z.record(z.string(), Service),
  networks: z.record(z.string(), z.looseObject({ internal: z.boolean().optional() }).nullable()).default({}),
});

const KESTRA = 'kestra/kestra';
const LONG_LIVED_SECRETS = /(^|_)(PASSWORD|SECRET|TOKEN|KEY|PASS)$/;
/** What the keys of Resend and Notion begin with, and a login inside an address. */
const LOOKS_SECRET = /\b(re|ntn|secret)_[A-Za-z0-9]{8,}|:\/\/[^/\s:@]+:[^/\s@$]+@/;

/** What a merged project has that ours must not have, or lacks: `<service>: <what>`. Nothing when it is sound. */
export function projectFaults(document: Mapping, kind: Kind, kestraVersion: string): string[] {
  const { services, networks } = Project.parse(document);
  const faults = Object.entries(services).flatMap(([name, service]) =>
    [
      ...imageFaults(service, kestraVersion),
      ...portFaults(name, service, kind),
      ...secretFaults(service),
      ...powerFaults(service, services),
      ...upkeepFaults(service, kind),
      ...(isKestra(service) ? kestraFaults(service) : []),
    ].map((fault) => `${name}: ${fault}`),
  );
  if (kind === 'test') return faults;
  const inside = (services['postgres']?.networks ?? {}) as Record<string, unknown>;
  const open = Object.keys(inside).filter((name) => networks[name]?.internal !== true && name !== 'private');
  return [
    ...faults,
    ...open.map((name) => `postgres: the network ${name} reaches the Internet`),
    ...routeFaults(document),
  ];
}

const isKestra = ({ image, entrypoint }: Service): boolean =>
  image?.startsWith(`${KESTRA}:`) === true && entrypoint?.[0] !== 'chown';

function imageFaults({ image, build }: Service, kestraVersion: string): string[] {
  if (build) return []; // its Dockerfile is looked at on its own
  if (!isPinned(image ?? '')) return [`the image ${image} is not pinned: give a whole version, or a digest`];
  if (!image?.startsWith(`${KESTRA}:`) || image === `${KESTRA}:v${kestraVersion}`) return [];
  return [`${image} is another Kestra than the embedded engine's ${kestraVersion}`];
}

/** Whether an image can't become another one over night: a digest, or a version with all its numbers. */
export const isPinned = (image: string): boolean =>
  /@sha256:[0-9a-f]{64}$/.test(image) || /:v?\d+\.\d+(\.\d+)?(-[\w.-]+)?$/.test(image);

function portFaults(name: string, { ports, network_mode }: Service, kind: Kind): string[] {
  const isDoor = (port: string): boolean =>
    kind === 'production' && name === 'traefik' && ['80:80', '443:443'].includes(port);
  return [
    ...(network_mode === 'host' ? ['has the network of its host, with every port in it'] : []),
    ...ports
      .filter((port) => !isDoor(port) && !/^127\.0\.0\.1:\d*:\d+$/.test(port))
      .map((port) => `the port ${port} is open to every machine that reaches this one`),
  ];
}

function secretFaults({ environment, command, entrypoint }: Service): string[] {
  const plain = Object.entries(environment).filter(
    ([name, value]) => LONG_LIVED_SECRETS.test(name) && value !== '' && !value.startsWith('/'),
  );
  const texts = [...Object.values(environment), ...command, ...(entrypoint ?? [])];
  return [
    ...plain.map(([name]) => `${name} stands in the file: it belongs into .secrets/`),
    ...texts.filter((one) => LOOKS_SECRET.test(one)).map(() => 'a text looks like a secret'),
  ];
}

function powerFaults(
  { volumes, privileged, depends_on }: Service,
  services: Record<string, Service>,
): string[] {
  return [
    ...(privileged ? ['is privileged'] : []),
    ...volumes
      .filter((volume) => volume.includes('docker.sock'))
      .map(() => 'has the socket of Docker, and with it the whole machine'),
    ...Object.entries(depends_on).flatMap(([name, { condition }]) => {
      const other = services[name];
      if (!other) return [`depends on ${name}, which is not there`];
      const wanted = isOneShot(other) ? 'service_completed_successfully' : 'service_healthy';
      return condition === wanted ? [] : [`waits for ${name} with ${condition}, not ${wanted}`];
    }),
  ];
}

/** One that does its work and ends: nothing asks for its health. */
const isOneShot = ({ healthcheck, restart }: Service): boolean => restart === 'no' && !healthcheck;

function upkeepFaults(service: Service, kind: Kind): string[] {
  const { healthcheck, restart, deploy, logging, depends_on, ports } = service;
  const limits = deploy?.resources?.limits;
  const oneShot = isOneShot(service);
  const kept = kind === 'production' ? 'unless-stopped' : 'no';
  return [
    ...(!oneShot && !healthcheck ? ['has no health check'] : []),
    ...(!oneShot && restart !== kept ? [`restart is ${restart}, not ${kept}`] : []),
    ...(oneShot && ports.length + Object.keys(depends_on).length > 0 ? ['has no health check'] : []),
    ...(limits?.cpus && limits.memory ? [] : ['has no limit of memory and CPU']),
    ...(logging?.options['max-size'] && logging.options['max-file'] ? [] : ['its log grows without end']),
  ];
}

const Configuration = z.looseObject({
  datasources: z.looseObject({ postgres: z.looseObject({ password: z.string() }) }),
  kestra: z.looseObject({
    server: z.looseObject({
      'access-log': z.looseObject({ enabled: z.boolean() }),
      'basic-auth': z.looseObject({
        username: z.string(),
        password: z.string(),
        'open-urls': z.array(z.string()),
      }),
    }),
    queue: z.looseObject({ type: z.string() }),
    repository: z.looseObject({ type: z.string() }),
  }),
});

function kestraFaults({ environment }: Service): string[] {
  const parsed = Configuration.safeParse(parse(environment['KESTRA_CONFIGURATION'] ?? ''));
  if (!parsed.success)
    return [`KESTRA_CONFIGURATION: ${z.prettifyError(parsed.error).replaceAll('\n', ' ')}`];
  const { server, queue, repository } = parsed.data.kestra;
  const login = server['basic-auth'];
  return [
    ...placesOfSecrets(parsed.data as Value).map(
      (place) => `KESTRA_CONFIGURATION holds the secret ${place} itself`,
    ),
    ...(queue.type === 'postgres' && repository.type === 'postgres'
      ? []
      : ['queue and repository are not in Postgres']),
    ...(server['access-log'].enabled ? ["its access log would hold the webhooks' keys"] : []),
    ...login['open-urls']
      .filter((path) => path !== '/api/v1/main/executions/webhook/')
      .map((path) => `${path} needs no login`),
  ];
}

/** Where Kestra's settings have a secret's value and not the name of the variable that holds it. */
function placesOfSecrets(value: Value, path = ''): string[] {
  if (!isMapping(value)) return [];
  return Object.entries(value).flatMap(([key, one]) => {
    const place = path === '' ? key : `${path}.${key}`;
    const isSecret = /password|secret|access-key|token/.test(key) && typeof one === 'string';
    return isSecret && !/^\$\{[A-Z0-9_]+:?\}$/.test(one) ? [place] : placesOfSecrets(one, place);
  });
}
