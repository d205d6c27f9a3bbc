import { request } from 'undici';

export interface Asked {
  status: number;
  text: string;
  /** The server's `Date` header, and this machine's clock around the call. */
  date: string | undefined;
  askedAt: number;
  answeredAt: number;
}

/** GETs an address. Throws, with the address's origin alone, when nobody answers. */
export async function ask(
  url: string,
  { headers = {}, signal }: { headers?: Record<string, string>; signal: AbortSignal },
): Promise<Asked> {
  const askedAt = Date.now();
  const answer = await request(url, {
    signal,
    headers: { 'user-agent': 'funnel-e2e doctor', ...headers },
  }).catch((cause: unknown) => {
    throw new Error(`no answer from ${new URL(url).origin}${whyOf(cause)}`, { cause });
  });
  const answeredAt = Date.now();
  const { date } = answer.headers;
  return {
    status: answer.statusCode,
    text: await answer.body.text(),
    date: typeof date === 'string' && !Number.isNaN(Date.parse(date)) ? date : undefined,
    askedAt,
    answeredAt,
  };
}

/** The name of a fault of the net, such as ECONNREFUSED. */
function whyOf(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' ? ` (${code})` : '';
}
