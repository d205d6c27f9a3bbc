import type { Client } from '@notionhq/client';
import { z } from 'zod';

/** The client's own type: a narrower one than fetch's. */
type Fetch = NonNullable<NonNullable<ConstructorParameters<typeof Client>[0]>['fetch']>;

/** fetch, for what the harness sends: JSON, never a file. */
export const jsonFetch: Fetch = async (url, { method = 'GET', headers = {}, body } = {}) => {
  if (typeof body !== 'string' && body !== undefined) throw new Error('The harness sends Notion no files.');
  const answer = await fetch(url, { method, headers, ...(body !== undefined && { body }) });
  return { ok: answer.ok, status: answer.status, headers: answer.headers, text: () => answer.text() };
};

const Refusal = z.looseObject({ code: z.string().default('no code'), message: z.string().default('') });

/**
 * `fetch` for Notion's client, whose own errors leave out the status: one that tells of an outage says so at its start,
 * `Notion answered 503 (service_unavailable): …`, and one without an answer says `Notion: GET /v1/… got no answer`.
 */
export const tellingOutages =
  (inner: Fetch): Fetch =>
  async (url, init) => {
    const answer = await inner(url, init).catch((cause: unknown) => {
      throw new Error(`Notion: ${init?.method ?? 'GET'} ${new URL(String(url)).pathname} got no answer`, {
        cause,
      });
    });
    if (answer.status !== 429 && answer.status < 500) return answer;
    const text = retold(await answer.text(), answer.status);
    return { ok: false, status: answer.status, headers: answer.headers, text: () => Promise.resolve(text) };
  };

/** What is not JSON, a proxy's page, is told by the client itself. */
function retold(text: string, status: number): string {
  try {
    const body = Refusal.parse(JSON.parse(text));
    return JSON.stringify({
      ...body,
      message: `Notion answered ${status} (${body.code}): ${body.message}`,
    });
  } catch {
    return text;
  }
}
