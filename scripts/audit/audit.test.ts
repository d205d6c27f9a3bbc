import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { root } from '../../stack/paths.ts';
import { advisoriesIn } from './advisories.ts';
import { bomOf, doubled, mavenComponents, npmComponents } from './inventory.ts';
import { lockFaults, LockFile, Manifest } from './lock.ts';

const read = (name: string): unknown => JSON.parse(readFileSync(join(root, name), 'utf8'));
const sound = { version: '1.0.0', integrity: 'sha512-x' };
const faultsOf = (entry: object, manifest: object = {}): string[] =>
  lockFaults(
    LockFile.parse({ lockfileVersion: 3, packages: { '': {}, 'node_modules/one': { ...sound, ...entry } } }),
    Manifest.parse(manifest),
  );

test('our own lock file brings what was looked at and nothing else', () => {
  assert.deepEqual(
    lockFaults(LockFile.parse(read('package-lock.json')), Manifest.parse(read('package.json'))),
    [],
  );
});

describe('a lock file', () => {
  test('without a hash, or with a weak one, is named', () => {
    assert.match(String(faultsOf({ integrity: undefined })), /node_modules\/one: no sha512/);
    assert.match(String(faultsOf({ integrity: 'sha1-x' })), /no sha512/);
  });

  test('whose package comes from elsewhere than a registry is named', () => {
    for (const resolved of ['git+ssh://git@host.test/a.git', 'http://host.test/a.tgz', 'file:../a'])
      assert.match(String(faultsOf({ resolved })), /elsewhere/, resolved);
    assert.deepEqual(faultsOf({ resolved: 'https://host.test/one/-/one-1.0.0.tgz' }), []);
    assert.match(String(faultsOf({ link: true })), /a link/);
  });

  test('whose package runs a script that nobody looked at is named', () => {
    assert.match(String(faultsOf({ hasInstallScript: true })), /runs a script/);
  });

  test('beside a version that may become another one is named', () => {
    for (const version of ['^1.0.0', '~1.0.0', '*', 'latest', 'github:a/b'])
      assert.match(String(faultsOf({}, { devDependencies: { one: version } })), /no exact version/, version);
  });
});

describe('the registry’s advisories', () => {
  test('are told, the grave ones as such', () => {
    const of = (name: string, severity: string) => ({ name, severity, range: '<2', isDirect: true });
    const output = JSON.stringify({ vulnerabilities: { a: of('a', 'moderate'), b: of('b', 'high') } });

    assert.deepEqual(advisoriesIn(output), {
      asked: true,
      found: [
        { name: 'a', severity: 'moderate', range: '<2', grave: false },
        { name: 'b', severity: 'high', range: '<2', grave: true },
      ],
    });
    assert.deepEqual(advisoriesIn('{"vulnerabilities":{}}'), { asked: true, found: [] });
  });

  test('that cannot be had are no good news', () => {
    const refused = JSON.stringify({ message: '405 Method Not Allowed - POST', statusCode: 405, error: {} });

    assert.deepEqual(advisoriesIn(refused), {
      asked: false,
      why: 'the registry has no audit endpoint (it answered 405)',
    });
    assert.equal(advisoriesIn('').asked, false);
    assert.equal(advisoriesIn('{}').asked, false);
  });
});

test('the engine’s libraries are read off Maven’s list, classifiers and scopes included', () => {
  const list = `The following files have been resolved:
   io.kestra:core:jar:1.3.31:compile -- module core (auto)
   io.netty:netty-transport-native-epoll:jar:linux-x86_64:4.2.12.Final:runtime
   org.junit:junit:jar:5.0.0:test
   com.google.guava:guava:jar:33.4.8-jre:compile -- module com.google.common`;

  assert.deepEqual(
    mavenComponents(list).map(({ purl }) => purl),
    [
      'pkg:maven/io.kestra/core@1.3.31',
      'pkg:maven/io.netty/netty-transport-native-epoll@4.2.12.Final',
      'pkg:maven/com.google.guava/guava@33.4.8-jre',
    ],
  );
  assert.deepEqual(doubled(mavenComponents(`${list}\n   io.kestra:core:jar:1.3.30:compile`)), [
    'io.kestra:core: 1.3.31, 1.3.30',
  ]);
});

test('the list has every package once, with the address that scanners know it by', () => {
  const packages = {
    '': {},
    'node_modules/@a/b': sound,
    'node_modules/c/node_modules/@a/b': sound,
    'node_modules/c': { ...sound, version: '2.0.0' },
  };
  const { components } = bomOf(npmComponents(LockFile.parse({ lockfileVersion: 3, packages })));

  assert.deepEqual(
    components.map(({ purl }) => purl),
    ['pkg:npm/%40a/b@1.0.0', 'pkg:npm/c@2.0.0'],
  );
});
