/** Which of Kestra's APIs a server speaks: paths and answers changed between these. */
export type Dialect = '0.2x' | '1.x' | '2.x';

/** The dialect of a version such as `1.3.31` or `v2.0.0-rc1`. Throws for any other. */
export function dialectOf(version: string): Dialect {
  const [, major, minor = ''] = /^v?(\d+)\.(\d+)/.exec(version) ?? [];
  if (major === '0' && /^2\d$/.test(minor)) return '0.2x';
  if (major === '1') return '1.x';
  if (major === '2') return '2.x';
  throw new Error(`Kestra "${version.slice(0, 40)}" is none of the versions known here: 0.2x, 1.x, 2.x.`);
}
