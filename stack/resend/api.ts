import { setTimeout as delay } from 'node:timers/promises';
import type { Context, Hono, MiddlewareHandler } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { cutHalfway } from '../cut-answer.ts';
import { parseJson } from '../json.ts';
import { beLate } from '../late.ts';
import { MOST_UNTAUGHT, remember } from '../remember.ts';
import type { LoggedCall } from './call-log.ts';
import type { Fault } from './faults.ts';
import { listedMail, wholeMail, type Mail } from './outbox.ts';
import {
  badRequest,
  invalidApiKey,
  invalidField,
  methodNotAllowed,
  missingApiKey,
  Refusal,
  restrictedApiKey,
  tooManyRequests,
  untaught,
  usualRefusal,
} from './refusal.ts';
import { readBatch, readReschedule, readSendRequest } from './send-request.ts';
import type { ApiKey, State } from './state.ts';

export interface Vars {
  Variables: {
    key: ApiKey;
    call: LoggedCall;
    leads: ReadonlySet<string>;
    body: unknown;
    fault: Fault | undefined;
  };
}
type Middleware = MiddlewareHandler<Vars>;

/** Resend has `receiving` and `metrics` where a mail's id goes; they are as untaught as any other path. */
const TAUGHT = /^\/(?:domains|emails(?:\/batch|\/(?!receiving$|metrics$)[^/]+(?:\/cancel)?)?)$/;
const NOT_JSON = Symbol('not JSON');

/** Adds Resend's `/emails` routes and the list of domains: one middleware a concern, each met before the next. */
export function addResendApi(app: Hono<Vars>, state: State): void {
  app.use(
    logged(state),
    authenticated(state),
    taught(state),
    permitted,
    limited(state),
    faulty(state),
    wellFormed,
  );

  app.post('/emails', late(state), idempotent(state), slow, (c) => {
    const [mail] = state.outbox.accept([readSendRequest(c.var.body, state.clock.now())], originOf(c));
    return c.json({ id: mail?.id });
  });
  app.post('/emails/batch', late(state), idempotent(state), slow, (c) => {
    const mails = state.outbox.accept(readBatch(c.var.body, state.clock.now()), originOf(c));
    return c.json({ data: mails.map(({ id }) => ({ id })) });
  });
  app.get('/emails', slow, (c) => {
    const { limit, after, before } = c.req.query();
    if (after !== undefined && before !== undefined) {
      throw invalidField('The `after` and `before` parameters cannot be used together.');
    }
    const { mails, hasMore } = state.outbox.page(readLimit(limit), { after, before });
    return c.json({
      object: 'list',
      has_more: hasMore,
      data: mails.map((mail) => listedMail(state.outbox, mail)),
    });
  });
  app.all('/emails/batch', refuseMethod(state));
  app.get('/emails/:id', slow, (c) => c.json(wholeMail(state.outbox, state.outbox.find(c.req.param('id')))));
  app.patch('/emails/:id', slow, (c) => {
    const { id } = state.outbox.find(c.req.param('id'));
    return c.json(changed(state.outbox.reschedule(id, readReschedule(c.var.body, state.clock.now()))));
  });
  app.post('/emails/:id/cancel', slow, (c) => c.json(changed(state.outbox.cancel(c.req.param('id')))));
  app.get('/domains', (c) => c.json({ object: 'list', has_more: false, data: state.domains }));
  app.all('*', refuseMethod(state));

  app.onError((error, c) => {
    if (error instanceof Refusal) return refusal(c, error);
    console.error('The Resend stand-in is broken:', error);
    return refusal(c, usualRefusal(500));
  });
}

const changed = ({ id }: Mail) => ({ object: 'email', id });

const refusal = (c: Context<Vars>, { body }: Refusal) =>
  c.json(body, body.statusCode as ContentfulStatusCode);

const originOf = (c: Context<Vars>) => ({
  sender: c.var.key.name,
  idempotencyKey: c.req.header('idempotency-key') ?? null,
  correlationId: c.req.header('x-correlation-id') ?? null,
});

/** Keeps every call, the refused ones too, and puts the rate limit's headers on every answer. */
const logged =
  (state: State): Middleware =>
  async (c, next) => {
    const text = await c.req.text();
    const body = parse(text);
    const correlationId = c.req.header('x-correlation-id');
    const { call, leads } = state.log.record({
      at: state.clock.now(),
      method: c.req.method,
      path: c.req.path,
      ...(correlationId !== undefined && { correlationId }),
      body: body === NOT_JSON ? text : body,
    });
    c.set('call', call);
    c.set('leads', leads);
    c.set('body', body);

    await next();

    call.status = c.res.status;
    c.header('date', new Date(state.clock.now()).toUTCString());
    // What came without one of our keys is a stranger's, and not kept.
    if (call.who === null) call.body = undefined;
    for (const [name, value] of Object.entries(state.rateLimit.headers)) c.header(name, value);
  };

