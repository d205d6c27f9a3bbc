import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { dialectOf } from './kestra-dialect.ts';

describe('the dialect of a Kestra', () => {
  test('is the line of its version, candidates and snapshots too', () => {
    for (const [version, dialect] of [
      ['0.20.13', '0.2x'],
      ['0.24.0-SNAPSHOT', '0.2x'],
      ['1.3.31', '1.x'],
      ['v1.3.31', '1.x'],
      ['1.10.0', '1.x'],
      ['2.0.0-rc3', '2.x'],
      ['2.1.4\n', '2.x'],
    ] as const) {
      assert.equal(dialectOf(version), dialect, version);
    }
  });

  test('of another line is an error that names the version and the remedy', () => {
    for (const version of ['0.19.2', '0.2.1', '3.0.0', '12.1.0', '10.2']) {
      assert.throws(() => dialectOf(version), {
        message: `Kestra's version: ${version}. This client speaks 0.20 to 0.29, 1.x and 2.x: attach to a server of one of these (1.3 is what the flows are proven on).`,
      });
    }
    for (const version of ['', 'unknown', '<html>', '2']) {
      assert.throws(
        () => dialectOf(version),
        new RegExp(`^Error: Kestra's version: ${version.length} characters`),
      );
    }
  });
});
