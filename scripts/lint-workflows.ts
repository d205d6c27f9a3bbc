// npm run lint:workflows: actionlint over .github/workflows. Where it is not to be had, it says so and ends well: a unit test
// looks at the workflows everywhere.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { inheritedEnv } from '../helpers/env.ts';
import { root } from '../stack/paths.ts';

const VERSION = 'v1.7.12';
const MODULE = `github.com/rhysd/actionlint/cmd/actionlint@${VERSION}`;
const own = join(root, '.setup/actionlint', VERSION);
const INSTALL_MS = 240_000;

/** actionlint of this version, installed by Go when that is here; else whatever version is on the PATH. */
function actionlint(): { command: string } | { reason: string } {
  const installed = join(own, 'actionlint');
  if (existsSync(installed)) return { command: installed };
  if (onPath('go')) {
    const { status, stderr, error } = spawnSync('go', ['install', MODULE], {
      env: inheritedEnv({ GOBIN: own }),
      encoding: 'utf8',
      timeout: INSTALL_MS,
    });
    if (status === 0) return { command: installed };
    if (!onPath('actionlint'))
      return { reason: `Go could not install it: ${error?.message ?? stderr.trim().split('\n').at(-1)}` };
  }
  return onPath('actionlint')
    ? { command: 'actionlint' }
    : { reason: 'there is neither actionlint nor Go to install it' };
}

const onPath = (command: string): boolean =>
  (inheritedEnv()['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, command)));

const found = actionlint();
if ('reason' in found) {
  console.log(`The workflows are not linted by actionlint here: ${found.reason}.`);
} else {
  // Its look into scripts needs a shellcheck, whose version would decide what is found.
  const { status } = spawnSync(found.command, ['-shellcheck=', '-pyflakes='], {
    cwd: root,
    stdio: 'inherit',
  });
  process.exitCode = status ?? 1;
  if (status === 0) console.log('actionlint finds nothing.');
}
