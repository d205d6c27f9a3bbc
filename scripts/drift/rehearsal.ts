import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { request } from 'undici';
import { TEST_MAILBOX } from '../../helpers/test-mailbox.ts';
import { startNotion } from '../../stack/notion/server.ts';
import { startResend } from '../../stack/resend/server.ts';
import { readCaptures } from './captures.ts';
import { KESTRA } from './kestra.ts';
import type { Json } from './sanitise.ts';
import { fieldsOf, listOf, textOf } from './service.ts';

/** What a service answers to a request, to be changed as a release of it might. */
export interface Answered {
  method: string;
  path: string;
  status: number;
  body: Json;
}
export type Change = (answer: Answered) => Partial<Answered> | undefined;

interface Running {
  url: string;
  close: () => Promise<void>;
}

/** A homelab for rehearsals: stand-ins that drift, and a Kestra that answers as the embedded engine did. */
export interface Homelab {
  variables: Record<string, string>;
  /** Everything there that must be in no capture. */
  data: string[];
  close: () => Promise<void>;
}

const TOKEN = 'ntn_of-the-rehearsal';
const KEY = 're_of-the-rehearsal';
const LEAD = TEST_MAILBOX.replace('@', '+grace-hopper@');
const NAMESPACE = 'christmas.nightly';

export async function startHomelab(
  changes: { notion?: Change; resend?: Change; kestra?: Change } = {},
): Promise<Homelab> {
  const notion = await startNotion({ tokens: [TOKEN] });
  const resend = await startResend({
    keys: [{ key: KEY, name: 'harness', permission: 'full_access' }],
    testMailbox: TEST_MAILBOX,
  });
  const pages = await fill(notion.url, resend.url);
  const fronts = [
    await changing((call) => pass(notion.url, call), changes.notion),
    await changing((call) => pass(resend.url, call), changes.resend),
    await changing(kestra(), changes.kestra),
  ];
  const [notionUrl = '', resendUrl = '', kestraUrl = ''] = fronts.map(({ url }) => url);
  const { contacts, tracker, templates, analytics, projects } = notion.databases;
  return {
    variables: {
      TARGET: 'homelab',
      KESTRA_URL: kestraUrl,
      KESTRA_USER: 'robot@funnel.test',
      KESTRA_PASSWORD: 'a-password-of-the-rehearsal',
      NOTION_TOKEN: TOKEN,
      NOTION_BASE_URL: notionUrl,
      NOTION_CONTACTS_DB_ID: contacts,
      NOTION_EMAIL_SEQUENCE_DB_ID: tracker,
      NOTION_EMAIL_TEMPLATES_DB_ID: templates,
      NOTION_EMAIL_ANALYTICS_DB_ID: analytics,
      NOTION_CUSTOMER_PROJECTS_DB_ID: projects,
      RESEND_API_KEY: KEY,
      RESEND_BASE_URL: resendUrl,
    },
    data: [
      TOKEN,
      KEY,
      LEAD,
      TEST_MAILBOX,
      'Grace Hopper',
      'Hopper Hair',
      'hopper-mail',
      ...pages,
      contacts,
      tracker,
    ],
    close: async () => {
      await Promise.all([...fronts, notion, resend].map((one) => one.close()));
    },
  };
}

/** Rows and mails of a lead; hands back their ids. */
async function fill(notion: string, resend: string): Promise<string[]> {
  const tell = async (url: string, body: unknown, headers = {}): Promise<Json> => {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': 'rehearsal', ...headers },
      body: JSON.stringify(body),
    });
    return (await answer.json()) as Json;
  };
  const rows = ['contacts', 'tracker', 'analytics', 'projects'].map((database) => ({
    database,
    values: { Email: LEAD },
  }));
  const { ids } = fieldsOf(
    await tell(`${notion}/_control/seed`, [
      ...rows,
      {
        database: 'tracker',
        values: { Email: LEAD, Name: 'Grace Hopper', 'Business Name': 'Hopper Hair', 'Red Systems': 3 },
      },
    ]),
  );
  const mail = {
    from: 'Us <us@funnel.example>',
    to: LEAD,
    subject: 'hopper-mail',
    html: '<p>Grace Hopper</p>',
  };
  const { id } = fieldsOf(await tell(`${resend}/emails`, mail, { authorization: `Bearer ${KEY}` }));
  return [...listOf(ids), id ?? ''].flatMap((one) => textOf(one) ?? []);
}

interface Call {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string;
}
type Responder = (call: Call) => Promise<{ status: number; body: Json }> | { status: number; body: Json };

async function pass(
  url: string,
  { method, path, headers, body }: Call,
): Promise<{ status: number; body: Json }> {
  const answer = await request(`${url}${path}`, {
    method: method === 'POST' ? 'POST' : 'GET',
    headers,
    ...(method === 'POST' ? { body } : {}),
  });
  return { status: answer.statusCode, body: (await answer.body.json()) as Json };
}

/** Answers each probe with its capture, to whoever has the login. */
function kestra(): Responder {
  const captures = readCaptures('kestra');
  const executionId = textOf(fieldsOf(captures.get('execution')?.answer)['id']) ?? '';
  const [troubled] = listOf(fieldsOf(captures.get('executions-in-trouble')?.answer)['results']);
  const troubledId = textOf(fieldsOf(troubled)['id']) ?? '';
  const known = new Map([
    ['namespace', NAMESPACE],
    ['execution', executionId],
    ['in trouble', troubledId],
  ]);
  const answers = new Map(
    KESTRA.probes.map((probe) => [
      probe.refused ? probe.name : probe.ask(known)?.path,
      captures.get(probe.name),
    ]),
  );
  return ({ path, headers }) => {
    const login = Buffer.from(headers['authorization']?.replace('Basic ', '') ?? '', 'base64').toString();
    const found = login.startsWith('robot@')
      ? (answers.get(path) ?? answers.get(path.includes('/flows/') ? 'unknown-flow' : 'unknown-execution'))
      : answers.get('refused-login');
    return { status: found?.status ?? 501, body: found?.answer ?? null };
  };
}

/** A server whose answers are `responder`'s, changed. */
async function changing(responder: Responder, change: Change = () => undefined): Promise<Running> {
  const server = createServer((incoming, outgoing) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of incoming) chunks.push(chunk as Buffer);
      const { method = 'GET', url: path = '/' } = incoming;
      const names = ['authorization', 'notion-version', 'content-type', 'user-agent'];
      const headers = Object.fromEntries(
        names.flatMap((name) =>
          incoming.headers[name] === undefined ? [] : [[name, String(incoming.headers[name])]],
        ),
      );
      const answer = await responder({ method, path, headers, body: Buffer.concat(chunks).toString() });
      const { status, body } = { ...answer, ...change({ method, path, ...answer }) };
      outgoing.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    })();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
