import { z } from 'zod';

/** Headers that an HTTP answer can carry: a line break in one would be another header. */
export const HeaderMap = z.record(
  z.string().regex(/^[\w!#$%&'*+.^`|~-]+$/, 'not the name of a header'),
  z.string().regex(/^[\t\x20-\x7e\x80-\xff]*$/, 'not the value of a header'),
);

/** An expression for a call's path. Long ones pass for expressions until the first path is held against them. */
export const PathPattern = z.string().max(300).refine(isRegExp, 'not a regular expression');

function isRegExp(source: string): boolean {
  try {
    return typeof new RegExp(source).test('/') === 'boolean';
  } catch {
    return false;
  }
}

/** What a timer can wait; above it Node does not wait at all. */
export const Delay = z
  .int()
  .min(0)
  .max(2 ** 31 - 1);

const TEN_YEARS_MS = 3_652 * 86_400_000;

/** How far a stand-in's clock may be off: a date that no calendar has would break every page that shows it. */
export const ClockOffset = z.number().min(-TEN_YEARS_MS).max(TEN_YEARS_MS);

/** A moment in milliseconds since 1970 that every page can show. */
export const Moment = z.number().min(0).max(Date.parse('2200-01-01'));
