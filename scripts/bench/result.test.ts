import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { compare, earlierOf, trendsOf } from './compare.ts';
import { page } from './page.ts';
import { withSecretKey } from './parts/idle.ts';
import { amount, type Figure, isMet, readResults, type Result, writeResult } from './result.ts';

const figure = (id: string, value: number, more: Partial<Figure> = {}): Figure => ({
  id,
  what: `What ${id} is`,
  unit: 'ms',
  value,
  ...more,
});

const result = (day: number, figures: Figure[], cores = 2): Result => ({
  format: 1,
  takenAt: `2025-12-0${day}T10:00:00.000Z`,
  commit: `c${day}`,
  machine: { cores, cpu: 'Some CPU', memoryMb: 8_000, platform: 'linux x64', loadBefore: 0 },
  versions: { node: '20' },
  parts: ['ready'],
  figures,
});

test('a goal is met up to its value and missed above it; a figure without one is neither', () => {
  assert.equal(isMet({ value: 250, goal: 250 }), true);
  assert.equal(isMet({ value: 250.1, goal: 250 }), false);
  assert.equal(isMet({ value: 1 }), undefined);
});

test('amounts have as many digits as tell something', () => {
  assert.deepEqual(
    [amount(81.6, 'ms'), amount(2.414, '×'), amount(12.34, 's'), amount(123.4, 's')],
    ['82 ms', '2.41 ×', '12.3 s', '123 s'],
  );
});

test('a figure is compared with the same of an earlier result: better, worse, the same within a tenth, or new', () => {
  const before = result(1, [figure('a', 100), figure('b', 100), figure('c', 100), figure('zero', 0)]);
  const now = result(2, [
    figure('a', 111),
    figure('b', 89),
    figure('c', 109),
    figure('d', 5),
    figure('zero', 5),
  ]);

  assert.deepEqual(
    compare(now, before).map(({ figure: { id }, verdict }) => [id, verdict]),
    [
      ['a', 'worse'],
      ['b', 'better'],
      ['c', 'same'],
      ['d', 'new'],
      ['zero', 'new'],
    ],
  );
  const [first] = compare(now, before);
  assert.equal(first?.ratio, 1.11);
});

test('results of different machines are not judged against each other', () => {
  const verdicts = compare(result(2, [figure('a', 300)], 8), result(1, [figure('a', 100)], 2));
  assert.equal(verdicts[0]?.verdict, 'other machine');
});

test('a result is compared with the newest before it that measured one of its figures', () => {
  const now = result(4, [figure('a', 1)]);
  const all = [result(5, [figure('a', 5)]), result(3, [figure('b', 3)]), result(1, [figure('a', 1)]), now];

  assert.equal(earlierOf(now, [result(2, [figure('a', 2), figure('b', 2)]), ...all])?.commit, 'c2');
  assert.equal(earlierOf(now, all)?.commit, 'c1');
  assert.equal(earlierOf(result(9, [figure('c', 1)]), all), undefined);
});

test('a trend goes through all results that have the figure, in the order of time, and shows the newest value', () => {
  const trends = trendsOf([
    result(3, [figure('a', 3)]),
    result(1, [figure('a', 1), figure('b', 9)]),
    result(2, [figure('a', 2)]),
  ]);

  const [a, b] = trends;
  assert.deepEqual(
    a?.points.map(({ value }) => value),
    [1, 2, 3],
  );
  assert.equal(a?.figure.value, 3);
  assert.deepEqual(
    b?.points.map(({ commit }) => commit),
    ['c1'],
  );
});

test('results are written, found again in order, and a file that is none is named', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'bench-'));
  try {
    const later = result(2, [figure('a', 2)]);
    const file = await writeResult(folder, later);
    await writeResult(folder, result(1, [figure('a', 1)]));
    await writeFile(join(folder, 'index.html'), 'a page');

    assert.deepEqual(
      (await readResults(folder)).map(({ commit }) => commit),
      ['c1', 'c2'],
    );
    assert.deepEqual(await readResults(file), [later]);

    await writeFile(join(folder, '2025-broken.json'), JSON.stringify({ ...later, machine: {} }));
    await assert.rejects(readResults(folder), /2025-broken\.json is no result.*machine\.cores/);
    await writeFile(join(folder, '2025-broken.json'), '{');
    await assert.rejects(readResults(folder), /is not JSON/);
    await assert.rejects(readResults(join(folder, 'nowhere')), /There is no .*nowhere/);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('the page has goals, charts and the trend, loads nothing, and shows hostile text as text', () => {
  const samples = Array.from({ length: 20 }, (_, index) => index * 10);
  const lag = figure('detection.p95', 300, {
    goal: 250,
    samples,
    parts: { 'a <b>': 100, c: 200 },
    note: '<script>x</script>',
  });
  const older = result(1, [{ ...lag, value: 200 }]);

  const html = page([older, result(2, [lag])]);

  assert.match(html, /missed/);
  assert.match(html, /Against c1/);
  assert.match(html, /\+50 %/);
  assert.equal(html.match(/<svg /g)?.length, 4, 'goal, parts, samples and trend');
  assert.match(html, /a &lt;b&gt;: 100 ms/);
  assert.ok(!html.includes('<script'));
  assert.ok(!/(?:src|href)=|url\(|@import/.test(html));
  assert.throws(() => page([]), /no result/);
});

test('one result has no trend and is compared with nothing', () => {
  const html = page([result(1, [figure('a', 1)])]);
  assert.ok(!html.includes('Against'));
  assert.ok(!html.includes('<polyline'));
});

test('every webhook of the flows gets a secret in place of its key, and nothing else changes', async () => {
  const names = ['signup', 'assessment', 'noshow-recovery', 'postcall-maybe', 'onboarding'];
  const secrets = await Promise.all(
    names.map(async (name) => {
      const text = await readFile(`flows/christmas/${name}-handler.yaml`, 'utf8');
      const changed = withSecretKey(text, ({ secret }) => secret);
      const key = /key: "\{\{ (secret\('\w+'\)) \}\}"/.exec(changed)?.[1];
      assert.equal(changed.replace(key ?? '', /envs\.webhook_key_\w+/.exec(text)?.[0] ?? ''), text);
      return key;
    }),
  );
  assert.equal(new Set(secrets).size, 5);
  assert.ok(!secrets.includes(undefined));

  const mail = await readFile('flows/christmas/send-email.yaml', 'utf8');
  assert.equal(
    withSecretKey(mail, () => 'X'),
    mail,
  );
  assert.throws(
    () =>
      withSecretKey('triggers:\n  - type: io.kestra.plugin.core.trigger.Webhook\n    key: plain', () => 'X'),
    /none to put a secret in place of/,
  );
});
