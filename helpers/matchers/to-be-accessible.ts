import type { ExpectMatcherState, Frame, MatcherReturnType, Page } from '@playwright/test';
import type { ContextObject, PartialResults, Result } from 'axe-core';
import { refuseNegation } from './no-negation.ts';

/** WCAG 2.2 at levels A and AA. */
const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

declare global {
  /** What axe's source leaves in a page. */
  var axe: typeof import('axe-core');
}

interface Choice {
  /** What axe counts as good practice, too: landmarks, for one, which a mail has not. */
  goodPractice?: boolean;
}

/**
 * axe finds nothing on the page nor in its frames, which are first waited for with their styles. A frame that runs no script is
 * asked for its title only: axe needs timers, and they never fire in it.
 */
export async function toBeAccessible(
  this: ExpectMatcherState,
  page: Page,
  { goodPractice = true }: Choice = {},
): Promise<MatcherReturnType> {
  refuseNegation(this, 'toBeAccessible');
  const tags = goodPractice ? [...WCAG, 'best-practice'] : WCAG;
  const partials = await partialsOf(page.mainFrame(), { exclude: [] }, tags);
  const { violations } = await page.evaluate(([found, runOnly]) => axe.finishRun(found, { runOnly }), [
    partials,
    tags,
  ] as const);
  const name = `${await page.title()} (${page.url()})`;
  return {
    name: 'toBeAccessible',
    pass: violations.length === 0,
    message: () => `expected nothing wrong for axe on ${name}:\n${violations.map(told).join('\n')}`,
  };
}

/**
 * What axe finds in the frame, and then in each within it; null stands for one that runs no script. Told to look into frames by
 * itself, axe asks them by messages, and passes over one that answers late.
 */
async function partialsOf(
  frame: Frame,
  context: object, // as axe made it: its own type is too deep for `evaluate`
  tags: string[],
): Promise<PartialResults> {
  await frame.waitForLoadState();
  // Loaded where it is needed: axe is large, and few workers look at pages.
  await frame.evaluate((await import('axe-core')).default.source);
  const { partial, inner } = await frame.evaluate(
    async ([within, runOnly]) => ({
      inner: axe.utils.getFrameContexts(within as ContextObject),
      partial: await axe.runPartial(within as ContextObject, { runOnly }),
    }),
    [context, tags] as const,
  );
  const partials: PartialResults = [partial];
  for (const { frameSelector, frameContext } of inner) {
    const handle = await frame.evaluateHandle((selector) => axe.utils.shadowSelect(selector), frameSelector);
    const element = handle.asElement();
    const innerFrame = await element?.contentFrame();
    if (!element || !innerFrame) {
      throw new Error(`${[frameSelector].flat().join(' in ')} went away while axe looked at the page`);
    }
    const runsScripts = await element.evaluate(
      (e) => !e.matches('[sandbox]:not([sandbox~="allow-scripts"])'),
    );
    partials.push(...(runsScripts ? await partialsOf(innerFrame, frameContext, tags) : [null]));
  }
  return partials;
}

function told({ id, help, helpUrl, nodes }: Result): string {
  const places = nodes.map(
    ({ target, html, failureSummary = '' }) =>
      `    ${target.flat().join(' in ')}: ${html}\n      ${failureSummary.replaceAll('\n', '\n      ')}`,
  );
  return [`  ${id}: ${help} (${helpUrl.split('?')[0]})`, ...places].join('\n');
}
