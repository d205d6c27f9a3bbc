import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';

const LOOPBACK = '127.0.0.1';

type Range = readonly [from: number, below: number];

/** Below those that a system gives to whoever asks for any port: Linux begins at 32768, macOS and Windows at 49152. */
const RANGE: Range = [20_000, 32_000];
const TRIES = 200;

/**
 * A free TCP port of the loopback address that stays the caller's until this process ends, also while nothing listens at it,
 * so that a server which was closed or killed comes back at its address. Throws when no port is free.
 */
export async function reservePort([from, below]: Range = RANGE): Promise<number> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const port = randomInt(from, below);
    // TCP does not mind it; of all processes that reserve, the system lets one have it, and takes it back when that dies.
    const reservation = createSocket('udp4');
    if ((await bound(reservation.bind(port, LOOPBACK))) && (await isFree(port))) {
      reservation.unref();
      return port;
    }
    reservation.close();
  }
  throw new Error(
    `No port of ${LOOPBACK} from ${from} to ${below - 1} was free in ${TRIES} tries: end what listens there.`,
  );
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, LOOPBACK);
  if (!(await bound(server))) return false;
  await once(server.close(), 'close');
  return true;
}

const bound = (socket: NodeJS.EventEmitter): Promise<boolean> =>
  once(socket, 'listening').then(
    () => true,
    () => false,
  );
