import { request } from 'undici';
import type { Night, State } from './history.ts';
import type { Verdict } from './verdict.ts';

const POST_MS = 10_000;
/** Discord refuses a longer message. */
const DISCORD_MOST = 2_000;

interface Note {
  text: string;
  verdict: Pick<Verdict, 'state' | 'startedAt' | 'passed' | 'gated' | 'night'>;
}

/** What a chat is told first: how the state changed since the night before; undefined when it did not. A first night counts from green. */
export function turnOf(
  { state, startedAt }: Pick<Verdict, 'state' | 'startedAt'>,
  nights: readonly Pick<Night, 'state' | 'startedAt'>[],
): string | undefined {
  const before: State = nights.findLast((night) => night.startedAt < startedAt)?.state ?? 'green';
  return before === state ? undefined : `The night turned from ${before} to ${state}.`;
}

/** Posts as the hook's host wants it. Throws when it answers otherwise than 2xx, without its address. */
export async function post(url: string, { text, verdict }: Note): Promise<void> {
  const { statusCode, body } = await request(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(bodyFor(url, { text, verdict })),
    headersTimeout: POST_MS,
    bodyTimeout: POST_MS,
  });
  await body.dump();
  if (statusCode > 299) throw new Error(`answered ${statusCode}`);
}

function bodyFor(url: string, { text, verdict }: Note): unknown {
  const kind = kindOf(url);
  if (kind === 'discord') return { content: text.slice(0, DISCORD_MOST), allowed_mentions: { parse: [] } };
  // Slack reads `<`, `>` and `&` as its own marks, `<!channel>` among them.
  if (kind === 'slack')
    return { text: text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;') };
  const { state, startedAt, passed, gated, night } = verdict;
  return { text, state, startedAt, passed, failed: night.failed, gated };
}

/** By the host; a stand-in on this machine by the first part of the path. */
function kindOf(url: string): 'discord' | 'slack' | 'other' {
  const { hostname, pathname } = new URL(url);
  if (/(^|\.)(discord|discordapp)\.com$/.test(hostname)) return 'discord';
  if (/(^|\.)slack\.com$/.test(hostname)) return 'slack';
  const standIn = hostname === '127.0.0.1' ? /^\/(discord|slack)\//.exec(pathname)?.[1] : undefined;
  return standIn === 'discord' || standIn === 'slack' ? standIn : 'other';
}
