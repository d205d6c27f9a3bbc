import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { folderOfCommit } from './rollback.ts';

describe('the flows of a commit', () => {
  let repository: string;
  const git = (...args: string[]): string =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@funnel.test', ...args], {
      cwd: repository,
      encoding: 'utf8',
    }).trim();
  const commit = async (files: Record<string, string>): Promise<string> => {
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(repository, path)), { recursive: true });
      await writeFile(join(repository, path), text);
    }
    git('add', '-A');
    git('commit', '-qm', 'x');
    return git('rev-parse', '--short=12', 'HEAD');
  };

  before(async () => {
    repository = await mkdtemp(join(tmpdir(), 'flows-history-'));
    git('init', '-q');
  });
  after(() => rm(repository, { recursive: true }));

  test('are those it had, files included, whatever the checkout has by now', async () => {
    const first = await commit({
      'flows/christmas/a.yaml': 'id: a\nnamespace: christmas\n# ä, first\n',
      'flows/christmas/lib/mail.py': 'A = 1\n',
      'flows/tests/test_a.py': 'no part of it\n',
    });
    await commit({
      'flows/christmas/a.yaml': 'id: a\nnamespace: christmas\n# second\n',
      'flows/christmas/b.yaml': 'id: b\nnamespace: christmas\n',
    });

    const { folder } = await folderOfCommit(first, repository);

    assert.deepEqual(
      folder.flows.map(({ id, text }) => [id, text]),
      [['a', 'id: a\nnamespace: christmas\n# ä, first\n']],
    );
    assert.deepEqual(
      folder.files.map(({ path, text }) => [path, text]),
      [['/lib/mail.py', 'A = 1\n']],
    );
  });

  test('are not to be had of what is no commit, was never committed, or is not in this checkout', async () => {
    for (const [given, reason] of [
      ['HEAD; ls', /^--commit: 8 characters that are no commit's hash\. Roll back flow by flow/],
      [
        '0a1b2c3d4e5f-changed',
        /^--commit 0a1b2c3d4e5f-changed: it was deployed from a checkout with changes/,
      ],
      ['0a1b2c3d4e5f', /^--commit 0a1b2c3d4e5f: this checkout does not know it\. Fetch it with git first\.$/],
    ] as const) {
      await assert.rejects(folderOfCommit(given, repository), { message: reason });
    }
  });
});
