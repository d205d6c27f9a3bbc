import { findSetup } from '../stack/setup-file.ts';
import { readEnv } from './env.ts';
import { siteHost } from './foreign-requests.ts';

/** The Chromium to drive: the given one, else the one that set-up found. */
export function chromiumPath(): string | undefined {
  return readEnv().CHROMIUM_PATH ?? findSetup()?.chromium.executable;
}

const hosts = ['127.0.0.1', 'localhost', ...siteHost()];

/** Quiet and closed: a page can reach this machine, and the real site where a run is for it, whatever it asks for. */
export const CHROMIUM_ARGUMENTS = [
  `--host-resolver-rules=MAP * ~NOTFOUND, ${hosts.map((host) => `EXCLUDE ${host}`).join(', ')}`,
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
