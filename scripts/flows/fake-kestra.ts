import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { KestraTransport } from '../../helpers/clients/kestra-transport.ts';

export interface FakeKestra {
  transport: KestraTransport;
  /** By `namespace/id`. */
  flows: Map<string, { revision: number; source: string }>;
  settings: Map<string, unknown>;
  files: Map<string, string>;
  /** What validation answers for a text that holds the key, and why such a flow is not taken. */
  constraints: Map<string, string>;
  /** Calls that change something, in order. */
  writes: string[];
  close(): Promise<void>;
}

/** As much of Kestra's API as deploying uses, for unit tests: it keeps what it is given and judges nothing by itself. */
export async function startFakeKestra(): Promise<FakeKestra> {
  const flows: FakeKestra['flows'] = new Map();
  const settings = new Map<string, unknown>();
  const files = new Map<string, string>();
  const constraints = new Map<string, string>();
  const writes: string[] = [];
  const app = new Hono();
  const api = app.basePath('/api/v1/main');
  app.use(async (context, next) => {
    const path = decodeURIComponent(context.req.url.replace(/^.*\/api\/v1\/main/, ''));
    if (context.req.method !== 'GET' && !path.endsWith('/validate'))
      writes.push(`${context.req.method} ${path}`);
    await next();
  });

  const answerOf = (key: string) => {
    const flow = flows.get(key);
    return flow && { id: key.split('/')[1], labels: labelsOf(flow.source), ...flow };
  };
  const put = (key: string, source: string) => {
    const before = flows.get(key);
    const revision = before?.source === source ? before.revision : (before?.revision ?? 0) + 1;
    flows.set(key, { revision, source });
    return answerOf(key);
  };
  const constraintsOf = (source: string) => [...constraints].find(([part]) => source.includes(part))?.[1];
  api.post('/flows/validate', async (context) =>
    context.json([{ index: 0, constraints: constraintsOf(await context.req.text()) }]),
  );
  api.get('/flows/:namespace', (context) =>
    context.json(
      [...flows.keys()].filter((key) => key.startsWith(`${context.req.param('namespace')}/`)).map(answerOf),
    ),
  );
  api.get('/flows/:namespace/:id', (context) => {
    const { namespace, id } = context.req.param();
    return context.json(answerOf(`${namespace}/${id}`) ?? {}, flows.has(`${namespace}/${id}`) ? 200 : 404);
  });
  api.put('/flows/:namespace/:id', async (context) => {
    const { namespace, id } = context.req.param();
    if (!flows.has(`${namespace}/${id}`)) return context.json({}, 404);
    return context.json(put(`${namespace}/${id}`, await context.req.text()));
  });
  api.post('/flows', async (context) => {
    const source = await context.req.text();
    const message = constraintsOf(source);
    if (message !== undefined) return context.json({ message }, 422);
    const [, namespace] = /^namespace: (\S+)$/m.exec(source) ?? [];
    const [, id] = /^id: (\S+)$/m.exec(source) ?? [];
    return context.json(put(`${namespace}/${id}`, source));
  });
  api.get('/namespaces/:namespace/kv/:key', (context) => {
    const { namespace, key } = context.req.param();
    const full = `${namespace}/${key}`;
    return context.json({ type: 'JSON', value: settings.get(full) }, settings.has(full) ? 200 : 404);
  });
  api.put('/namespaces/:namespace/kv/:key', async (context) => {
    const { namespace, key } = context.req.param();
    // As Kestra does: no settings where no flow is.
    if (![...flows.keys()].some((flow) => flow.startsWith(`${namespace}/`))) return context.json({}, 500);
    settings.set(`${namespace}/${key}`, await context.req.json());
    return context.body(null, 200);
  });
  api.get('/namespaces/:namespace/files/directory', (context) => {
    const folder = `${context.req.param('namespace')}${context.req.query('path')}/`;
    const names = [...files.keys()]
      .filter((path) => path.startsWith(folder))
      .map((path) => path.slice(folder.length));
    const entries = new Map(
      names.map((name) => [name.split('/')[0], name.includes('/') ? 'Directory' : 'File']),
    );
    if (entries.size === 0) return context.json({}, 404);
    return context.json([...entries].map(([fileName, type]) => ({ fileName, type })));
  });
  api.get('/namespaces/:namespace/files', (context) => {
    const text = files.get(`${context.req.param('namespace')}${context.req.query('path')}`);
    return context.text(text ?? '', text === undefined ? 404 : 200);
  });
  api.post('/namespaces/:namespace/files', async (context) => {
    const { fileContent } = await context.req.parseBody();
    if (!(fileContent instanceof File)) return context.json({}, 400);
    files.set(`${context.req.param('namespace')}${context.req.query('path')}`, await fileContent.text());
    return context.body(null, 200);
  });
  api.delete('/namespaces/:namespace/files', (context) => {
    files.delete(`${context.req.param('namespace')}${context.req.query('path')}`);
    return context.body(null, 204);
  });

  const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' });
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return {
    transport: new KestraTransport({
      url: `http://127.0.0.1:${port}`,
      user: 'u',
      password: 'p',
      dialect: '1.x',
    }),
    flows,
    settings,
    files,
    constraints,
    writes,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function labelsOf(source: string): Array<{ key: string; value: string }> {
  return [...source.matchAll(/^ {2}(commit): "(.*)"$/gm)].map(([, key = '', value = '']) => ({ key, value }));
}
