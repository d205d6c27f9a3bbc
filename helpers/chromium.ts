import { findSetup } from '../stack/setup-file.ts';
import { readEnv } from './env.ts';

/** The Chromium to drive: the given one, else the one that set-up found. */
export function chromiumPath(): string | undefined {
  return readEnv().CHROMIUM_PATH ?? findSetup()?.chromium.executable;
}

/** Quiet and closed: a page can reach this machine and nothing else, whatever it asks for. */
export const CHROMIUM_ARGUMENTS = [
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
