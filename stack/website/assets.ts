import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

const SCRIPTS = ['landing', 'assessment', 'diagnostic', 'book-call', 'booked', 'calendar'];
const folder = import.meta.dirname;

export interface Asset {
  body: string;
  contentType: string;
}

let made: ReadonlyMap<string, Asset> | undefined;

/** The site's scripts and style sheet by file name. Scripts are bundled once a process, for browsers of the last years. */
export const assets = (): ReadonlyMap<string, Asset> => (made ??= make());

function make(): ReadonlyMap<string, Asset> {
  const { outputFiles } = buildSync({
    entryPoints: SCRIPTS.map((name) => join(folder, 'client', `${name}.ts`)),
    bundle: true,
    format: 'esm',
    target: 'es2022',
    outdir: '/',
    write: false,
  });
  const scripts = outputFiles.map(
    ({ path, text }) =>
      [path.replace(/^.*[\\/]/, ''), { body: text, contentType: 'text/javascript' }] as const,
  );
  const css = { body: readFileSync(join(folder, 'site.css'), 'utf8'), contentType: 'text/css' };
  return new Map([...scripts, ['site.css', css] as const]);
}
