import type { Page, Request } from '@playwright/test';

/** Holds back what the page asks for and `isHeld` picks, until the function that it returns is called. */
export async function holdBack(page: Page, isHeld: (request: Request) => boolean): Promise<() => void> {
  let letGo = (): void => undefined;
  const held = new Promise<void>((resolve) => (letGo = resolve));
  await page.route('**', async (route) => {
    if (isHeld(route.request())) await held;
    await route.continue();
  });
  return letGo;
}
