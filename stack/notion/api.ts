import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type {
  BlockObjectRequest,
  BlockObjectResponse,
  CreatePageParameters,
  GetSelfResponse,
  ListBlockChildrenResponse,
  PageObjectResponse,
  QueryDataSourceParameters,
  QueryDataSourceResponse,
  UpdatePageParameters,
} from '@notionhq/client';
import { type Context, Hono } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { cutHalfway } from '../cut-answer.ts';
import { parseJson } from '../json.ts';
import { beLate } from '../late.ts';
import { MOST_UNTAUGHT, remember } from '../remember.ts';
import type { Call, Calls, Fault, Faults } from './calls.ts';
import { faultsOf } from './contract.ts';
import { NotionError, Untaught, failedValidation, invalid, notFound, quoted } from './errors.ts';
import type { Quota } from './quota.ts';
import { type Property, demandText, richText } from './values.ts';
import { BOT, type Page, type Source, type Workspace } from './workspace.ts';

const VERSION = '2025-09-03';
const MOST_BYTES = 500_000;
const NOTION_ERRORS: Record<number, readonly [code: string, message: string]> = {
  400: ['validation_error', 'body failed validation.'],
  401: ['unauthorized', 'API token is invalid.'],
  403: ['restricted_resource', 'Insufficient permissions for this endpoint.'],
  404: ['object_not_found', 'Could not find object.'],
  409: ['conflict_error', 'Conflict occurred while saving. Please try again.'],
  429: ['rate_limited', 'You have been rate limited. Please try again in a few minutes.'],
  500: ['internal_server_error', 'Unexpected error occurred.'],
  503: ['service_unavailable', 'Notion is unavailable, please try again later.'],
  504: ['gateway_timeout', 'Notion took too long to answer, please try again later.'],
  529: ['service_overload', 'Notion is overloaded, please try again later.'],
};

export interface Desk {
  tokens: readonly string[];
  quota: Quota;
  latencyMs: number;
  lateMs: number;
  workspace: Workspace;
  calls: Calls;
  faults: Faults;
  untaught: { method: string; path: string; at: number }[];
  now(): number;
}

/** What a route is given: the call, its body and query string, both checked by no one yet. */
interface Request {
  id: string;
  body: unknown;
  query: URLSearchParams;
}

interface Route {
  method: string;
  path: RegExp;
  parameters: readonly string[];
  answer(request: Request, desk: Desk): object;
}

const ROUTES: readonly Route[] = [
  { method: 'GET', path: /^\/v1\/users\/me$/, parameters: [], answer: getSelf },
  {
    method: 'GET',
    path: /^\/v1\/databases\/([^/]+)$/,
    parameters: [],
    answer: ({ id }, desk) => sourceBy(desk, 'database', id).databaseAnswer(),
  },
  {
    method: 'GET',
    path: /^\/v1\/data_sources\/([^/]+)$/,
    parameters: [],
    answer: ({ id }, desk) => sourceBy(desk, 'data source', id).answer(),
  },
  {
    method: 'POST',
    path: /^\/v1\/data_sources\/([^/]+)\/query$/,
    parameters: ['filter_properties'],
    answer: queryDataSource,
  },
  { method: 'POST', path: /^\/v1\/pages$/, parameters: ['filter_properties'], answer: createPage },
  { method: 'GET', path: /^\/v1\/pages\/([^/]+)$/, parameters: ['filter_properties'], answer: getPage },
  { method: 'PATCH', path: /^\/v1\/pages\/([^/]+)$/, parameters: ['filter_properties'], answer: updatePage },
  {
    method: 'GET',
    path: /^\/v1\/blocks\/([^/]+)\/children$/,
    parameters: ['page_size', 'start_cursor'],
    answer: listChildren,
  },
];

/** Notion's API, as far as flows and harness use it. Everything else is answered 501 and recorded. */
export function notionApi(desk: Desk): Hono {
  const app = new Hono();
  app.all('*', async (c) => {
    const call: Call = { at: desk.now(), method: c.req.method, path: c.req.path, status: 0 };
    const correlationId = c.req.header('x-correlation-id');
    if (correlationId !== undefined) call.correlationId = correlationId;
    const text = await c.req.text();
    if (text !== '') call.body = parseJson(text) ?? text;
    const who = whoIs(desk, c);
    if (who !== undefined) call.who = who;
    desk.calls.record(call);

    try {
      const { answer, cut } = await answerTo(call, text, c, desk);
      call.status = 200;
      const whole = reply(c, 200, answer);
      return cut ? await cutHalfway(c, whole) : whole;
    } catch (error) {
      // A defect of ours must fail the run; as a 500 it would pass for Notion being down.
      const refusal =
        error instanceof NotionError ? error : new Untaught(`to survive this call: ${String(error)}`);
      if (refusal instanceof Untaught) {
        remember(desk.untaught, { method: call.method, path: call.path, at: call.at }, MOST_UNTAUGHT);
      }
      call.status = refusal.status;
      call.message = refusal.message;
      const { status, code, message, headers } = refusal;
      return reply(c, status, { object: 'error', status, code, message }, headers);
    }
  });
  return app;
}

