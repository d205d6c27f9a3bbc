import { Hono } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { z } from 'zod';
import { ClockOffset } from '../control-input.ts';
import type { Desk } from './api.ts';
import { FaultOrder } from './calls.ts';
import { NotionError } from './errors.ts';
import { DATABASE_NAMES } from './schema.ts';
import { tablesPage } from './tables.ts';
import type { Plain } from './values.ts';
import type { Page, Source } from './workspace.ts';

/** A row as harness and people read it: plain values, and times to the millisecond, which Notion itself never gives. */
export interface PlainRow {
  id: string;
  createdAt: string;
  editedAt: string;
  inTrash: boolean;
  values: Record<string, Plain>;
}

export interface ControlDesk extends Desk {
  clock: { offsetMs: number };
  reset(): void;
}

const Database = z.enum(DATABASE_NAMES);
const SeedOrder = z.array(
  z.strictObject({
    database: Database,
    values: z.record(
      z.string(),
      z.union([z.string(), z.number(), z.boolean(), z.array(z.string()), z.null()]),
    ),
  }),
);
const ClockOrder = z.strictObject({ offsetMs: ClockOffset });

/** Routes for the harness and for people, without a token: the server listens on this machine only. */
export function controlRoutes(desk: ControlDesk): Hono {
  const app = new Hono();
  app.onError((error, c) => {
    const refused =
      error instanceof z.ZodError || error instanceof SyntaxError || error instanceof NotionError;
    const message = error instanceof z.ZodError ? z.prettifyError(error) : error.message;
    return c.json({ error: message }, (refused ? 400 : 500) satisfies ContentfulStatusCode);
  });

  app.post('/faults', async (c) => {
    const { id } = desk.faults.order(FaultOrder.parse(await c.req.json()));
    return c.json({ id }, 201);
  });
  app.get('/faults', (c) => c.json(desk.faults.list()));
  app.delete('/faults/:id', (c) => c.body(null, desk.faults.remove(c.req.param('id')) ? 204 : 404));

  app.get('/log', (c) => c.json(desk.calls.of(c.req.query('lead'))));
  app.get('/state', (c) => {
    const calls = desk.calls.of(undefined);
    const rows = desk.workspace.sources.map(({ name, pages }) => [name, pages.length] as const);
    return c.json({
      untaught: desk.untaught,
      counts: {
        calls: calls.length,
        refused: calls.filter(({ status }) => status >= 400).length,
        rateLimited: desk.quota.refused,
        ...Object.fromEntries(rows),
      },
    });
  });

  app.get('/rows', (c) => {
    const source = desk.workspace.source(Database.parse(c.req.query('database')));
    return c.json(rowsOf(source, c.req.query('email')).map(plainRow));
  });
  app.get('/tables', (c) => {
    const email = c.req.query('email')?.trim();
    const all = c.req.query('all') !== undefined;
    // The page needs nothing but its own style sheet, so nothing in a row can make it do more.
    c.header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'");
    return c.html(tablesPage({ sources: desk.workspace.sources, rowsOf, email, all, now: desk.now() }));
  });

  app.post('/clock', async (c) => {
    desk.clock.offsetMs = ClockOrder.parse(await c.req.json()).offsetMs;
    return c.json({ now: new Date(desk.now()).toISOString() });
  });
  app.post('/reset', (c) => {
    desk.reset();
    return c.body(null, 204);
  });
  app.post('/seed', async (c) => {
    const pages = desk.workspace.seed(SeedOrder.parse(await c.req.json()), desk.now());
    return c.json({ ids: pages.map(({ id }) => id) }, 201);
  });

  app.all('*', (c) => c.json({ error: `No such control route: ${c.req.method} ${c.req.path}` }, 404));
  return app;
}

/** A database's rows, newest first, of one lead when an address is given. Trashed ones are among them. */
function rowsOf(source: Source, email: string | undefined): Page[] {
  const address = source.properties.find(({ type }) => type === 'email');
  const wanted = email?.toLowerCase();
  return source.pages
    .filter((page) => !wanted || (address && String(page.plain(address)).toLowerCase() === wanted))
    .toReversed();
}

function plainRow(page: Page): PlainRow {
  return {
    id: page.id,
    createdAt: new Date(page.createdAt).toISOString(),
    editedAt: new Date(page.editedAt).toISOString(),
    inTrash: page.inTrash,
    values: Object.fromEntries(
      page.source.properties.map((property) => [property.name, page.plain(property)]),
    ),
  };
}
