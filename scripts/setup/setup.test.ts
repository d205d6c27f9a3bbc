import assert from 'node:assert/strict';
import { test } from 'node:test';
import { choose, majorOf } from './jdk.mjs';
import { kestraVersion, OLDEST_JDK, setupCommand } from './kestra-versions.mjs';
import { firstDifference } from './npm-packages.mjs';

test('the feature release is read from both forms of a release file', () => {
  assert.equal(majorOf('IMPLEMENTOR="Eclipse Adoptium"\nJAVA_VERSION="25.0.1"\n'), 25);
  assert.equal(majorOf('JAVA_VERSION="25"\n'), 25);
  assert.equal(majorOf('JAVA_VERSION="1.8.0_422"\n'), 1);
  assert.equal(majorOf(''), 0);
});

test('25 is preferred, then newer ones, then the newest that will do', () => {
  const of = (...majors: number[]) =>
    choose(
      majors.map((major) => ({ major })),
      21,
    )?.major;

  assert.equal(of(17, 21, 25, 26), 25);
  assert.equal(of(21, 24, 27, 26), 26);
  assert.equal(of(21, 23, 17), 23);
  assert.equal(of(17, 11), undefined);
});

test('a JDK below the floor of the wanted Kestra is none', () => {
  const jdks = [{ major: 21 }, { major: 24 }];

  assert.equal(choose(jdks, OLDEST_JDK['1.3.31'])?.major, 24);
  assert.equal(choose(jdks, OLDEST_JDK['2.0.0']), undefined);
});

test('1.3.31 is what no word means, another version is refused with those that there are', () => {
  assert.equal(kestraVersion(undefined), '1.3.31');
  assert.equal(kestraVersion(''), '1.3.31');
  assert.equal(kestraVersion('2.0.0'), '2.0.0');
  assert.throws(() => kestraVersion('2.0.1'), /KESTRA_VERSION: one of 1\.3\.31 and 2\.0\.0/);
  assert.equal(setupCommand('1.3.31'), 'npm run setup');
  assert.equal(setupCommand('2.0.0'), 'KESTRA_VERSION=2.0.0 npm run setup');
});

test('installed packages match the lock file, but for optional ones of other platforms', () => {
  const wanted = {
    packages: {
      '': { version: '1.0.0' },
      'node_modules/a': { version: '2.0.0' },
      'node_modules/mac': { version: '1.0.0', optional: true },
    },
  };
  const installed = (packages: Record<string, { version: string }>) => firstDifference(wanted, { packages });

  assert.equal(installed({ 'node_modules/a': { version: '2.0.0' } }), undefined);
  assert.equal(installed({ 'node_modules/a': { version: '1.9.0' } }), 'node_modules/a');
  assert.equal(installed({}), 'node_modules/a');
  assert.equal(
    installed({ 'node_modules/a': { version: '2.0.0' }, 'node_modules/mac': { version: '0.9.0' } }),
    'node_modules/mac',
  );
  assert.equal(
    installed({ 'node_modules/a': { version: '2.0.0' }, 'node_modules/left': { version: '1.0.0' } }),
    'node_modules/left',
  );
});
