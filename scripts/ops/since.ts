import { UsageError } from '../command-line.ts';

const UNITS: Record<string, number> = { m: 60_000, h: 3_600_000, d: 86_400_000 };
const FORM = 'give a span such as 90m, 2h or 3d, or a moment with its offset such as 2025-12-01T08:00:00Z';

/** The moment that `--since`, or another option of its kind, means; throws UsageError. */
export function readSince(text: string, now: Date = new Date(), option = '--since'): Date {
  const [, count, unit] = /^(\d{1,4})([mhd])$/.exec(text) ?? [];
  if (count !== undefined && unit !== undefined) {
    return new Date(now.getTime() - Number(count) * (UNITS[unit] ?? 0));
  }
  const moment = /T.*(?:Z|[+-]\d{2}:\d{2})$/.test(text) ? new Date(text) : undefined;
  if (!moment || Number.isNaN(moment.getTime())) {
    throw new UsageError(`${option}: ${text.length} characters that say no moment; ${FORM}`);
  }
  if (moment > now) throw new UsageError(`${option}: that moment is yet to come; ${FORM}`);
  return moment;
}
