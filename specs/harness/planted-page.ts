import type { Page } from '@playwright/test';

/** A page that axe finds nothing on, around what is planted. */
export const pageWith = (content: string) => `<!doctype html>
  <html lang="en">
    <head><title>Planted</title></head>
    <body><main><h1>Planted</h1>${content}</main></body>
  </html>`;

/** Opens a page whose frame has what is planted, from the page's origin or another. */
export async function openFrame(page: Page, content: string, origin = 'http://127.0.0.1:9'): Promise<void> {
  const pages: Record<string, string> = {
    '/': pageWith(`<iframe title="Inner" src="${origin}/inner"></iframe>`),
    '/inner': pageWith(content),
  };
  await page.route(/^http:\/\/(127\.0\.0\.1|localhost):9\//, (route) =>
    route.fulfill({ contentType: 'text/html', body: pages[new URL(route.request().url()).pathname] ?? '' }),
  );
  await page.goto('http://127.0.0.1:9/');
}
