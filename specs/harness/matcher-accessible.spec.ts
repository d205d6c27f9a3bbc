import { about, expect, test } from '../../fixtures/index.ts';
import { failureOf } from './failure-of.ts';
import { openFrame, pageWith } from './planted-page.ts';

const purpose = 'A page that some visitors cannot read or use must not pass for one that everybody can.';

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

    test('it looks into frames', async ({ page }) => {
      await openFrame(page, '<img>');

      expect(await failureOf(() => expect(page).toBeAccessible())).toContain('iframe in img');
    });

    test('it looks into a frame of another origin', async ({ page }) => {
      await openFrame(page, '<img>', 'http://localhost:9');

      expect(await failureOf(() => expect(page).toBeAccessible())).toContain('iframe in img');
    });

    test('it looks into a frame that is slow to take axe in', async ({ page }) => {
      await openFrame(
        page,
        `<img>
        <script>
          Object.defineProperty(window, 'axe', {
            set(axe) {
              for (const until = Date.now() + 1_500; Date.now() < until; );
              Object.defineProperty(window, 'axe', { value: axe });
            },
            configurable: true,
          });
        </script>`,
      );

      expect(await failureOf(() => expect(page).toBeAccessible())).toContain('iframe in img');
    });

    test('it looks into a frame that lets no message through', async ({ page }) => {
      await openFrame(
        page,
        `<img><script>addEventListener('message', (event) => event.stopImmediatePropagation())</script>`,
      );

      expect(await failureOf(() => expect(page).toBeAccessible())).toContain('iframe in img');
    });

    test('a frame that runs no script needs a title as well', async ({ page }) => {
      await page.setContent(pageWith('<iframe sandbox srcdoc="<p>Some words.</p>"></iframe>'));

      expect(await failureOf(() => expect(page).toBeAccessible())).toContain('frame-title');
    });

    test('it looks into frames beside one that runs no script, and into theirs', async ({ page }) => {
      await page.setContent(
        pageWith(`<iframe title="Still" sandbox srcdoc="<p>Some words.</p>"></iframe>
          <iframe title="Outer" id="outer" srcdoc="<iframe title=Inner id=inner srcdoc='<img>'></iframe>"></iframe>`),
      );

      expect(await failureOf(() => expect(page).toBeAccessible())).toContain('#outer in #inner in img');
    });

    test('it passes over good practice when told so', async ({ page }) => {
      await page.setContent('<html lang="en"><title>Planted</title><p>No landmark, no heading</p></html>');
      expect(await failureOf(() => expect(page).toBeAccessible())).toContain('landmark-one-main');
      await expect(page).toBeAccessible({ goodPractice: false });
    });

    test('it has no negation', async ({ page }) => {
      expect(await failureOf(() => expect(page).not.toBeAccessible())).toContain('no negation');
    });
  },
);
