import type { AxeBuilder } from '@axe-core/playwright';
import type { ExpectMatcherState, MatcherReturnType, Page } from '@playwright/test';
import { refuseNegation } from './no-negation.ts';

/** WCAG 2.2 at levels A and AA. */
const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

interface Choice {
  /** What axe counts as good practice, too: landmarks, for one, which a mail has not. */
  goodPractice?: boolean;
}

/**
 * axe finds nothing on the page, which is first waited for with its styles. Its frames must be of its own origin and are looked
 * into. axe cannot work in one that runs no script; beside such a frame, others that answer late are passed over, too.
 */
export async function toBeAccessible(
  this: ExpectMatcherState,
  page: Page,
  { goodPractice = true }: Choice = {},
): Promise<MatcherReturnType> {
  refuseNegation(this, 'toBeAccessible');
  // Loaded where it is needed: axe is large, and few workers look at pages.
  const axe = await import('@axe-core/playwright');
  await page.waitForLoadState();
  const scriptless = await page.locator('iframe[sandbox]:not([sandbox~="allow-scripts"])').count();
  const { violations } = await new axe.AxeBuilder({ page })
    .setLegacyMode() // the other mode opens one more page for each look
    // By itself axe passes over a frame that has not answered within half a second.
    .options(scriptless === 0 ? { pingWaitTime: 0 } : {})
    .withTags(goodPractice ? [...WCAG, 'best-practice'] : WCAG)
    .analyze();
  const name = `${await page.title()} (${page.url()})`;
  return {
    name: 'toBeAccessible',
    pass: violations.length === 0,
    message: () => `expected nothing wrong for axe on ${name}:\n${violations.map(told).join('\n')}`,
  };
}

type Violation = Awaited<ReturnType<AxeBuilder['analyze']>>['violations'][number];

function told({ id, help, helpUrl, nodes }: Violation): string {
  const places = nodes.map(
    ({ target, html, failureSummary = '' }) =>
      `    ${target.flat().join(' in ')}: ${html}\n      ${failureSummary.replaceAll('\n', '\n      ')}`,
  );
  return [`  ${id}: ${help} (${helpUrl.split('?')[0]})`, ...places].join('\n');
}
