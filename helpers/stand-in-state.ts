import { request } from 'undici';
import { z } from 'zod';

const State = z.looseObject({
  untaught: z.array(z.looseObject({ method: z.string(), path: z.string(), at: z.number() })),
  refusedRecipients: z.array(z.looseObject({ at: z.number() })).default([]),
});

/**
 * What happened at a stand-in since `since` that must fail any run: a call of a route it was not taught (the flows
 * need more than we checked), or a mail to somebody outside the test mailbox. One sentence each.
 */
export async function offencesAt(name: string, url: string, since: number): Promise<string[]> {
  const { statusCode, body } = await request(`${url}/_control/state`);
  const text = await body.text();
  if (statusCode !== 200) return [`${name} answered ${statusCode} when asked for its state: ${text}`];
  const { untaught, refusedRecipients } = State.parse(JSON.parse(text));
  const calls = untaught.filter(({ at }) => at >= since).map(({ method, path }) => `${method} ${path}`);
  return [
    ...[...new Set(calls)].map((call) => `${name} was asked for a route it does not know: ${call}`),
    ...refusedRecipients
      .filter(({ at }) => at >= since)
      .map(
        (refused) =>
          `${name} refused a mail to an address outside the test mailbox: ${JSON.stringify(refused)}`,
      ),
  ];
}
