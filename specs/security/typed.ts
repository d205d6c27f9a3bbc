import type { Page } from '@playwright/test';

/** Each would leave an element behind, or open a dialog, where a page took it for more than text. */
export const TYPED = [
  '<img data-typed src=x onerror=alert(1)>',
  '"><svg data-typed onload=alert(2)>',
  "' autofocus onfocus=alert(3) data-typed='",
  '</title></textarea></style></script><script data-typed>alert(4)</script>',
  '<iframe data-typed srcdoc="<script>parent.alert(5)</script>"></iframe>',
  'javascript:alert(6)',
  '{{constructor.constructor("alert(7)")()}}',
  '${alert(8)}',
  '<a data-typed href=javascript:alert(9)>x',
];
export const ALL = TYPED.join(' ');

/** Opens each address and tells what ran there, or was made of what somebody had typed. */
export async function ranOn(page: Page, addresses: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  page.on('dialog', (dialog) => {
    found.push(`a dialog: ${dialog.message()} at ${page.url()}`);
    void dialog.dismiss();
  });
  for (const address of addresses) {
    await page.goto(address);
    const made = await page.evaluate(() => document.querySelectorAll('[data-typed]').length);
    if (made > 0) found.push(`${made} elements at ${address}`);
    // Every page shows some of it: a page that shows nothing would prove nothing.
    const text = await page.evaluate(
      () =>
        document.body.innerText + [...document.querySelectorAll('input')].map(({ value }) => value).join(),
    );
    if (!/data-typed|alert\(/.test(text)) found.push(`nothing shown at ${address}`);
  }
  return found;
}
