import type { Page, TestInfo } from '@playwright/test';
import { expect } from '../../fixtures/index.ts';
import { ANSWER_SETS } from '../../helpers/assessment.ts';
import { type Mail, nameAndSenderOf } from '../../helpers/clients/mail-client.ts';
import { PHONE } from '../../helpers/devices.ts';
import type { Lead } from '../../helpers/factories/lead.ts';
import { pageStates } from '../../helpers/journeys/page-states.ts';
import { leftoversIn, readMailPage } from '../../helpers/mail-page.ts';
import { overhangOf } from '../../helpers/overhang.ts';
import type { Site } from '../../helpers/site.ts';

const SCREENS = { desktop: { width: 1280, height: 720 }, phone: PHONE.viewport };
const SMALLEST_PX = 14;

/** axe finds nothing on any page in any state, and no page is wider than the screen. */
export async function servesEverybody(page: Page, site: Site, lead: Lead): Promise<void> {
  for (const [name, open] of Object.entries(pageStates(page, site, lead, ANSWER_SETS.twoRed))) {
    await open();
    await expect.soft(page, name).toBeAccessible();
    expect.soft(await overhangOf(page), `${name}: no wider than the screen`).toBe(0);
  }
}

/** Each mail can be read by everybody on every screen, and leads nowhere but to `links`. */
export async function readWell(
  mails: readonly Mail[],
  links: readonly string[],
  { page, testInfo, kind }: { page: Page; testInfo: TestInfo; kind: string },
): Promise<void> {
  for (const mail of mails) {
    const { mail: number } = nameAndSenderOf(mail);
    expect.soft(leftoversIn(mail), `${number}: no placeholder left`).toEqual([]);
    await page.setContent(mail.html ?? '');
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      for (const [screen, size] of Object.entries(SCREENS)) {
        const where = `${number}, ${colorScheme}, on a ${screen}`;
        await page.setViewportSize(size);
        const { title, language, links: found, smallestText } = await readMailPage(page);
        expect.soft({ title, language }, where).toEqual({ title: mail.subject, language: 'en' });
        const unknown = found.filter((link) => !links.includes(link));
        expect.soft(unknown, `${where}: unknown links`).toEqual([]);
        expect.soft(smallestText, `${where}: large enough`).toBeGreaterThanOrEqual(SMALLEST_PX);
        expect.soft(await overhangOf(page), `${where}: no wider than the screen`).toBe(0);
      }
      await expect.soft(page, `${number}, ${colorScheme}`).toBeAccessible({ goodPractice: false });
    }
    await page.emulateMedia({ colorScheme: 'light' });
    await page.setViewportSize(SCREENS.desktop);
    await testInfo.attach(`${kind} ${number}`, {
      body: await page.screenshot({ type: 'jpeg', quality: 60, fullPage: true }),
      contentType: 'image/jpeg',
    });
  }
}
