import { about, test } from '../../fixtures/index.ts';
import { PHONE } from '../../helpers/devices.ts';
import { looksAsItDid } from './looks.ts';

const purpose = 'A change of the style sheet that nobody meant is seen before a visitor sees it.';

// The calendar offers the days after today, in the browser's time zone.
test.use({ timezoneId: 'UTC', locale: 'en-GB', viewport: { width: 1280, height: 720 } });

test.describe(
  'the look of the pages',
  { tag: '@pages', annotation: about({ feature: 'Assessment', covers: ['4.7', '4.8'], purpose }) },
  () => {
    test('on a desktop each page looks as it did', async ({ page, quietWebsite }) => {
      await looksAsItDid(page, quietWebsite, 'desktop');
    });

    test('on a phone each page looks as it did', async ({ newPage, quietWebsite }) => {
      await looksAsItDid(await newPage({ ...PHONE, deviceScaleFactor: 1 }), quietWebsite, 'phone');
    });
  },
);
