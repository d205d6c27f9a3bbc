import { about, expect, test } from '../../fixtures/index.ts';
import { watchForeignRequests } from '../../helpers/foreign-requests.ts';

const purpose = 'A page under test reaches this machine and nothing else, and whoever tries is named.';

test.describe(
  'requests to other hosts',
  { tag: '@harness', annotation: about({ feature: 'Harness', purpose }) },
  () => {
    test('a page that asks for another host is refused by the browser, and the host is named', async ({
      browser,
    }) => {
      const context = await browser.newContext();
      const demandNone = watchForeignRequests(context);
      const page = await context.newPage();
      const refused: string[] = [];
      page.on('requestfailed', (request) => refused.push(`${request.url()} ${request.failure()?.errorText}`));

      await page.setContent('<img alt="" src="https://tracker.example/pixel.gif?lead=1">');

      await expect
        .poll(() => refused)
        .toEqual(['https://tracker.example/pixel.gif?lead=1 net::ERR_NAME_NOT_RESOLVED']);
      expect(demandNone).toThrow('https://tracker.example/pixel.gif?lead=1');
      await context.close();
    });

    test('what stays on this machine, or in the page, is no other host', async ({ browser }) => {
      const context = await browser.newContext();
      const demandNone = watchForeignRequests(context);
      const page = await context.newPage();

      await page.setContent(
        '<img alt="" src="data:image/gif;base64,R0lGODlhAQABAAAAACw="><img alt="" src="http://127.0.0.1:9/x.gif">',
      );
      await page.goto('about:blank');

      expect(demandNone).not.toThrow();
      await context.close();
    });
  },
);
