/** A test that bears a number of the specification's inventory. */
export interface Case {
  id: string;
  test: string;
  spec: string;
}

const PARTS = /\btest\(\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")|\btestCase\('([^']*)'\)/g;

/** The numbered tests of a spec. Reads the source, since listing tests by Playwright takes seconds. */
export function casesIn(source: string, spec: string): Case[] {
  const cases: Case[] = [];
  let title: string | undefined;
  for (const [, single, double, id] of source.matchAll(PARTS)) {
    title = (single ?? double)?.replaceAll(/\\(.)/g, '$1') ?? title;
    if (id === undefined) continue;
    if (title === undefined) throw new Error(`${spec}: ${id} stands before the first test`);
    cases.push({ id, test: title, spec });
  }
  return cases;
}
