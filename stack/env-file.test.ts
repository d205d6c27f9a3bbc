import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'dotenv';
import { readFileSync } from 'node:fs';
import { envFileOf, writeEnvFile } from './env-file.ts';

const values = { PLAIN: 'abc', HARD: 'a $HOME "b" `c` \\d #e <f@g.test> =' };

test('a shell and dotenv read an environment file as it was meant, dollars and quotes included', () => {
  const folder = mkdtempSync(join(tmpdir(), 'env-file-'));
  const file = join(folder, 'x.env');
  try {
    writeEnvFile(file, values);

    const shell = execFileSync('/bin/sh', ['-c', '. "$1"; printf "%s|%s" "$PLAIN" "$HARD"', 'sh', file]);
    assert.equal(shell.toString(), `${values.PLAIN}|${values.HARD}`);
    assert.deepEqual(parse(readFileSync(file)), values);
    assert.equal(statSync(file).mode & 0o777, 0o600);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a value that would end its quotes is refused by name, and not shown', () => {
  const refused = (value: string): string => {
    try {
      return envFileOf({ PASSWORD: value });
    } catch (error) {
      return String(error);
    }
  };

  assert.match(refused("top'secret"), /PASSWORD has a quote or a line break/);
  assert.match(refused('top\nsecret'), /PASSWORD has a quote or a line break/);
  assert.doesNotMatch(refused("top'secret"), /top|secret/);
});
