import type { BrowserContext } from '@playwright/test';
import { readEnv } from './env.ts';

const LOCAL = new Set(['127.0.0.1', 'localhost', '[::1]']);
const NO_HOST = new Set(['data:', 'blob:', 'about:', 'file:', 'chrome-error:']);

/** The host of the real site where a run is for one, else none. */
export function siteHost(): string[] {
  const { TARGET, SITE_URL } = readEnv();
  return TARGET === 'homelab' && SITE_URL ? [new URL(SITE_URL).hostname] : [];
}

/** Whether a page that asks for `url` would leave this machine, or the real site. */
export function isForeign(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return !NO_HOST.has(protocol) && !LOCAL.has(hostname) && !siteHost().includes(hostname);
}

/**
 * Notes what a context's pages ask for outside this machine. The browser's resolver rules refuse it; this names it.
 * The function returned throws when there was such an attempt; of a real site, which has its analytics, it says
 * the hosts and goes on.
 */
export function watchForeignRequests(context: BrowserContext): () => void {
  const foreign = new Set<string>();
  const note = (url: string) => {
    if (isForeign(url)) foreign.add(url);
  };
  context.on('request', (request) => note(request.url()));
  context.on('page', (page) => page.on('websocket', (socket) => note(socket.url())));
  return () => {
    if (foreign.size > 0 && siteHost().length > 0) {
      const hosts = new Set([...foreign].map((url) => new URL(url).host));
      console.log(`The site asked for other hosts, which were blocked: ${[...hosts].join(', ')}`);
      return;
    }
    if (foreign.size > 0) throw new Error(`A page asked for other hosts:\n  ${[...foreign].join('\n  ')}`);
  };
}
