import type { Page } from '@playwright/test';
import { expect } from '../../fixtures/index.ts';
import { ANSWER_SETS } from '../../helpers/assessment.ts';
import { pageStates } from '../../helpers/journeys/page-states.ts';
import type { Site } from '../../helpers/site.ts';

const SEEN = [
  'landing',
  'thank-you',
  'first question',
  'results',
  'diagnostic',
  'calendar',
  'booked',
] as const;

/** Of nobody: the website of these tests sends nothing, and another address each time would be another picture. */
const ADA = { firstName: 'Ada', email: 'ada@bakery.example', businessName: 'Ada’s Bakery' };

/**
 * A colour may differ by 1 of 255: so much the compositor's rounding moves at the corners of the calendar's frame. A
 * difference of 3 in one colour is told; the usual 0.2 passes over a button in another green.
 */
const THRESHOLD = 0.005;

/** Each page is, to the pixel, what the pictures of this machine show. */
export async function looksAsItDid(page: Page, site: Site, screen: string): Promise<void> {
  await page.clock.setFixedTime('2025-12-01T10:00:00Z');
  const states = pageStates(page, site, ADA, ANSWER_SETS.twoRed);
  for (const name of SEEN) {
    await states[name]();
    await expect.soft(page, `${name}, on a ${screen}`).toHaveScreenshot(`${name}-${screen}.png`, {
      threshold: THRESHOLD,
    });
  }
}
