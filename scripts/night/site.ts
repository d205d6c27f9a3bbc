import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Verdict } from './verdict.ts';

const NAME = /^\d{4}-\d{2}-\d{2}T\d{6}Z$/;

/** A night's folder on the site: `2026-01-31T020000Z`. */
const nameOf = ({ startedAt }: Pick<Verdict, 'startedAt'>): string =>
  startedAt.replace(/\.\d+/, '').replaceAll(':', '');

interface Address {
  REPORT_URL?: string | undefined;
}

/** Where the night's report can be opened; undefined when nobody serves it. */
export const linkTo = (night: Pick<Verdict, 'startedAt'>, { REPORT_URL }: Address): string | undefined =>
  REPORT_URL && `${REPORT_URL.replace(/\/$/, '')}/${nameOf(night)}/`;

/**
 * Adds the report to a folder that any web server can show: one folder a night, `latest` beside them, and a page that lists
 * them. Keeps the `most` latest.
 */
export function publish(report: string, site: string, night: Pick<Verdict, 'startedAt'>, most: number): void {
  for (const name of [nameOf(night), 'latest']) {
    mkdirSync(join(site, name), { recursive: true });
    copyFileSync(join(report, 'index.html'), join(site, name, 'index.html'));
  }
  const nights = nightsOn(site);
  for (const old of nights.slice(most)) rmSync(join(site, old), { recursive: true, force: true });
  writeFileSync(join(site, 'index.html'), pageOf(nights.slice(0, most)));
}

/** The latest first. */
const nightsOn = (site: string): string[] =>
  existsSync(site)
    ? readdirSync(site)
        .filter((name) => NAME.test(name))
        .toSorted()
        .toReversed()
    : [];

const pageOf = (nights: readonly string[]): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="robots" content="noindex">
<title>Nights of the sales funnel</title>
<h1>Nights of the sales funnel</h1>
<p><a href="latest/">The latest</a></p>
<ul>
${nights.map((name) => `<li><a href="${name}/">${name.slice(0, 10)}, ${name.slice(11, 13)}:${name.slice(13, 15)} Z</a></li>`).join('\n')}
</ul>
</html>
`;