/** Whose token is the first. */
const FLOWS = 'token 1';

/** The token's place in the list, or undefined when it is none of ours. */
function whoIs({ tokens }: Desk, c: Context): string | undefined {
  const [, token = ''] = /^Bearer (.+)$/.exec(c.req.header('authorization') ?? '') ?? [];
  const place = tokens.indexOf(token);
  return place < 0 ? undefined : `token ${place + 1}`;
}

async function answerTo(
  call: Call,
  text: string,
  c: Context,
  desk: Desk,
): Promise<{ answer: object; cut: boolean }> {
  if (call.who === undefined) throw new NotionError(401, 'unauthorized', 'API token is invalid.');
  if (desk.latencyMs > 0) await delay(desk.latencyMs);
  if (call.who === FLOWS) await beLate(desk.lateMs);
  const waitSeconds = desk.quota.take(call.who, desk.now());
  if (waitSeconds !== undefined) {
    const message = 'You have been rate limited. Please try again in a few minutes.';
    throw new NotionError(429, 'rate_limited', message, { 'retry-after': String(waitSeconds) });
  }
  demandVersion(c.req.header('notion-version'));

  const route = ROUTES.find(({ method, path }) => method === call.method && path.test(call.path));
  if (!route) throw new Untaught(`${call.method} ${call.path}`);

  const fault = desk.faults.strike(call);
  if (fault && !fault.acceptThenFail) await suffer(fault, c.req.raw.signal);
  const answer = answerOf(route, call, text, c, desk);
  if (fault?.acceptThenFail) await suffer(fault, c.req.raw.signal);
  return { answer, cut: fault?.cut ?? false };
}

function answerOf(route: Route, call: Call, text: string, c: Context, desk: Desk): object {
  const query = new URL(c.req.url).searchParams;
  const unknown = [...query.keys()].find((name) => !route.parameters.includes(name));
  if (unknown !== undefined) {
    const line = `query.${unknown} should be not present, instead was ${quoted(query.get(unknown))}.`;
    throw failedValidation('query', [line]);
  }
  if (Buffer.byteLength(text) > MOST_BYTES) {
    throw invalid(`body failed validation: body.length should be ≤ \`${MOST_BYTES}\` bytes.`);
  }
  if (
    text !== '' &&
    (parseJson(text) === undefined || !/\bjson\b/.test(c.req.header('content-type') ?? ''))
  ) {
    throw new NotionError(400, 'invalid_json', 'Error parsing JSON body.');
  }
  const [, id = ''] = route.path.exec(call.path) ?? [];
  return route.answer({ id, body: text === '' ? {} : parseJson(text), query }, desk);
}

function demandVersion(version: string | undefined): void {
  if (version === undefined) {
    const message =
      'Notion-Version header failed validation: Notion-Version header should be defined, instead was `undefined`.';
    throw new NotionError(400, 'missing_version', message);
  }
  if (version !== VERSION) {
    throw invalid(
      `Notion-Version header failed validation: Notion-Version header should be \`"${VERSION}"\`, ` +
        `instead was ${quoted(version)}.`,
    );
  }
}

async function suffer(fault: Fault, gone: AbortSignal): Promise<void> {
  // Nothing settles this: the connection ends with the caller's patience, or with the server.
  if (fault.hang) await new Promise<never>(() => undefined);
  if (fault.delayMs) await delay(fault.delayMs, undefined, { signal: gone }).catch(() => undefined);
  if (fault.status === undefined) return;
  const [code, message] = NOTION_ERRORS[fault.status] ?? [
    'internal_server_error',
    'Unexpected error occurred.',
  ];
  const headers = fault.status === 429 ? { 'retry-after': '1', ...fault.headers } : fault.headers;
  throw new NotionError(fault.status, fault.code ?? code, fault.message ?? message, headers);
}

function reply(c: Context, status: number, answer: object, headers: Record<string, string> = {}): Response {
  const requestId = randomUUID();
  return c.json({ ...answer, request_id: requestId }, status as ContentfulStatusCode, {
    'x-notion-request-id': requestId,
    ...headers,
  });
}

