import type { BrowserContext } from '@playwright/test';

const LOCAL = new Set(['127.0.0.1', 'localhost', '[::1]']);
const NO_HOST = new Set(['data:', 'blob:', 'about:', 'file:', 'chrome-error:']);

/** Whether a page that asks for `url` would leave this machine. */
export function isForeign(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return !NO_HOST.has(protocol) && !LOCAL.has(hostname);
}

/**
 * Notes what a context's pages ask for outside this machine. The browser's resolver rules refuse it; this names it.
 * The function returned throws when there was such an attempt.
 */
export function watchForeignRequests(context: BrowserContext): () => void {
  const foreign = new Set<string>();
  const note = (url: string) => {
    if (isForeign(url)) foreign.add(url);
  };
  context.on('request', (request) => note(request.url()));
  context.on('page', (page) => page.on('websocket', (socket) => note(socket.url())));
  return () => {
    if (foreign.size > 0) throw new Error(`A page asked for other hosts:\n  ${[...foreign].join('\n  ')}`);
  };
}
