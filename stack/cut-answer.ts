import type { ServerResponse } from 'node:http';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { Context, Env } from 'hono';

/** Sends the first half of `answer` and breaks the connection, as a network does that fails at the wrong moment. */
export async function cutHalfway<E extends Env>(c: Context<E>, answer: Response): Promise<Response> {
  const { outgoing } = c.env as { outgoing: ServerResponse };
  const whole = Buffer.from(await answer.arrayBuffer());
  outgoing.writeHead(answer.status, {
    ...Object.fromEntries(answer.headers),
    'content-length': whole.length,
  });
  outgoing.write(whole.subarray(0, Math.floor(whole.length / 2)), () => outgoing.destroy());
  return RESPONSE_ALREADY_SENT;
}
