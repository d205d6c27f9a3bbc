import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { handOn } from './env.ts';
import { forgetWaits, noteWait, waitsNow } from './progress.ts';

test('a wait that lasts is told with what is due, until nobody waits any more', (t) => {
  const reports = mkdtempSync(join(tmpdir(), 'progress-'));
  t.after(() => rmSync(reports, { recursive: true }));
  handOn('FUNNEL_REPORTS', reports);

  noteWait('too short to tell', { elapsedMs: 2_000, withinMs: 60_000 });
  assert.deepEqual(waitsNow(reports), []);
  noteWait('1 of 3 mails, #2 due in 20 s', { elapsedMs: 40_000, withinMs: 300_000 });
  assert.deepEqual(waitsNow(reports), ['1 of 3 mails, #2 due in 20 s (40 s of at most 300 s)']);
  assert.deepEqual(waitsNow(reports, Date.now() + 11_000), []);
  forgetWaits(reports);
  assert.deepEqual(waitsNow(reports), []);
});
