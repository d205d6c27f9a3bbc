import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { z } from 'zod';
import { guards, type Listening, openDoor } from '../doors.ts';
import { parseJson } from '../json.ts';
import { MOST_UNTAUGHT, remember } from '../remember.ts';

type Hook = 'discord' | 'slack';

/** Slack takes 40,000 characters, Discord 2,000. */
const MOST_BYTES = 256 * 1024;
const MOST_ARRIVALS = 2_000;

/** What came in at a hook, refused ones too. */
interface Arrival {
  hook: Hook;
  text: string;
  body: unknown;
  at: number;
  status: number;
}

export interface RunningAlerts {
  url: string;
  /** The addresses that the engine is given; each holds a secret. */
  hooks: Record<Hook, string>;
  close(): Promise<void>;
}

const Fault = z.strictObject({ containing: z.string().min(1), status: z.int().min(400).max(599) });

/** As Discord's API has it, less what nobody here sends. */
const DiscordMessage = z.strictObject({
  content: z.string().min(1).max(2000),
  allowed_mentions: z.strictObject({ parse: z.array(z.enum(['everyone', 'roles', 'users'])) }).optional(),
});
const SlackMessage = z.strictObject({ text: z.string().min(1).max(40_000) });

/** What a hook's message says, however wrong the rest of it is: faults and records go by that. */
const Said = z
  .looseObject({ content: z.string().optional(), text: z.string().optional() })
  .catch({})
  .transform(({ content, text }) => content ?? text ?? '');

/** The addresses of a stand-in's hooks. */
export const hooksAt = (url: string, tokens: Record<Hook, string>): Record<Hook, string> => ({
  discord: `${url}/discord/${tokens.discord}`,
  slack: `${url}/slack/${tokens.slack}`,
});

/** Starts a stand-in for the incoming hooks of Discord and Slack on this machine's loopback address, or as `listen` says. */
export async function startAlerts(
  tokens: Record<Hook, string>,
  listen: Listening = {},
): Promise<RunningAlerts> {
  const arrivals: Arrival[] = [];
  const untaught: Array<{ method: string; path: string; at: number }> = [];
  const faults = new Map<string, z.infer<typeof Fault>>();
  const app = new Hono().use(...guards(MOST_BYTES, listen.host));

  /** Answers as `usual` does unless a fault is set for what the message says; notes the arrival either way. */
  const take = async (
    request: Request,
    hook: Hook,
    usual: (body: unknown) => Response,
  ): Promise<Response> => {
    const body = parseJson(await request.text());
    const text = Said.parse(body);
    const fault = [...faults.values()].find(({ containing }) => text.includes(containing));
    const answer = fault ? new Response('as told', { status: fault.status }) : usual(body);
    const arrival = { hook, at: Date.now(), status: answer.status };
    // What came with a wrong token is a stranger's, and not kept.
    const isOurs = new URL(request.url).pathname === `/${hook}/${tokens[hook]}`;
    remember(
      arrivals,
      { ...arrival, ...(isOurs ? { text, body } : { text: '', body: undefined }) },
      MOST_ARRIVALS,
    );
    return answer;
  };

  app.post('/discord/:token', (c) =>
    take(c.req.raw, 'discord', (body) => {
      if (c.req.param('token') !== tokens.discord) {
        return c.json({ message: 'Invalid Webhook Token', code: 50_027 }, 401);
      }
      const { data, error } = DiscordMessage.safeParse(body);
      if (!data) return c.json({ code: 50_035, message: z.prettifyError(error) }, 400);
      return c.req.query('wait') === 'true'
        ? c.json({ id: randomUUID(), type: 0, content: data.content })
        : c.body(null, 204);
    }),
  );
  app.post('/slack/:token', (c) =>
    take(c.req.raw, 'slack', (body) => {
      if (c.req.param('token') !== tokens.slack) return c.text('invalid_token', 403);
      return SlackMessage.safeParse(body).success ? c.text('ok') : c.text('invalid_payload', 400);
    }),
  );

  app.get('/_control/alerts', (c) => {
    const containing = c.req.query('containing') ?? '';
    return c.json(arrivals.filter(({ text }) => text.includes(containing)));
  });
  app.get('/_control/state', (c) => c.json({ untaught }));
  app.post('/_control/faults', async (c) => {
    const fault = Fault.safeParse(parseJson(await c.req.text()));
    if (!fault.success) return c.json({ error: z.prettifyError(fault.error) }, 400);
    const id = randomUUID();
    faults.set(id, fault.data);
    return c.json({ id });
  });
  app.delete('/_control/faults/:id', (c) =>
    faults.delete(c.req.param('id')) ? c.body(null, 204) : c.json({ error: 'no such fault' }, 404),
  );
  app.all('*', (c) => {
    // The path may hold a token, and this is shown in a failed run's message.
    const path = c.req.path.replace(/(\/(?:discord|slack)\/).*/, '$1…');
    remember(untaught, { method: c.req.method, path, at: Date.now() }, MOST_UNTAUGHT);
    return c.json({ error: `no route ${c.req.method} ${path}` }, 501 as ContentfulStatusCode);
  });

  const door = await openDoor(listen);
  door.open(app.fetch);
  return { url: door.url, hooks: hooksAt(door.url, tokens), close: door.close };
}
