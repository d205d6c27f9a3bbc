/** What Kestra's REST interface looks like: it moved routes, filters and outputs between these lines. */
export type Dialect = '0.2x' | '1.x' | '2.x';

const LINES: [RegExp, Dialect][] = [
  [/^v?0\.2\d(?:\D|$)/, '0.2x'],
  [/^v?1\.\d/, '1.x'],
  [/^v?2\.\d/, '2.x'],
];

/** The dialect that a server of this version speaks; `version` as `/api/v1/configs` has it. Throws for any other line. */
export function dialectOf(version: string): Dialect {
  const line = LINES.find(([pattern]) => pattern.test(version.trim()));
  if (line) return line[1];
  const shape =
    /^v?\d+(\.\d+){1,2}/.exec(version.trim())?.[0] ?? `${version.length} characters that are none`;
  throw new Error(
    `Kestra's version: ${shape}. This client speaks 0.20 to 0.29, 1.x and 2.x: attach to a server of one of these (1.3 is what the flows are proven on).`,
  );
}
