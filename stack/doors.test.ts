import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, test } from 'node:test';
import { readListenAddress } from '../helpers/env.ts';
import { startAlerts } from './alerts/server.ts';
import { type Door, openDoor } from './doors.ts';
import { startNotion } from './notion/server.ts';
import { root } from './paths.ts';
import { startResend } from './resend/server.ts';
import { startWebsite } from './website/server.ts';

const STARTS: Record<string, (host: string) => Promise<{ close: () => Promise<void> }>> = {
  Notion: (host) => startNotion({ tokens: [], host }),
  Resend: (host) => startResend({ keys: [], testMailbox: 'ada@mail.test', host }),
  alerts: (host) => startAlerts({ discord: 'd', slack: 's' }, { host }),
  'the website': (host) => startWebsite({ host }),
};
const elsewhere = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .filter(({ internal, family }) => !internal && family === 'IPv4')
  .map(({ address }) => address);

for (const [name, start] of Object.entries(STARTS)) {
  test(`${name} refuses to listen beyond the loopback address, and says how to allow it`, async () => {
    for (const host of ['0.0.0.0', '::', '', 'example.test', ...elsewhere]) {
      const outcome = await start(host).then(
        (started) => started.close().then(() => 'started'),
        (error: Error) => error.message,
      );
      assert.match(outcome, /^Not started: .*other machines.*STACK_LISTEN=/, host);
    }
  });
}

test('nothing in the stack opens a port but by its one door', () => {
  const sources = readdirSync(join(root, 'stack'), { recursive: true, encoding: 'utf8' }).filter((file) =>
    /(?<!\.test)\.ts$/.test(file),
  );
  const opening = sources.filter((file) =>
    /\.listen\(|\bserve\(/.test(readFileSync(join(root, 'stack', file), 'utf8')),
  );

  // A port is looked at before it is reserved, at 127.0.0.1, and closed again.
  assert.deepEqual(opening.toSorted(), ['doors.ts', 'reserved-port.ts']);
});

/** Closed whatever becomes of a test: an open one would keep its process for ever. */
const opened: Door[] = [];
async function aDoor(...settings: Parameters<typeof openDoor>): Promise<Door> {
  const door = await openDoor(...settings);
  opened.push(door);
  return door;
}

describe('a door', () => {
  afterEach(async () => {
    for (const door of opened.splice(0)) await door.close();
  });

  test('opens for the address that STACK_LISTEN names as well, and for no other', async () => {
    const allowed = readListenAddress({ STACK_LISTEN: '0.0.0.0' });
    const door = await aDoor({ host: '0.0.0.0' }, { allowed });
    assert.match(door.url, /^http:\/\/127\.0\.0\.1:\d+$/);

    await assert.rejects(aDoor({ host: '::' }, { allowed }), /Not started/);
  });

  test('cannot be reached at another address of this machine', async () => {
    const door = await aDoor({});
    door.open(() => new Response('inside'));
    const { port } = new URL(door.url);
    const reached = await Promise.all(
      elsewhere.map(async (address) => [address, await isOpen(address, port)]),
    );
    const here = await isOpen('127.0.0.1', port);

    assert.deepEqual(
      reached,
      elsewhere.map((address) => [address, false]),
    );
    assert.ok(here);
  });

  test('answers others while many send their requests drop by drop', async () => {
    const door = await aDoor({});
    door.open(async (request) => new Response(await request.text()));
    await Promise.all(Array.from({ length: 50 }, () => drip(door)));
    const meanwhile = await fetch(door.url, { method: 'POST', body: 'quick' });

    assert.equal(await meanwhile.text(), 'quick');
  });

  test('hangs up on who never comes to the end of a request', async () => {
    const door = await aDoor({}, { requestMs: 500 });
    door.open(async (request) => new Response(await request.text()));
    const { ended } = await drip(door);

    assert.match(await ended, /^HTTP\/1\.1 408/);
  });
});

const isOpen = (host: string, port: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host, port: Number(port) });
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.unref();
  });

/** A request whose body never comes whole; settles when it is under way. */
function drip({ url }: Door): Promise<{ ended: Promise<string> }> {
  const socket = connect({ host: '127.0.0.1', port: Number(new URL(url).port) });
  let answer = '';
  socket.on('data', (data) => (answer += data.toString()));
  const ended = new Promise<string>((resolve) => socket.once('close', () => resolve(answer)));
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.write('POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\n.', () =>
      resolve({ ended }),
    );
  });
}
