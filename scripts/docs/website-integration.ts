import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root, websiteFolder } from '../../stack/paths.ts';

export const page = readFileSync(join(root, 'docs/website-integration.md'), 'utf8');

/** What specs/webhooks/website-integration.spec.ts runs of the page. */
export const EXECUTED = [
  'sign-up',
  'assessment',
  '.env.local',
  'lib/funnel.ts',
  'app/api/form/submit-businessx-xmas-campaign/route.ts',
  'app/api/assessment/complete/route.ts',
  'pages/api/form/submit-businessx-xmas-campaign.ts',
  'pages/api/assessment/complete.ts',
] as const;
export type Executed = (typeof EXECUTED)[number];

/** What no test can run, and why. */
export const NOT_EXECUTABLE: Readonly<Record<string, string>> = {
  'local stack': 'starts a stack beside the one that the test runs on',
  journeys: 'is a run of the whole suite against a site that is not here',
  nightly: 'needs the keys of the company’s Kestra',
};

/** The page's blocks of code by the name behind the language; a block without one has an empty name. */
export function blocksIn(text: string): Array<{ name: string; code: string }> {
  const found = text.matchAll(/^```(?:\w+)?(?: ([^\n]*))?\n([\s\S]*?)^```$/gm);
  return [...found].map(([, name = '', code = '']) => ({ name, code }));
}

/** One of the page's blocks; throws when there is none of that name. */
export function block(name: Executed): string {
  const found = blocksIn(page).find((one) => one.name === name);
  if (!found) throw new Error(`docs/website-integration.md has no block "${name}"`);
  return found.code;
}

/** Writes the page's files and the ready one into `folder`, as its reader would have them. */
export function writeProject(folder: string, website = websiteFolder): void {
  const write = (name: string, text: string) => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  };
  for (const name of EXECUTED) if (name.endsWith('.ts')) write(name, block(name));
  copyFileSync(join(website, 'kestra-funnel.ts'), join(folder, 'lib/kestra-funnel.ts'));
}
