import { connect } from 'node:net';

/** A request as bytes have it: what clients of a kinder make would not send at all. */
export interface RawRequest {
  method: string;
  /** As it stands in the request line. */
  target: string;
  headers: readonly (readonly [name: string, value: string])[];
  body: Buffer;
  /** How the body's length is told. */
  framing: 'length' | 'chunked';
}

export interface RawAnswer {
  /** Undefined when the server hung up without one. */
  status: number | undefined;
  text: string;
}

const CHUNK = 64 * 1024;

/** Sends bytes and reads until the server hangs up. Throws when it neither answers nor hangs up within `withinMs`. */
export function sendRaw(url: string, request: RawRequest, withinMs: number): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port) });
    const parts: Buffer[] = [];
    const told = (): RawAnswer => {
      const text = Buffer.concat(parts).toString('latin1');
      const [, status] = /^HTTP\/[\d.]+ (\d{3})/.exec(text) ?? [];
      return { status: status === undefined ? undefined : Number(status), text };
    };
    const timer = setTimeout(() => {
      socket.destroy();
      reject(new Error(`No answer within ${withinMs} ms to ${sketchOf(request)}`));
    }, withinMs);
    socket.on('data', (data) => parts.push(data));
    // Who refuses a body hangs up while it is still coming: what was answered before counts.
    socket.on('error', () => undefined);
    socket.once('close', () => {
      clearTimeout(timer);
      resolve(told());
    });
    socket.write(bytesOf(request, hostname));
  });
}

function bytesOf({ method, target, headers, body, framing }: RawRequest, host: string): Buffer {
  const given = headers.map(([name]) => name.toLowerCase());
  const lines = [
    ...(given.includes('host') ? [] : [`Host: ${host}`]),
    'Connection: close',
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...(framing === 'chunked' ? ['Transfer-Encoding: chunked'] : [`Content-Length: ${body.length}`]),
  ];
  const head = Buffer.from(`${method} ${target} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`, 'latin1');
  return Buffer.concat([head, ...(framing === 'chunked' ? chunksOf(body) : [body])]);
}

function chunksOf(body: Buffer): Buffer[] {
  const chunks: Buffer[] = [];
  for (let start = 0; start < body.length; start += CHUNK) {
    const chunk = body.subarray(start, start + CHUNK);
    chunks.push(Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from('\r\n'));
  }
  return [...chunks, Buffer.from('0\r\n\r\n')];
}

const SHORT = 200;

/** A request in a line, for whoever has to send it again. */
export function sketchOf({ method, target, headers, body, framing }: RawRequest): string {
  const cut = (text: string): string =>
    text.length > SHORT ? `${text.slice(0, SHORT)}… (${text.length} characters)` : text;
  const told = headers.map(([name, value]) => `${name}: ${cut(value)}`).join(', ');
  return `${method} ${cut(target)} [${told}] ${framing} ${JSON.stringify(cut(body.toString('latin1')))}`;
}
