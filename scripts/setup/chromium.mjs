import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  env,
  isExecutable,
  isMac,
  isRoot,
  Missing,
  note,
  onPath,
  root,
  run,
  tail,
  unchanged,
} from './machine.mjs';
import { apt } from './packages.mjs';

const macApps = ['Google Chrome.app/Contents/MacOS/Google Chrome', 'Chromium.app/Contents/MacOS/Chromium'];

// A snap has a /tmp of its own, so it can't see the profile that Playwright makes there.
const isSnap = (/** @type {string} */ path) => /^\/snap\/|\/bin\/snap$/.test(realpathSync(path));

/** Ubuntu's `chromium-browser` exists without a browser behind it: only one that answers counts. @param {string} path */
const answers = (path) => run(path, ['--version'], { timeout: 20_000 }).then(({ ok }) => ok);

async function playwrightsOwn() {
  const { chromium: browser } = await import(
    pathToFileURL(join(root, 'node_modules/playwright-core/index.mjs')).href
  );
  return browser.executablePath();
}

async function candidates() {
  if (env.CHROMIUM_PATH) return [env.CHROMIUM_PATH];
  const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
  const system = isMac ? macApps.map((app) => join('/Applications', app)) : names.flatMap(onPath);
  return [...system.filter((path) => isExecutable(path) && !isSnap(path)), await playwrightsOwn()];
}

export const chromium = {
  name: 'Chromium',

  /** @param {{ chromium?: import('./machine.mjs').Noted }} setup */
  async find({ chromium: noted }) {
    const given = env.CHROMIUM_PATH;
    if (unchanged(noted) && (!given || given === noted.executable))
      return { chromium: noted, detail: noted.executable };
    for (const path of await candidates()) {
      if (isExecutable(path) && (await answers(path))) return { chromium: note(path), detail: path };
    }
    return undefined;
  },

  async install() {
    if (env.CHROMIUM_PATH) {
      throw new Missing(
        `CHROMIUM_PATH names no working Chromium: ${env.CHROMIUM_PATH}`,
        'unset CHROMIUM_PATH',
      );
    }
    // Without a font package a headless Chromium draws mails as rows of boxes.
    if (isRoot && apt.isDebian() && (await apt.install('chromium', 'fonts-liberation'))) {
      const found = await chromium.find({});
      if (found) return found;
    }
    const withLibraries = isRoot && apt.present ? ['--with-deps'] : [];
    const command = ['playwright', 'install', ...withLibraries, 'chromium'];
    const { output } = await run('npx', command);
    const found = await chromium.find({});
    if (found) return found;
    throw new Missing(
      `no Chromium could be installed:\n${tail(output, 8)}`,
      apt.present && !isRoot
        ? 'sudo npx playwright install-deps chromium && npx playwright install chromium'
        : `npx ${command.join(' ')}`,
    );
  },
};
