import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { openDoor } from './doors.ts';
import { reservePort } from './reserved-port.ts';

const NONE_FREE = /^Error: No port of 127\.0\.0\.1 from \d+ to \d+ was free/;

test('a reserved port can be listened at, and is none that a system gives to others', async () => {
  const port = await reservePort();
  await listenAt(port).then(({ close }) => close());

  assert.ok(port < 32_768, String(port));
});

test('a port is reserved once, although nobody listens at it', async () => {
  const port = await reservePort();

  await assert.rejects(reservePort([port, port + 1]), NONE_FREE);
});

test('a port at which somebody listens is not reserved', async () => {
  const { port, close } = await listenAt(0);
  try {
    await assert.rejects(reservePort([port, port + 1]), NONE_FREE);
  } finally {
    await close();
  }
});

test('a closed door keeps its port', async () => {
  const door = await openDoor({});
  await door.close();
  const port = Number(new URL(door.url).port);

  await assert.rejects(reservePort([port, port + 1]), NONE_FREE);
  assert.ok(port < 32_768, 'a port that the system gives to others');
});

async function listenAt(wanted: number): Promise<{ port: number; close: () => Promise<void> }> {
  const server = createServer().listen(wanted, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(typeof address === 'object' && address);
  return {
    port: address.port,
    close: async () => {
      await once(server.close(), 'close');
    },
  };
}
