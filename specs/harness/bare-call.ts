import { request } from 'undici';

export interface Call {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path?: string;
  /** Null leaves one out that would be sent otherwise. */
  headers?: Record<string, string | null>;
  body?: unknown;
  /** Sent as it stands, instead of `body`. */
  raw?: string;
  signal?: AbortSignal;
}

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  /** Parsed where it is JSON. */
  body: unknown;
}

/** A call past a stand-in's own client, for what that client would not let through. */
export async function bareCall(
  url: string,
  { method = 'GET', headers, body, raw, signal }: Omit<Call, 'path'>,
): Promise<Answer> {
  const sent = raw ?? (body === undefined ? undefined : JSON.stringify(body));
  const all = { ...(sent !== undefined && { 'content-type': 'application/json' }), ...headers };
  const answer = await request(url, {
    method,
    headers: Object.fromEntries(
      Object.entries(all).filter((pair): pair is [string, string] => pair[1] !== null),
    ),
    ...(sent !== undefined && { body: sent }),
    ...(signal && { signal }),
  });
  const text = await answer.body.text();
  const isJson = String(answer.headers['content-type']).startsWith('application/json');
  return {
    status: answer.statusCode,
    headers: answer.headers,
    body: isJson ? (JSON.parse(text) as unknown) : text,
  };
}
