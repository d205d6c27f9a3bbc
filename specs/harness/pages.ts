import { once } from 'node:events';
import { createServer } from 'node:http';
import { test as base } from '../../fixtures/index.ts';

interface Answer {
  status?: number;
  headers?: Record<string, string>;
  body: string | Buffer;
}

/** What is served by path: an HTML document, or an answer of any kind. */
type Pages = Record<string, string | Answer>;

/** An HTML document that asks for nothing by itself, not even for its icon. */
export const documentWith = (body: string): string =>
  `<!doctype html><html lang="en"><head><title>A page</title><link rel="icon" href="data:,"></head><body>${body}</body></html>`;

export const test = base.extend<{ serve: (pages: Pages) => Promise<string> }>({
  /** A server for this test alone; returns its address. */
  serve: async ({ afterwards }, use) =>
    use(async (pages) => {
      const server = createServer(({ url = '/' }, response) => {
        const found = pages[url] ?? { status: 404, body: 'nothing here' };
        const {
          status = 200,
          headers = { 'content-type': 'text/html' },
          body,
        } = typeof found === 'string' ? { body: found } : found;
        response.writeHead(status, headers).end(body);
      });
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      afterwards.undo('the server of this test', async () => {
        const closed = once(server, 'close');
        server.close();
        server.closeAllConnections();
        await closed;
      });
      const address = server.address();
      if (address === null || typeof address === 'string') throw new Error('The server has no port.');
      return `http://127.0.0.1:${address.port}`;
    }),
});
