/** A name may have 200 characters, a hostile one more. */
const LONGEST = 250;

/** Text that others chose, fit for a terminal: one line, no control or direction characters, cut. */
export function plainText(text: string): string {
  const line = text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line;
}

/** An address for lists: `ada+news@mail.test` as `a…+ne…@mail.test`. */
export function masked(address: string): string {
  const at = address.lastIndexOf('@');
  if (at < 1) return '…';
  const [name = '', ...tags] = address.slice(0, at).split('+');
  const local = [`${name.slice(0, 1)}…`, ...tags.map((tag) => `${tag.slice(0, 2)}…`)];
  return plainText(`${local.join('+')}${address.slice(at)}`);
}

/** A moment to the second, in UTC. */
export const moment = (date: Date | undefined): string =>
  date === undefined ? '–' : `${date.toISOString().slice(0, 19).replace('T', ' ')}Z`;
