import assert from 'node:assert/strict';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { bringTrends, trendsFile } from '../report/trends.ts';
import { turnOf } from './hook.ts';
import { historyFile, keepNight, type Night, readNights } from './history.ts';
import { linkTo, publish } from './site.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'nights-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const night = (day: string, state: Night['state'] = 'green'): Night => ({
  startedAt: `2026-01-${day}T02:00:00.000Z`,
  state,
  commit: 'c',
  passed: 1,
  failed: 0,
  gated: 0,
  tests: { a: true },
});
const days = () => readNights(folder).map(({ startedAt }) => startedAt.slice(8, 10));

test('the latest nights are kept, in order, each once', () => {
  for (const day of ['03', '01', '02', '04']) keepNight(folder, night(day), 3);
  keepNight(folder, night('04', 'red'), 3);

  assert.deepEqual(days(), ['02', '03', '04']);
  assert.equal(readNights(folder).at(-1)?.state, 'red', 'the same night again takes its place');
});

test('a line that is no night is named with its place, and nothing is overwritten', () => {
  keepNight(folder, night('01'), 3);
  appendFileSync(historyFile(folder), '{"half":');
  const before = readFileSync(historyFile(folder), 'utf8');

  assert.throws(() => keepNight(folder, night('02'), 3), /nights\.jsonl:2 is no night: remove the line/);
  assert.equal(readFileSync(historyFile(folder), 'utf8'), before);
});

test('the team is told when the state changes, by the night before this one', () => {
  const nights = [night('01'), night('02', 'red')];

  assert.equal(turnOf(night('03', 'red'), nights), undefined);
  assert.equal(turnOf(night('03'), nights), 'The night turned from red to green.');
  assert.equal(turnOf(night('03', 'outage'), nights), 'The night turned from red to outage.');
  assert.equal(
    turnOf(night('02', 'red'), nights),
    'The night turned from green to red.',
    'kept already, so not compared with itself',
  );
  assert.equal(turnOf(night('01'), []), undefined, 'a first night that is green is no news');
  assert.equal(turnOf(night('01', 'red'), []), 'The night turned from green to red.');
});

test('trends come from the nights before, so that a report can be made twice', () => {
  const reports = join(folder, 'reports');
  mkdirSync(reports);
  const point = (timestamp: number) => `{"timestamp":${timestamp},"uuid":"u"}\n`;
  writeFileSync(trendsFile(folder), point(100) + point(200));

  bringTrends(folder, reports, new Date(150));
  assert.equal(readFileSync(trendsFile(reports), 'utf8'), point(100));

  bringTrends(undefined, reports, new Date(150));
  assert.equal(existsSync(trendsFile(reports)), false, 'those of another run are not taken for this one’s');
});

test('the site has a folder a night, the latest, and a page that lists them; old ones go', () => {
  const report = join(folder, 'report');
  const site = join(folder, 'site');
  mkdirSync(report);
  for (const day of ['01', '02', '03']) {
    writeFileSync(join(report, 'index.html'), `report of ${day}`);
    publish(report, site, night(day), 2);
  }

  assert.equal(readFileSync(join(site, 'latest/index.html'), 'utf8'), 'report of 03');
  assert.equal(readFileSync(join(site, '2026-01-02T020000Z/index.html'), 'utf8'), 'report of 02');
  assert.equal(existsSync(join(site, '2026-01-01T020000Z')), false);
  const page = readFileSync(join(site, 'index.html'), 'utf8');
  assert.deepEqual(
    [...page.matchAll(/href="(2026[^"]+)"/g)].map(([, name]) => name),
    ['2026-01-03T020000Z/', '2026-01-02T020000Z/'],
  );
  assert.equal(
    linkTo(night('03'), { REPORT_URL: 'https://reports.test/nights/' }),
    'https://reports.test/nights/2026-01-03T020000Z/',
  );
  assert.equal(linkTo(night('03'), {}), undefined);
});
