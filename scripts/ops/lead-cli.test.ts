import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { inheritedEnv } from '../../helpers/env.ts';
import { root } from '../../stack/paths.ts';

describe('npm run lead', () => {
  test('without one address, or told to change a funnel it is not given, says how it is used and asks nobody', () => {
    for (const [args, reason] of [
      [[], /^give one address such as ada@mail\.test, not 0 words/],
      [['ada'], /^give one address/],
      [['ada@mail.test', 'bob@mail.test'], /not 2 words/],
      [['ada@mail.test', '--stop', '--yes'], /^--stop needs --namespace/],
      [['ada@mail.test', '--yes'], /^--yes is for --stop/],
      [['ada@mail.test', '--since', 'noon'], /^--since: 4 characters that say no moment/],
      [
        ['ada@mail.test', '--stop', '--namespace', 'christmas', '--since', '2h'],
        /^--since is for the report/,
      ],
      [['ada@mail.test', '--purge'], /^Unknown option '--purge'/],
    ] as const) {
      const { status, stderr } = spawnSync(
        process.execPath,
        ['--import', 'tsx', join(root, 'scripts/ops/lead-cli.ts'), ...args],
        { cwd: root, encoding: 'utf8', env: inheritedEnv({ FUNNEL_STACK_FILE: '/nowhere/stack.json' }) },
      );

      assert.equal(status, 2);
      assert.match(stderr, reason);
      assert.match(stderr, /Usage: npm run lead/);
    }
  });
});
