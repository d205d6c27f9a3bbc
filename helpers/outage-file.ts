import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';

/** `reports/outage.json`: there when a service was gone, or broken, and asking it again showed so. */
export const Outage = z.object({
  service: z.string(),
  what: z.string(),
  /** When it was well for the last time that anybody asked. Failures from then on may be its doing. */
  wellAt: z.iso.datetime(),
  seenAt: z.iso.datetime(),
});
export type Outage = z.infer<typeof Outage>;

export const outageFile = (reports: string): string => join(reports, 'outage.json');

export function noteOutage(reports: string, outage: Outage): void {
  const file = outageFile(reports);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(outage, null, 2)}\n`);
}

export function readOutage(reports: string): Outage | undefined {
  const file = outageFile(reports);
  return existsSync(file) ? Outage.parse(JSON.parse(readFileSync(file, 'utf8'))) : undefined;
}

export const outageLine = ({ service, what, wellAt, seenAt }: Outage): string =>
  `OUTAGE: ${service} ${what} at ${time(seenAt)}; it was well at ${time(wellAt)}`;

const time = (iso: string) => `${iso.slice(11, 19)} Z`;