const authenticated =
  (state: State): Middleware =>
  async (c, next) => {
    const token = /^Bearer (\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1];
    if (token === undefined) throw missingApiKey();
    const key = state.keys.get(token);
    if (!key) throw invalidApiKey();
    c.set('key', key);
    c.var.call.who = key.name;
    // Resend's edge turns a nameless client away, in its own plain words.
    if (!c.req.header('user-agent')) return c.text('error code: 1010', 403);
    return next();
  };

const taught =
  (state: State): Middleware =>
  async (c, next) => {
    // Permissive batches answer in another shape, which nobody needs here.
    const permissive = c.req.header('x-batch-validation') === 'permissive';
    if (TAUGHT.test(c.req.path) && !permissive) return next();
    noteUntaught(state, c);
    throw untaught(c.req.method, c.req.path);
  };

const permitted: Middleware = async (c, next) => {
  const sends = c.req.method === 'POST' && /^\/emails(?:\/batch)?$/.test(c.req.path);
  if (c.var.key.permission === 'sending_access' && !sends) throw restrictedApiKey();
  await next();
};

const limited =
  (state: State): Middleware =>
  async (c, next) => {
    if (state.latencyMs > 0) await delay(state.latencyMs);
    if (state.rateLimit.take()) return next();
    c.header('retry-after', '1');
    throw tooManyRequests();
  };

/** Misbehaves as told: before the call is looked at, or (`acceptThenFail`) after it did its work. */
const faulty =
  (state: State): Middleware =>
  async (c, next) => {
    const fault = state.faults.take({ method: c.req.method, path: c.req.path, leads: c.var.leads });
    c.set('fault', fault);
    if (!fault) return next();
    c.var.call.fault = fault.id;

    const fails = fault.status !== undefined || fault.hang === true;
    if (fails && !fault.acceptThenFail) return misbehave(c, fault);
    await next();
    if (fault.acceptThenFail && c.res.ok) c.res = await misbehave(c, fault);
    if (fault.cut) c.res = await cutHalfway(c, c.res);
  };

async function misbehave(c: Context<Vars>, fault: Fault): Promise<Response> {
  await delay(fault.delayMs ?? 0, undefined, { ref: false });
  if (fault.hang) return new Promise<never>(() => {});
  const usual = usualRefusal(fault.status ?? 500);
  const headers = { ...(usual.statusCode === 429 && { 'retry-after': '1' }), ...fault.headers };
  const told = new Refusal(usual.statusCode, fault.code ?? usual.code, fault.message ?? usual.message);
  return c.json(told.body, told.statusCode as ContentfulStatusCode, headers);
}

const wellFormed: Middleware = async (c, next) => {
  if (c.var.body === NOT_JSON) throw badRequest('The body is not valid JSON.');
  if (c.var.body !== undefined && !/^application\/json\b/i.test(c.req.header('content-type') ?? '')) {
    throw badRequest('The body must be sent as `application/json`.');
  }
  await next();
};

const idempotent =
  (state: State): Middleware =>
  async (c, next) => {
    const key = c.req.header('idempotency-key');
    if (key === undefined) return next();
    const earlier = state.idempotency.begin(key, {
      payload: c.var.body,
      addresses: c.var.leads,
    });
    if (earlier) return c.json(earlier.answer);

    await next();
    if (c.res.ok) state.idempotency.finish(key, await c.res.clone().json());
    else state.idempotency.abandon(key);
  };

/** The mail is out, and who sent it hears of that later. */
const late =
  (state: State): Middleware =>
  async (_, next) => {
    await next();
    await beLate(state.lateMs);
  };

/** A fault that only delays: the mail is taken late, and its idempotency key is in progress until then. */
const slow: Middleware = async (c, next) => {
  if (c.var.fault && !c.var.fault.acceptThenFail)
    await delay(c.var.fault.delayMs ?? 0, undefined, { ref: false });
  await next();
};

const refuseMethod = (state: State) => (c: Context<Vars>) => {
  noteUntaught(state, c);
  throw methodNotAllowed();
};

const noteUntaught = (state: State, c: Context<Vars>) =>
  remember(state.untaught, { method: c.req.method, path: c.req.path, at: state.clock.now() }, MOST_UNTAUGHT);

function readLimit(limit: string | undefined): number {
  if (limit === undefined) return 20;
  const count = /^\d{1,3}$/.test(limit) ? Number(limit) : 0;
  if (count < 1 || count > 100)
    throw invalidField('The `limit` parameter must be a number between 1 and 100.');
  return count;
}

function parse(text: string): unknown {
  if (text === '') return undefined;
  const value = parseJson(text);
  return value === undefined ? NOT_JSON : value;
}
