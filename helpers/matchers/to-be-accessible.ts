import { AxeBuilder } from '@axe-core/playwright';
import type { ExpectMatcherState, MatcherReturnType, Page } from '@playwright/test';
import { refuseNegation } from './no-negation.ts';

/** WCAG 2.2 at levels A and AA, and what axe counts as good practice. */
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

interface Choice {
  /** These of axe's rules alone, where only one thing can have changed since the last look. */
  rules?: readonly string[];
}

/** axe finds nothing on the page as it is now, frames of its own origin included. */
export async function toBeAccessible(
  this: ExpectMatcherState,
  page: Page,
  { rules }: Choice = {},
): Promise<MatcherReturnType> {
  refuseNegation(this, 'toBeAccessible');
  const axe = new AxeBuilder({ page }).setLegacyMode(); // the other mode opens one more page for each look
  const { violations } = await (rules ? axe.withRules([...rules]) : axe.withTags(TAGS)).analyze();
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
