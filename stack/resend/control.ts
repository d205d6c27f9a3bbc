import { Hono } from 'hono';
import { z } from 'zod';
import { ClockOffset, Moment } from '../control-input.ts';
import type { Vars } from './api.ts';
import { FaultRequest } from './faults.ts';
import { inboxPage, MAIL_POLICY, mailPage } from './inbox-page.ts';
import { controlMail, recipientsOf } from './outbox.ts';
import { Refusal } from './refusal.ts';
import { readSendRequest } from './send-request.ts';
import type { State } from './state.ts';

const Clock = z.strictObject({ offsetMs: ClockOffset });
const Lead = z.strictObject({ lead: z.string().includes('@') });
const MailFilter = z.strictObject({
  to: z.string().optional(),
  sender: z.string().optional(),
  since: z.coerce.number().optional(),
});
const Seed = z.strictObject({
  mails: z.array(
    z.strictObject({
      sender: z.enum(['website', 'kestra', 'harness']),
      receivedAt: Moment.optional(),
      idempotencyKey: z.string().optional(),
      correlationId: z.string().optional(),
      request: z.record(z.string(), z.unknown()),
    }),
  ),
});

/** What the harness and people ask and tell the stand-in, under `/_control`, without a key. */
export function controlRoutes(state: State): Hono<Vars> {
  const app = new Hono<Vars>();
  app.onError((error, c) => {
    if (error instanceof z.ZodError) return c.json({ error: z.prettifyError(error) }, 400);
    if (error instanceof SyntaxError) return c.json({ error: 'not JSON' }, 400);
    if (error instanceof Refusal)
      return c.json({ error: error.message }, error.statusCode === 404 ? 404 : 400);
    console.error('The Resend stand-in is broken:', error);
    return c.json({ error: String(error) }, 500);
  });

  app.post('/faults', async (c) => c.json({ id: state.faults.add(FaultRequest.parse(await c.req.json())) }));
  app.get('/faults', (c) => c.json(state.faults.list()));
  app.delete('/faults/:id', (c) =>
    state.faults.remove(c.req.param('id')) ? c.body(null, 204) : c.json({ error: 'no such fault' }, 404),
  );

  app.get('/log', (c) => c.json(state.log.of(c.req.query('lead'))));
  app.get('/mails', (c) => c.json(filteredMails(state, MailFilter.parse(c.req.query())).map(control(state))));
  app.get('/mails/:id', (c) => c.json(control(state)(state.outbox.find(c.req.param('id')))));
  app.get('/mails/:id/html', (c) => {
    c.header('content-security-policy', MAIL_POLICY);
    c.header('x-content-type-options', 'nosniff');
    return c.html(mailPage(state.outbox.find(c.req.param('id'))));
  });
  app.get('/inbox', (c) => {
    const { to, sender, mail } = c.req.query();
    const { html, policy } = inboxPage(state, { to, sender, selected: mail });
    c.header('content-security-policy', policy);
    return c.html(html);
  });
  app.get('/state', (c) =>
    c.json({
      untaught: state.untaught,
      refusedRecipients: state.outbox.refusedRecipients,
      counts: {
        mails: state.outbox.mails.length,
        calls: state.log.size,
        rateLimited: state.rateLimit.refused,
        faults: state.faults.list().length,
        idempotencyKeys: state.idempotency.size,
      },
    }),
  );

  app.post('/forget-idempotency', async (c) => {
    const { lead } = Lead.parse(await c.req.json());
    return c.json({ forgotten: state.idempotency.forget(lead) });
  });
  app.post('/clock', async (c) => {
    state.clock.offsetMs = Clock.parse(await c.req.json()).offsetMs;
    return c.json({ now: state.clock.now() });
  });
  app.post('/reset', (c) => {
    state.reset();
    return c.body(null, 204);
  });
  app.post('/seed', async (c) => {
    const { mails } = Seed.parse(await c.req.json());
    const seeded = mails.map(({ sender, receivedAt, idempotencyKey = null, correlationId = null, request }) =>
      state.outbox.store(
        readSendRequest(request, state.clock.now()),
        { sender, idempotencyKey, correlationId },
        receivedAt,
      ),
    );
    return c.json({ ids: seeded.map(({ id }) => id) });
  });

  app.all('*', (c) => c.json({ error: `no control route ${c.req.method} ${c.req.path}` }, 404));
  return app;
}

const control = (state: State) => (mail: Parameters<typeof controlMail>[1]) =>
  controlMail(state.outbox, mail);

/** In the order of arrival. */
function filteredMails(state: State, { to, sender, since = 0 }: z.infer<typeof MailFilter>) {
  return state.outbox.mails.filter(
    (mail) =>
      mail.receivedAt >= since &&
      (sender === undefined || mail.sender === sender) &&
      (to === undefined || recipientsOf(mail).includes(to.toLowerCase())),
  );
}
