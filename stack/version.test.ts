import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { stackVersion } from './version.ts';

function inTree(files: Record<string, string>, look: (folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'stack-version-'));
  try {
    for (const [name, text] of Object.entries(files)) write(folder, name, text);
    look(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function write(folder: string, name: string, text: string): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text);
}

const tree = { 'flows/christmas/a.yaml': 'id: a', 'stack/main.ts': 'x', 'package-lock.json': '{}' };

test('a changed flow, a renamed file and a changed lock file each make another version', () => {
  inTree(tree, (folder) => {
    const before = stackVersion(folder);
    assert.equal(stackVersion(folder), before);

    write(folder, 'flows/christmas/a.yaml', 'id: b');
    const changedFlow = stackVersion(folder);
    write(folder, 'package-lock.json', '{"a":1}');
    const changedLock = stackVersion(folder);

    assert.equal(new Set([before, changedFlow, changedLock]).size, 3);
  });
  inTree({ ...tree, 'flows/christmas/b.yaml': 'x' }, (one) =>
    inTree({ ...tree, 'flows/christmas/c.yaml': 'x' }, (other) =>
      assert.notEqual(stackVersion(one), stackVersion(other)),
    ),
  );
});

test('specs, unit tests and built files change nothing', () => {
  inTree(tree, (folder) => {
    const before = stackVersion(folder);

    write(folder, 'specs/a.spec.ts', 'x');
    write(folder, 'stack/main.test.ts', 'x');
    write(folder, 'stack/kestra/target/engine.jar', 'x');
    write(folder, 'flows/christmas/lib/__pycache__/a.pyc', 'x');

    assert.equal(stackVersion(folder), before);
  });
});
