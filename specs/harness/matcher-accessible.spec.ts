import { about, expect, test } from '../../fixtures/index.ts';
import { failureOf } from './failure-of.ts';

const purpose = 'A page that some visitors cannot read or use must not pass for one that everybody can.';

const pageWith = (content: string) => `<!doctype html>
  <html lang="en">
    <head><title>Planted</title></head>
    <body><main><h1>Planted</h1>${content}</main></body>
  </html>`;

test.describe(
  'toBeAccessible',
  { tag: '@harness', annotation: about({ feature: 'Harness', purpose }) },
  () => {
    test('it names page, rule, element and axe’s help for each thing that is wrong', async ({ page }) => {
      await page.setContent(pageWith('<p>Fine</p>'));
      await expect(page).toBeAccessible();

      await page.setContent(
        pageWith('<img id="logo" src="data:,"><p id="pale" style="color: #bbb; background: #fff">Pale</p>'),
      );
      const message = await failureOf(() => expect(page, 'everybody can use it').toBeAccessible());

      expect(message).toContain('everybody can use it');
      expect(message).toContain('expected nothing wrong for axe on Planted (about:blank)');
      expect(message).toMatch(/image-alt: Images must have alternative text \(https:\S+image-alt\)/);
      expect(message).toContain('#logo: <img id="logo"');
      expect(message).toMatch(/color-contrast: Elements must meet minimum color contrast/);
      expect(message).toMatch(/#pale: [\s\S]*contrast of 1\.91/);
    });

    test('it looks into frames, and passes over good practice when told so', async ({ page }) => {
      // axe talks to frames of the page's own origin, and a page without an address has none.
      const pages = {
        '/': pageWith('<iframe title="Inner" src="/inner"></iframe>'),
        '/inner': pageWith('<img>'),
      };
      await page.route('http://127.0.0.1:9/*', (route) =>
        route.fulfill({
          contentType: 'text/html',
          body: pages[new URL(route.request().url()).pathname as keyof typeof pages],
        }),
      );
      await page.goto('http://127.0.0.1:9/');

      expect(await failureOf(() => expect(page).toBeAccessible())).toContain('iframe in img');

      await page.setContent('<html lang="en"><title>Planted</title><p>No landmark, no heading</p></html>');
      expect(await failureOf(() => expect(page).toBeAccessible())).toContain('landmark-one-main');
      await expect(page).toBeAccessible({ goodPractice: false });
    });

    test('it has no negation', async ({ page }) => {
      expect(await failureOf(() => expect(page).not.toBeAccessible())).toContain('no negation');
    });
  },
);
