import { randomBytes } from 'node:crypto';

/**
 * What a run on a target it does not own writes into every row: in the lead's plus-address, or, for the bare address, in
 * the business's name. It tells when the run began, so that whoever finds a row needs no other record of the run.
 */
const MARK = /^n[0-9a-z]{7}[0-9a-z]{5}$/;
const IN_ADDRESS = /\+(n[0-9a-z]{12})-[0-9a-z]+@/;
const IN_NAME = /\((n[0-9a-z]{12})\)$/;
const SECOND = 1_000;

/** A mark for a run that begins at `now`, in milliseconds since 1970. */
export function newMark(now: number = Date.now()): string {
  const seconds = Math.floor(now / SECOND)
    .toString(36)
    .padStart(7, '0');
  const random = (randomBytes(4).readUInt32BE() % 36 ** 5).toString(36).padStart(5, '0');
  return `n${seconds}${random}`;
}

/** The moment the mark's run began, to the second. Throws for what is no mark. */
export function begunAt(mark: string): Date {
  if (!MARK.test(mark))
    throw new Error(`No run's mark: ${mark.length} characters, and n with twelve more is one.`);
  return new Date(Number.parseInt(mark.slice(1, 8), 36) * SECOND);
}

/** The address of one lead of a marked run: `<inbox>+<mark>-<id>@…`. */
export const markedTag = (mark: string, id: string): string => `${mark}-${id}`;

/** A business's name that carries the mark, for the address that has no room for one. */
export const markedName = (name: string, mark: string): string => `${name} (${mark})`;

/** The mark in an address or in a business's name; undefined when there is none. */
export function markIn(text: unknown): string | undefined {
  if (typeof text !== 'string') return undefined;
  return (IN_ADDRESS.exec(text) ?? IN_NAME.exec(text))?.[1];
}

/** The mark of a lead as executions and rows know it: of its address, or else of its business. */
export const markOfLead = (lead: { email?: unknown; business_name?: unknown }): string | undefined =>
  markIn(lead.email) ?? markIn(lead.business_name);
