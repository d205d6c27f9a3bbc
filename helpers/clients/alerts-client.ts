import { request } from 'undici';
import { z } from 'zod';
import type { Collection } from '../collection.ts';

const Alert = z.object({
  hook: z.enum(['discord', 'slack']),
  text: z.string(),
  /** The whole message, as its hook got it. */
  body: z.unknown(),
  at: z.number(),
  /** What the hook answered. */
  status: z.number(),
});
export type Alert = z.infer<typeof Alert>;

type Undo = (what: string, action: () => Promise<void>) => void;

/** What the team's chats were told, and a way to let a hook fail. */
export class AlertsClient {
  readonly #url: string;
  readonly #undo: Undo;

  constructor({ url }: { url: string }, undo: Undo) {
    this.#url = url;
    this.#undo = undo;
  }

  /** Every message that says `text`, refused ones included: an execution's id, or a word only one lead has. */
  saying(text: string): Collection<Alert> {
    const query = new URLSearchParams({ containing: text });
    return {
      what: `alerts saying "${text}"`,
      read: async () => z.array(Alert).parse(await this.#call('GET', `/_control/alerts?${query.toString()}`)),
      describe: (alert) =>
        `${new Date(alert.at).toISOString()} ${alert.hook} answered ${alert.status}: ${alert.text}`,
    };
  }

  /** Lets both hooks refuse every message that says `text`, until the test is over. */
  async refuse(text: string, status: number): Promise<void> {
    const answer = await this.#call('POST', '/_control/faults', { containing: text, status });
    const { id } = z.object({ id: z.string() }).parse(answer);
    this.#undo(`fault ${id} at the hooks`, async () => {
      await this.#call('DELETE', `/_control/faults/${id}`);
    });
  }

  async #call(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<unknown> {
    const { statusCode, body: answer } = await request(`${this.#url}${path}`, {
      method,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const text = await answer.text();
    if (statusCode > 299) throw new Error(`Alerts: ${method} ${path} answered ${statusCode}: ${text}`);
    return text === '' ? undefined : (JSON.parse(text) as unknown);
  }
}
