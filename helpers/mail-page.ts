import type { Page } from '@playwright/test';
import type { Mail } from './clients/mail-client.ts';

export interface MailPage {
  title: string;
  language: string;
  /** As they stand in the mail, not as the browser completes them. */
  links: string[];
  /** In pixels, of the smallest text that is shown. */
  smallestText: number;
}

/** What a placeholder without a value leaves behind, in any part of a mail. */
export function leftoversIn({ subject, html, text }: Mail): string[] {
  const source = [subject, html, text].join('\n');
  return source.match(/\{\{|\}\}|\[object \w+\]|\b(undefined|null|None|NaN)\b|\bN\/A\b/g) ?? [];
}

/** What stands on the mail that `page` shows. */
export const readMailPage = (page: Page): Promise<MailPage> =>
  page.evaluate(() => {
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const sizes: number[] = [];
    while (texts.nextNode()) {
      const { textContent, parentElement } = texts.currentNode;
      if (!textContent?.trim() || !parentElement?.checkVisibility()) continue;
      sizes.push(Number.parseFloat(getComputedStyle(parentElement).fontSize));
    }
    return {
      title: document.title,
      language: document.documentElement.lang,
      links: [...document.querySelectorAll('a')].map((link) => link.getAttribute('href') ?? ''),
      smallestText: Math.min(...sizes),
    };
  });
