import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { inheritedEnv } from '../../helpers/env.ts';
import { root } from '../../stack/paths.ts';
import { VARIABLES } from '../../stack/website/kestra-funnel.ts';

const KEYS = {
  WEBHOOK_KEY_SIGNUP: 'secret-1',
  WEBHOOK_KEY_ASSESSMENT: 'secret-2',
  WEBHOOK_KEY_NOSHOW: 'secret-3',
  WEBHOOK_KEY_POSTCALL: 'secret-4',
  WEBHOOK_KEY_ONBOARDING: 'secret/5',
};

const HOMELAB = {
  TARGET: 'homelab',
  KESTRA_URL: 'https://kestra.test/',
  KESTRA_USER: 'someone@funnel.test',
  KESTRA_PASSWORD: 'x',
};

function urls(args: string[], variables: Record<string, string>) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', join(root, 'scripts/flows/cli.ts'), 'urls', ...args],
    { cwd: root, encoding: 'utf8', env: inheritedEnv(variables) },
  );
  return { status, stdout, stderr };
}

const at = (namespace: string, keys: readonly string[]): string => {
  const webhook = `https://kestra.test/api/v1/main/executions/webhook/${namespace}`;
  const [signup, assessment, noshow, postcall, onboarding] = keys;
  return `KESTRA_WEBHOOK_SIGNUP=${webhook}/signup-handler/${signup}
KESTRA_WEBHOOK_ASSESSMENT=${webhook}/assessment-handler/${assessment}
KESTRA_WEBHOOK_NOSHOW=${webhook}/noshow-recovery-handler/${noshow}
KESTRA_WEBHOOK_POSTCALL=${webhook}/postcall-maybe-handler/${postcall}
KESTRA_WEBHOOK_ONBOARDING=${webhook}/onboarding-handler/${onboarding}
`;
};

describe('npm run flows -- urls', () => {
  test('prints the five addresses by the names of the ready file, and masks their keys', () => {
    const { stdout } = urls([], { ...HOMELAB, ...KEYS });

    assert.equal(stdout, at('christmas', Array<string>(5).fill('****')));
    assert.deepEqual(
      [...stdout.matchAll(/^(\w+)=/gm)].map(([, name]) => name),
      VARIABLES.filter((name) => name.startsWith('KESTRA_WEBHOOK_')),
    );
  });

  test('with --reveal prints them with their keys, of the deployment that is named', () => {
    const keys = ['secret-1', 'secret-2', 'secret-3', 'secret-4', 'secret%2F5'];

    assert.equal(
      urls(['--reveal', '--testing'], { ...HOMELAB, ...KEYS }).stdout,
      at('christmas.testing', keys),
    );
    assert.equal(
      urls(['--reveal', '--namespace', 'christmas.nightly'], { ...HOMELAB, ...KEYS }).stdout,
      at('christmas.nightly', keys),
    );
  });

  test('names each key that is missing, and tells none that is there', () => {
    const { status, stdout, stderr } = urls(['--reveal'], {
      ...HOMELAB,
      ...KEYS,
      WEBHOOK_KEY_NOSHOW: '',
      WEBHOOK_KEY_POSTCALL: '',
    });

    assert.equal(status, 1);
    assert.equal(stdout, '');
    assert.equal(
      stderr,
      'Environment not usable (see .env.example):\n  WEBHOOK_KEY_NOSHOW: missing\n  WEBHOOK_KEY_POSTCALL: missing\n',
    );
  });

  test('without a kept stack says how to start one', () => {
    const { status, stdout, stderr } = urls(['--reveal'], {
      TARGET: 'local',
      FUNNEL_STACK_FILE: '/nowhere/stack.json',
    });

    assert.deepEqual({ status, stdout }, { status: 1, stdout: '' });
    assert.match(stderr, /^No local stack runs/);
  });
});
