import { parse } from 'yaml';
import { z } from 'zod';
import type { Mapping } from './compose-file.ts';

const Router = z.looseObject({
  rule: z.string(),
  priority: z.number(),
  entryPoints: z.array(z.string()),
  middlewares: z.array(z.string()).default([]),
  service: z.string(),
  tls: z.looseObject({ certResolver: z.string().optional() }).optional(),
});
const Routes = z.looseObject({
  http: z.looseObject({
    routers: z.record(z.string(), Router),
    middlewares: z.record(z.string(), z.record(z.string(), z.unknown())),
    services: z.record(
      z.string(),
      z.looseObject({ loadBalancer: z.looseObject({ servers: z.array(z.looseObject({ url: z.url() })) }) }),
    ),
  }),
});
type Routes = z.infer<typeof Routes>['http'];

const Traefik = z.looseObject({
  services: z.looseObject({ traefik: z.looseObject({ command: z.array(z.string()) }) }),
  configs: z.looseObject({ routes: z.looseObject({ content: z.string() }) }),
});

/** Middlewares that ask for a login: Kestra's own is in the same header, and a request has only one. */
const LOGINS = ['basicAuth', 'digestAuth', 'forwardAuth'];

/** What Traefik's start and its routes have that the door of ours must not have, or lack. */
export function routeFaults(document: Mapping): string[] {
  const project = Traefik.safeParse(document);
  if (!project.success) return ['traefik: there is no such service with a command, or no config `routes`'];
  const { command } = project.data.services.traefik;
  const parsed = Routes.safeParse(parse(project.data.configs.routes.content));
  if (!parsed.success) return [`routes: ${z.prettifyError(parsed.error).replaceAll('\n', ' ')}`];
  const { http } = parsed.data;
  const named = (router: string): string[] => kindsOf(http, router);

  return [
    ...startFaults(command).map((fault) => `traefik: ${fault}`),
    ...Object.entries(http.routers).flatMap(([name, router]) =>
      routerFaults(http, name, router).map((fault) => `routes: ${name} ${fault}`),
    ),
    ...(rateOf(http) > 0 ? [] : ['routes: webhooks have no rate limit']),
    ...(named('webhooks').includes('ipAllowList')
      ? ['routes: webhooks are closed to addresses not on the list']
      : []),
    ...(named('kestra').includes('ipAllowList') ? [] : ['routes: the list of addresses guards nothing']),
    ...Object.keys(http.services).flatMap((name) => serviceFaults(http, name, document)),
    ...pathFaults(http),
  ];
}

function startFaults(command: string[]): string[] {
  const has = (start: string): boolean => command.some((one) => one.toLowerCase().startsWith(start));
  return [
    ...(has('--entrypoints.web.http.redirections.entrypoint.to=websecure')
      ? []
      : ['HTTP is not sent on to HTTPS']),
    ...(has('--certificatesresolvers.letsencrypt.acme.email=') ? [] : ['asks for no certificates']),
    ...(has('--api') ? ['shows its dashboard'] : []),
    ...(has('--accesslog') && !has('--accesslog=false')
      ? ["its access log would hold the webhooks' keys"]
      : []),
    ...(has('--providers.docker') ? ['reads from Docker, for which it needs the socket'] : []),
  ];
}

function routerFaults(http: Routes, name: string, router: z.infer<typeof Router>): string[] {
  const kinds = kindsOf(http, name);
  const missing = router.middlewares.filter((one) => !http.middlewares[one]);
  const logins = kinds.filter((kind) => LOGINS.includes(kind));
  return [
    ...(router.tls?.certResolver === 'letsencrypt' ? [] : ['has no certificate']),
    ...(router.entryPoints.join() === 'websecure' ? [] : ['answers without TLS']),
    ...(http.services[router.service] ? [] : [`leads to ${router.service}, which is not there`]),
    ...missing.map((one) => `names ${one}, which is not there`),
    ...logins.map((kind) => `asks for a login of its own (${kind})`),
    ...(kinds.includes('headers') ? [] : ['sets no security headers']),
  ];
}

const kindsOf = ({ routers, middlewares }: Routes, router: string): string[] =>
  (routers[router]?.middlewares ?? []).flatMap((name) => Object.keys(middlewares[name] ?? {}));

const Rate = z.looseObject({ average: z.number().positive(), burst: z.number().positive() });

function rateOf({ routers, middlewares }: Routes): number {
  const limits = (routers['webhooks']?.middlewares ?? []).flatMap(
    (name) => middlewares[name]?.['rateLimit'] ?? [],
  );
  const [limit] = limits.map((one) => Rate.safeParse(one));
  return limit?.success ? limit.data.average : 0;
}

function serviceFaults({ services }: Routes, name: string, document: Mapping): string[] {
  const known = Object.keys((document['services'] ?? {}) as object);
  return (services[name]?.loadBalancer.servers ?? [])
    .map(({ url }) => new URL(url).hostname)
    .filter((host) => !known.includes(host))
    .map((host) => `routes: ${name} is looked for at ${host}, which is no service`);
}

/** Paths, and whether they are open: what the rule of the webhooks' router must tell apart. */
const PATHS: ReadonlyArray<readonly [path: string, open: boolean]> = [
  ['/api/v1/main/executions/webhook/christmas/signup-handler/key', true],
  ['/api/v1/executions/webhook/christmas/signup-handler/key', true],
  ['/api/v1/main/executions/search', false],
  ['/api/v1/main/flows/christmas/executions/webhook/x', false],
  ['/ui/api/v1/main/executions/webhook/x', false],
  ['/', false],
];

function pathFaults({ routers }: Routes): string[] {
  const { webhooks, kestra } = routers;
  if (!webhooks || !kestra) return ['routes: the routers are webhooks and kestra'];
  const host = /^Host\(`[^`]+`\)$/.exec(kestra.rule)?.[0];
  const [ofWebhooks, pattern] =
    /^(Host\(`[^`]+`\)) && PathRegexp\(`([^`]+)`\)$/.exec(webhooks.rule)?.slice(1) ?? [];
  if (!host || host !== ofWebhooks || !pattern) {
    return [
      'routes: the rules are Host(`…`) && PathRegexp(`…`) for webhooks, and the same Host(`…`) for kestra',
    ];
  }
  const isOpen = new RegExp(pattern);
  return [
    ...(webhooks.priority > kestra.priority ? [] : ['routes: kestra comes before webhooks']),
    ...PATHS.filter(([path, open]) => isOpen.test(path) !== open).map(
      ([path, open]) => `routes: ${path} is ${open ? 'closed' : 'open'}`,
    ),
  ];
}