/** An id as Notion writes it: hyphens or not, any case, on the way in; always the same on the way out. */
function uuidFrom(given: string): string | undefined {
  const hex = given.replaceAll('-', '').toLowerCase();
  return /^[0-9a-f]{32}$/.test(hex)
    ? hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
    : undefined;
}

function demandUuid(given: string, at: string): string {
  const uuid = uuidFrom(given);
  if (uuid !== undefined) return uuid;
  const where = at.startsWith('path') ? 'path' : 'body';
  throw failedValidation(where, [`${at} should be a valid uuid, instead was ${quoted(given)}.`]);
}

function demandShape(
  type: 'CreatePageBodyParameters' | 'UpdatePageBodyParameters' | 'QueryDataSourceBodyParameters',
  body: unknown,
): void {
  const faults = faultsOf(type, body);
  if (faults.length > 0) throw failedValidation('body', faults);
}

function demandTaught(body: object, known: readonly string[]): void {
  const unknown = Object.keys(body).find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Untaught(`the body's ${unknown}`);
}

function sourceBy(desk: Desk, kind: 'database' | 'data source', given: string, at?: string): Source {
  const id = demandUuid(given, at ?? `path.${kind.replace(' ', '_')}_id`);
  const found = desk.workspace.sources.find(
    (source) => (kind === 'database' ? source.databaseId : source.id) === id,
  );
  if (!found) throw notFound(kind, id);
  return found;
}

function pageBy(desk: Desk, given: string): Page {
  const id = demandUuid(given, 'path.page_id');
  const found = desk.workspace.pages.get(id);
  if (!found) throw notFound('page', id);
  return found;
}

/** The properties a call wants to see: those it names by id, or all. */
function shown(source: Source, query: URLSearchParams): Property[] | undefined {
  const ids = query.getAll('filter_properties');
  if (ids.length === 0) return undefined;
  return ids.map((id) => {
    const found = source.properties.find((property) => property.id === id);
    if (!found) throw invalid(`Could not find property with name or id: ${id}`);
    return found;
  });
}

function getSelf(): GetSelfResponse {
  return {
    ...BOT,
    type: 'bot',
    name: 'Christmas funnel',
    avatar_url: null,
    bot: {
      owner: { type: 'workspace', workspace: true },
      workspace_id: BOT.id,
      workspace_name: 'Stand-in',
      workspace_limits: { max_file_upload_size_in_bytes: 5_242_880 },
    },
  };
}

interface Paging {
  page_size?: number | undefined;
  start_cursor?: string | null | undefined;
}

/** One page of a list, from the cursor on: a cursor is the id of the next item. */
function pageOf<T extends { id: string }>(all: readonly T[], paging: Paging, where: 'body' | 'query') {
  const { page_size: size = 100, start_cursor: cursor } = paging;
  if (!Number.isInteger(size) || size < 1 || size > 100) {
    const rule = size > 100 ? '≤ `100`' : size < 1 ? '≥ `1`' : 'an integer';
    throw failedValidation(where, [`${where}.page_size should be ${rule}, instead was \`${size}\`.`]);
  }
  const start = cursor ? all.findIndex(({ id }) => id === uuidFrom(cursor)) : 0;
  if (start < 0) throw invalid(`The start_cursor provided is invalid: ${cursor}`);
  const next = all[start + size];
  return {
    items: all.slice(start, start + size),
    list: { object: 'list', next_cursor: next?.id ?? null, has_more: next !== undefined } as const,
  };
}

function queryDataSource({ id, body, query }: Request, desk: Desk): QueryDataSourceResponse {
  const source = sourceBy(desk, 'data source', id);
  demandShape('QueryDataSourceBodyParameters', body);
  const { filter, sorts, in_trash, archived, result_type, ...paging } = body as QueryDataSourceParameters;
  if (result_type === 'data_source') throw new Untaught('queries for data sources');
  const found = source.query({ filter, sorts, inTrash: in_trash ?? archived }, desk.now());
  const { items, list } = pageOf(found, paging, 'body');
  const only = shown(source, query);
  return {
    ...list,
    results: items.map((page) => page.answer(only)),
    type: 'page_or_data_source',
    page_or_data_source: {},
  };
}

