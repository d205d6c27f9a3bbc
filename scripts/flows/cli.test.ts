import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { inheritedEnv, readNotionEnv } from '../../helpers/env.ts';
import { root } from '../../stack/paths.ts';

function run(args: string[], variables: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', join(root, 'scripts/flows/cli.ts'), ...args],
    {
      cwd: root,
      encoding: 'utf8',
      env: inheritedEnv({ TARGET: 'local', FUNNEL_STACK_FILE: '/nowhere/stack.json', ...variables }),
    },
  );
  return { status, stdout, stderr };
}

describe('npm run flows', () => {
  test('without a known command, namespace or option says how it is used', () => {
    for (const [args, reason] of [
      [
        ['publish'],
        /^publish is no command: give one of validate, deploy, diff, rollback, remove, cutover, preflight, urls, list, resend-failed, reconcile\./,
      ],
      [['list', '--namespace', 'Christmas!'], /^--namespace takes lower-case letters/],
      [
        ['resend-failed', '--since', '1h', '--yes'],
        /^--yes changes a live funnel: say which with --namespace/,
      ],
      [['resend-failed', '--since', 'noon'], /^--since: 4 characters that say no moment; give a span/],
      [['resend-failed'], /^resend-failed needs --since/],
      [['reconcile'], /^reconcile needs --since/],
      [['rollback', '--flow', 'send-email'], /^rollback of one flow needs both --flow and --revision/],
      [['rollback', '--flow', 'a', '--revision', '0x1'], /^--revision: 3 characters that are no number/],
      [
        ['rollback', '--flow', 'a', '--revision', '1', '--commit', 'abc1234'],
        /^rollback takes --commit, or --flow and --revision, not both/,
      ],
      [['remove', '--kill', '--yes'], /^--yes changes a live funnel: say which with --namespace/],
      [['list', '--namepsace', 'x'], /^Unknown option '--namepsace'/],
    ] as const) {
      const { status, stderr } = run([...args]);

      assert.equal(status, 2);
      assert.match(stderr, reason);
      assert.match(stderr, /Usage: npm run flows/);
    }
  });

  test('validates by the local rules when no Kestra answers, and says so', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'flows-cli-'));
    try {
      await cp(join(root, 'flows/christmas/lib'), join(folder, 'lib'), { recursive: true });
      await writeFile(join(folder, 'a.yaml'), 'id: b\nnamespace: christmas\ntasks: []\n');

      const broken = run(['validate', '--folder', folder]);
      await writeFile(join(folder, 'a.yaml'), 'id: a\nnamespace: christmas\ntasks: []\n');
      const sound = run(['validate', '--folder', folder]);

      assert.equal(broken.status, 1);
      assert.match(broken.stderr, /a\.yaml:1 {2}the id is "b", the file's name says a/);
      assert.equal(sound.status, 0);
      assert.match(
        sound.stdout,
        /0 faults by the local rules\.\nKestra's own validation was left out\. No local stack/,
      );
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test('changes production on an attached Kestra only for those who name it and say --yes', () => {
    const attached = {
      TARGET: 'homelab',
      KESTRA_URL: 'http://127.0.0.1:9',
      KESTRA_USER: 'someone@funnel.test',
      KESTRA_PASSWORD: 'x',
    };
    const production =
      /^christmas on http:\/\/127\.0\.0\.1:9 is production: to deploy there say --namespace christmas --yes\n/;
    for (const args of [['deploy'], ['deploy', '--namespace', 'christmas']]) {
      const { status, stderr } = run(args, attached);

      assert.equal(status, 2);
      assert.match(stderr, production);
    }
    for (const command of ['deploy', 'rollback', 'remove']) {
      const { status, stderr } = run([command, '--namespace', 'christmas', '--testing', '--yes'], attached);

      assert.equal(status, 2);
      assert.match(stderr, /^christmas on \S+ is production: it never runs in TESTING_MODE/);
    }
    for (const args of [
      ['deploy', '--namespace', 'christmas', '--yes'],
      ['remove', '--namespace', 'christmas', '--yes'],
      ['rollback', '--namespace', 'christmas', '--yes'],
      ['deploy', '--namespace', 'christmas.nightly'],
      ['remove'],
    ]) {
      const { status, stderr } = run(args, attached);

      assert.equal(status, 1, 'got as far as the server');
      assert.match(stderr, /got no answer from http:\/\/127\.0\.0\.1:9/);
    }
  });

  test('deploys nowhere when the attached Kestra is not named, and names what is missing', () => {
    const { status, stderr } = run(['deploy'], { TARGET: 'homelab', KESTRA_USER: 'someone@funnel.test' });

    assert.equal(status, 1);
    assert.match(stderr, /KESTRA_URL/);
    assert.match(stderr, /KESTRA_PASSWORD/);
    assert.doesNotMatch(stderr, /KESTRA_USER|someone/);
  });

  test('takes the templates database by either of its names', () => {
    const others = {
      NOTION_TOKEN: 't',
      NOTION_CONTACTS_DB_ID: 'c',
      NOTION_EMAIL_SEQUENCE_DB_ID: 's',
      NOTION_EMAIL_ANALYTICS_DB_ID: 'a',
      NOTION_CUSTOMER_PROJECTS_DB_ID: 'a',
    };

    assert.equal(readNotionEnv({ ...others, NOTION_TEMPLATES_DB_ID: 'x' }).NOTION_EMAIL_TEMPLATES_DB_ID, 'x');
    assert.throws(() => readNotionEnv(others), /NOTION_EMAIL_TEMPLATES_DB_ID: missing/);
  });
});
