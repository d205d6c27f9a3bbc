import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../stack/paths.ts';
import { chromiumPath } from './chromium.ts';
import { handOn, readEnv } from './env.ts';

/** The font families of the website's style sheet that a machine may resolve in its own way. */
const FAMILIES = ['system-ui', 'sans-serif', 'Georgia', 'serif'];

/**
 * What decides this machine's pixels, as the name of a folder: Chromium's major version, the platform, the fonts. Empty
 * where that can't be told. Asking takes 0.3 s, so the process that starts a run asks and hands the answer on.
 */
function fingerprint(): string {
  const given = readEnv().FUNNEL_PIXELS;
  if (given !== undefined) return given;
  const found = ask();
  handOn('FUNNEL_PIXELS', found);
  return found;
}

const NOBODY_KNOWS = 'unknown';

function ask(): string {
  const said = (command: string, ...args: string[]) =>
    execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], timeout: 20_000 });
  try {
    const version = /\b(\d+)\.\d+\.\d+/.exec(said(chromiumPath() ?? 'chromium', '--version'))?.[1];
    if (!version) return NOBODY_KNOWS;
    const fonts = FAMILIES.map((family) =>
      said('fc-match', '--format=%{file|basename} %{fontversion}', family),
    );
    const hash = createHash('sha256').update(fonts.join('\n')).digest('hex').slice(0, 8);
    return `chromium-${version}-${process.platform}-${process.arch}-fonts-${hash}`;
  } catch {
    return NOBODY_KNOWS; // no Chromium yet, or no fontconfig
  }
}

/** Where this machine's pictures are; the comparison is on where there are some. */
export function visualBaselines(): { folder: string; on: boolean } {
  const folder = join(root, 'specs/visual/baselines', fingerprint());
  return { folder, on: existsSync(folder) };
}