function createPage({ body, query }: Request, desk: Desk): PageObjectResponse {
  demandShape('CreatePageBodyParameters', body);
  const given = body as CreatePageParameters;
  const missing = (['parent', 'properties'] as const).find((name) => given[name] === undefined);
  if (missing) {
    throw failedValidation('body', [`body.${missing} should be defined, instead was \`undefined\`.`]);
  }
  demandTaught(given, ['parent', 'properties', 'children', 'icon', 'cover']);

  const source = parentOf(given, desk);
  const decoration = decorationOf(given);
  const children = given.children ?? [];
  demandBlocks(children);
  const only = shown(source, query);
  const page = desk.workspace.create(source, given.properties ?? {}, desk.now());
  Object.assign(page, decoration);
  page.blocks = children.map((block) => blockOf(block, page));
  return page.answer(only);
}

function parentOf({ parent }: CreatePageParameters, desk: Desk): Source {
  if (parent && 'data_source_id' in parent) {
    return sourceBy(desk, 'data source', parent.data_source_id, 'body.parent.data_source_id');
  }
  if (parent && 'database_id' in parent) {
    return sourceBy(desk, 'database', parent.database_id, 'body.parent.database_id');
  }
  throw new Untaught('pages outside of a database');
}

function decorationOf({ icon, cover }: Pick<CreatePageParameters, 'icon' | 'cover'>): Partial<Page> {
  const decoration: Partial<Page> = {};
  if (icon !== undefined) {
    if (icon === null) decoration.icon = null;
    else if ('emoji' in icon) decoration.icon = { type: 'emoji', emoji: icon.emoji };
    else if ('external' in icon) decoration.icon = { type: 'external', external: icon.external };
    else throw new Untaught('icons other than emoji and external pictures');
  }
  if (cover !== undefined) {
    if (cover === null) decoration.cover = null;
    else if ('external' in cover) decoration.cover = { type: 'external', external: cover.external };
    else throw new Untaught('covers other than external pictures');
  }
  return decoration;
}

function getPage({ id, query }: Request, desk: Desk): PageObjectResponse {
  const page = pageBy(desk, id);
  return page.answer(shown(page.source, query));
}

function updatePage({ id, body, query }: Request, desk: Desk): PageObjectResponse {
  const page = pageBy(desk, id);
  demandShape('UpdatePageBodyParameters', body);
  const given = body as UpdatePageParameters;
  demandTaught(given, ['properties', 'in_trash', 'archived', 'icon', 'cover', 'is_locked']);

  const trash = given.in_trash ?? given.archived;
  if (page.inTrash && trash !== false) {
    throw invalid("Can't edit block that is archived. You must unarchive the block before editing.");
  }
  const only = shown(page.source, query);
  const decoration = decorationOf(given);
  page.source.write(page, given.properties ?? {});
  Object.assign(page, decoration);
  if (trash !== undefined) page.inTrash = trash;
  if (given.is_locked !== undefined) page.isLocked = given.is_locked;
  page.editedAt = desk.now();
  return page.answer(only);
}

function listChildren({ id, query }: Request, desk: Desk): ListBlockChildrenResponse {
  const uuid = demandUuid(id, 'path.block_id');
  const page = desk.workspace.pages.get(uuid);
  if (!page) throw notFound('block', uuid);
  const size = query.get('page_size');
  const paging = {
    page_size: size === null ? undefined : Number(size),
    start_cursor: query.get('start_cursor'),
  };
  const { items, list } = pageOf(page.blocks, paging, 'query');
  return { ...list, results: items, type: 'block', block: {} };
}

function demandBlocks(blocks: readonly BlockObjectRequest[]): void {
  if (blocks.length > 100) {
    throw failedValidation('body', [
      `body.children.length should be ≤ \`100\`, instead was \`${blocks.length}\`.`,
    ]);
  }
  blocks.forEach((block, index) => {
    if (!('paragraph' in block) || 'children' in block.paragraph) {
      throw new Untaught('blocks other than plain paragraphs');
    }
    demandText(block.paragraph.rich_text, `body.children[${index}].paragraph.rich_text`);
  });
}

function blockOf(block: BlockObjectRequest, page: Page): BlockObjectResponse {
  if (!('paragraph' in block)) throw new Untaught('blocks other than plain paragraphs');
  const { rich_text: items, color = 'default' } = block.paragraph;
  return {
    object: 'block',
    id: randomUUID(),
    parent: { type: 'page_id', page_id: page.id },
    created_time: page.created_time,
    created_by: BOT,
    last_edited_time: page.created_time,
    last_edited_by: BOT,
    has_children: false,
    in_trash: false,
    archived: false,
    type: 'paragraph',
    paragraph: { rich_text: items.map(richText), color, icon: null },
  };
}
