import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Expected, findStack, refusal } from './kept.ts';
import { StackFile } from './stack-file.ts';

const stack = StackFile.parse({
  version: 'v1',
  engine: 'embedded',
  pid: process.pid,
  startedAt: '2025-12-01T09:00:00.000Z',
  kept: true,
  logFolder: '.stack/kept',
  testingMinuteSeconds: 5,
  testMailbox: 'somebody@example.com',
  commit: 'abc',
  namespaces: { production: 'christmas', testing: 'christmas.testing' },
  kestra: {
    url: 'http://127.0.0.1:1',
    managementUrl: 'http://127.0.0.1:2',
    version: '1.3.31',
    user: 'a@example.com',
    password: 'p',
    webhookKeys: { signup: 'a', assessment: 'b', noshow: 'c', postcall: 'd', onboarding: 'e' },
  },
  notion: {
    url: 'http://127.0.0.1:3',
    token: 't',
    flowsToken: 'u',
    databases: { contacts: 'a', tracker: 'b', templates: 'c', analytics: 'd', projects: 'e' },
  },
  resend: { url: 'http://127.0.0.1:4', from: 'd', keys: { website: 'a', kestra: 'b', harness: 'c' } },
  websites: {
    production: 'http://127.0.0.1:6',
    testing: 'http://127.0.0.1:7',
    asItIs: 'http://127.0.0.1:8',
  },
  alerts: { url: 'http://127.0.0.1:5', tokens: { discord: 'a', slack: 'b' } },
});

const same: Expected = { version: 'v1', engine: 'embedded', kestra: '1.3.31', testingMinuteSeconds: 5 };

test('a kept stack of this very version serves', () => {
  assert.equal(refusal(stack, same), undefined);
});

test('a kept stack of another version, engine, Kestra or testing minute is refused with a remedy', () => {
  const otherVersion = refusal(stack, { ...same, version: 'v2' });
  const otherEngine = refusal(stack, { ...same, engine: 'docker' });
  const otherKestra = refusal(stack, { ...same, kestra: '2.0.0' });
  const otherMinute = refusal(stack, { ...same, testingMinuteSeconds: 60 });

  assert.match(otherKestra ?? '', /has Kestra 1\.3\.31, this run wants 2\.0\.0.*npm run stack -- restart/);
  assert.match(otherEngine ?? '', /embedded engine.*wants docker.*npm run stack -- restart/);
  assert.match(otherVersion ?? '', /other flows or stack code.*npm run stack -- restart/);
  assert.match(otherMinute ?? '', /testing minutes of 5 s.*wants 60 s.*npm run stack -- restart/);
});

test('the file of a dead stack is removed, though its process number lives on in another program', () => {
  const folder = mkdtempSync(join(tmpdir(), 'stack-kept-'));
  const file = join(folder, 'stack.json');
  try {
    writeFileSync(file, JSON.stringify(stack)); // this test's own process is no stack

    assert.equal(findStack(file), undefined);
    assert.equal(existsSync(file), false);
    assert.equal(findStack(file), undefined);

    writeFileSync(file, JSON.stringify({ pid: process.pid, from: 'another version' }));
    assert.equal(findStack(file), undefined);
    assert.equal(existsSync(file), false);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
