import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { about, expect, test } from '../../fixtures/index.ts';
import { SETTLED } from '../../helpers/budgets.ts';
import { results } from '../../scripts/night/fake-results.ts';
import { mergeParts } from '../../scripts/night/merge.ts';
import { readVerdict } from '../../scripts/night/night-of.ts';
import type { Verdict } from '../../scripts/night/verdict.ts';
import { hooksOfStack, labelled, rehearse, script } from './rehearse.ts';

const purpose =
  'A night is of use when the team hears of a change, in numbers that are right however the night was divided.';

const totals = ({ state, passed, gated, notRun, night, failed }: Verdict) => ({
  state,
  passed,
  gated,
  notRun,
  failed: night.failed,
  product: failed.product.map(({ title }) => title),
  harness: failed.harness.map(({ title }) => title),
});

test.describe(
  'what is told of a night',
  { tag: '@harness', annotation: about({ feature: 'Harness', purpose }) },
  () => {
    test('a night of two parts has the numbers and results of the same night in one', async ({}, testInfo) => {
      const at = (name: string) => testInfo.outputPath(name);
      const args = ['wrong-delay', 'broken-helper'];
      const run = (name: string, shard?: string) =>
        rehearse({ reports: at(name), args, variables: shard === undefined ? {} : { SHARD: shard } });

      const [whole, ...parts] = await Promise.all([run('whole'), run('one', '1/2'), run('two', '2/2')]);
      mergeParts([at('one'), at('two')], at('merged'));

      const merged = readVerdict(at('merged'), undefined);
      expect(totals(merged)).toEqual(totals(whole.verdict));
      expect(totals(merged)).toMatchObject({ state: 'red', passed: 1, failed: 2 });
      const ran = parts.map(({ verdict }) => verdict.passed + verdict.night.failed);
      expect(Math.min(...ran), 'each part had a test of its own').toBeGreaterThan(0);
      const features = (name: string) => readFileSync(join(at(name), 'features.json'), 'utf8');
      expect(JSON.parse(features('merged'))).toEqual(JSON.parse(features('whole')));
      expect(labelled(at('merged'), 'feature')).toEqual(labelled(at('whole'), 'feature'));
    });

    test('the team is told when a night turns red and when it turns green, and of nothing in between', async ({
      alerts,
      lead,
    }, testInfo) => {
      const told = randomUUID();
      const night = nightsIn(testInfo.outputPath('night'), {
        NOTIFY_WEBHOOK_URL: hooksOfStack().discord,
        REPORT_URL: `https://reports.test/${told}`,
      });
      const kept = ['record', 'notify'] as const;
      const wrong = `Error: five mails to ${lead.email}`;

      await night('2099-01-01', [], kept);
      await night('2099-01-02', [wrong], kept);
      await night('2099-01-03', [wrong], kept);
      const last = await night('2099-01-04', [], kept);

      await expect(alerts.saying(told), 'red, and green again').toSettleAt(2, SETTLED);
      const messages = await alerts.saying(told).read();
      expect(messages.map(({ text }) => text.split('\n')[0])).toEqual([
        'The night turned from green to red.',
        'The night turned from red to green.',
      ]);
      const [red] = messages;
      expect(red?.text).toContain('Night of 2099-01-02: RED: 1 passed, 1 failed, 0 gated');
      expect(red?.text).toContain(`https://reports.test/${told}/2099-01-02T020000Z/`);
      expect(red?.text).not.toContain(lead.email);
      expect(last).toContain('Told: The night turned from red to green.');
    });

    test('a hook that refuses costs a line of the log, and never shows its address', async ({
      alerts,
    }, testInfo) => {
      const told = randomUUID();
      const hook = hooksOfStack().slack;
      const night = nightsIn(testInfo.outputPath('night'), {
        NOTIFY_WEBHOOK_URL: hook,
        REPORT_URL: `https://reports.test/${told}`,
      });
      await alerts.refuse(told, 500);

      const output = await night('2099-01-02', ['Error: wrong'], ['notify']);

      expect(output).toContain('was not told (Error, answered 500). The night stands.');
      expect(output).not.toContain(hook);
      expect((await alerts.saying(told).read()).map(({ status }) => status)).toEqual([500]);
    });

    test('trends and flaky tests show over the nights, and an outage has no part in them', async ({}, testInfo) => {
      const folder = testInfo.outputPath('night');
      const night = nightsIn(folder, {});
      const kept = ['report', 'record'] as const;
      await night('2099-01-01', [], kept);
      await night('2099-01-02', ['Error: wrong'], kept);
      const gone = 'Error: Kestra: GET /api/v1/x got no answer from http://127.0.0.1:1';
      await night('2099-01-03', [gone], kept);

      const output = await night('2099-01-04', [], [...kept, 'summary']);

      expect(output).toContain('Flaky over the nights (1)');
      const lines = (name: string) =>
        readFileSync(join(folder, 'kept', name), 'utf8')
          .trim()
          .split('\n').length;
      expect(lines('nights.jsonl')).toBe(4);
      expect(lines('trends.jsonl'), 'each night but that of the outage').toBe(3);
      const site = readFileSync(join(folder, 'kept/site/index.html'), 'utf8');
      expect(site.match(/href="2099-/g)).toHaveLength(4);
    });
  },
);

type Scripts = Exclude<Parameters<typeof script>[0], 'suite'>;

/** Nights of one test that passes and one that fails with these errors, or passes: results made up, scripts real. */
function nightsIn(folder: string, variables: Record<string, string>) {
  return async (day: string, errors: string[], scripts: readonly Scripts[]): Promise<string> => {
    const reports = join(folder, day);
    const startTime = `${day}T02:00:00.000Z`;
    const failed = errors.length > 0;
    const made = results([
      { id: 'steady', at: startTime },
      { id: 'other', at: startTime, status: failed ? 'unexpected' : 'expected', errors },
    ]);
    mkdirSync(join(reports, 'allure-results'), { recursive: true });
    writeFileSync(
      join(reports, 'results.json'),
      JSON.stringify({ ...made, stats: { ...made.stats, startTime } }),
    );
    const start = Date.parse(startTime);
    writeFileSync(
      join(reports, 'allure-results', 'other-result.json'),
      JSON.stringify({
        uuid: randomUUID(),
        historyId: 'other',
        name: 'the other test',
        fullName: 'a spec: the other test',
        status: failed ? 'failed' : 'passed',
        stage: 'finished',
        start,
        stop: start + 1_000,
        labels: [],
        ...(failed ? { statusDetails: { message: errors[0] } } : {}),
      }),
    );
    const kept = { FUNNEL_REPORTS: reports, NIGHT_FOLDER: join(folder, 'kept'), ...variables };
    let output = '';
    for (const name of scripts) {
      const done = await script(name, [], kept);
      output += done.output;
      expect(done.code, done.output).toBe(0);
    }
    return output;
  };
}
