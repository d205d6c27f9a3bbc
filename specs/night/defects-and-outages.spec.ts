import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { about, expect, test } from '../../fixtures/index.ts';
import { startStackProcess } from '../../stack/start.ts';
import { apart, attached, labelled, rehearse, script, stackWith } from './rehearse.ts';

const purpose =
  'A night tells whom its failures accuse: a service that was gone is one outage, and neither thirty defects nor one.';

test.describe(
  'what a night makes of a failure',
  { tag: '@harness', annotation: about({ feature: 'Harness', purpose }) },
  () => {
    test('when the engine is killed in the middle, the run stops and tells of one outage', async ({
      afterwards,
    }, testInfo) => {
      const folder = apart(afterwards);
      const stack = await startStackProcess({ file: join(folder, 'stack.json'), folder });
      afterwards.undo('the stack of this test', () => stack.stop());
      const engine = execFileSync('pgrep', ['-P', String(stack.file.pid), 'java'], { encoding: 'utf8' });
      let killed = false;

      const reports = testInfo.outputPath('reports');
      const { code, output, verdict } = await rehearse({
        reports,
        args: ['kestra-is-asked'],
        variables: { FUNNEL_STACK_FILE: join(folder, 'stack.json') },
        watch: (soFar) => {
          killed ||= (soFar.match(/✓/g)?.length ?? 0) >= 4 && process.kill(Number(engine), 'SIGKILL');
        },
      });

      expect(killed, output).toBe(true);
      expect(code, output).toBe(75);
      expect(output).toContain('OUTAGE: Kestra gave no answer');
      expect(verdict.state).toBe('outage');
      expect(verdict.outages.map(({ service }) => service)).toEqual(['Kestra']);
      expect(verdict.night.failed, 'it accuses nobody').toBe(0);
      expect(verdict.passed, 'what ran before').toBeGreaterThanOrEqual(4);
      expect(verdict.notRun, 'most were not begun').toBeGreaterThan(15);
    });

    test('when Notion answers 503, that is one outage, in the report as well', async ({
      target,
      between,
      afterwards,
    }, testInfo) => {
      // Well until a test asks, so that on a slow machine too a test fails before the watch ends the run.
      const notion = await between(target.notion.url, {
        refuse: { status: 503, times: Infinity, under: '/v1/', from: 'POST' },
      });
      const file = stackWith(apart(afterwards), (stack) => ({
        ...stack,
        notion: { ...stack.notion, url: notion.url },
      }));
      const reports = testInfo.outputPath('reports');

      const { code, output, verdict } = await rehearse({
        reports,
        args: ['notion-is-asked'],
        variables: { FUNNEL_STACK_FILE: file },
      });
      await script('report', [], { FUNNEL_REPORTS: reports });

      expect(code, output).toBe(75);
      expect(output).toContain('OUTAGE: Notion answered 503');
      expect(verdict.outages.map(({ service, what }) => `${service} ${what}`)).toEqual([
        'Notion answered 503',
      ]);
      expect(verdict.night.failed).toBe(0);
      const labels = labelled(reports, 'defect');
      expect(Object.keys(labels)).toEqual(['Outage: Notion']);
      // One that was under way when the run stopped bears the label as well.
      expect(labels['Outage: Notion']).toBeGreaterThanOrEqual(Number(verdict.outages[0]?.tests));
    });

    test('a wrong delay is the product’s defect, and a helper that throws the harness’s', async ({}, testInfo) => {
      const reports = testInfo.outputPath('reports');

      const { code, output, verdict } = await rehearse({
        reports,
        args: ['wrong-delay', 'broken-helper', 'warned'],
      });
      await script('report', [], { FUNNEL_REPORTS: reports });

      expect(code, output).toBe(1);
      expect(verdict.state).toBe('red');
      expect(verdict.outages).toEqual([]);
      expect(verdict.failed.product.map(({ title }) => title)).toEqual([
        'the mails of a missed call are due an hour later than the flows have it',
      ]);
      expect(verdict.failed.harness.map(({ title }) => title)).toEqual([
        'a timetable of a sequence that does not exist is made',
      ]);
      expect(verdict.passed).toBe(2);
      expect(labelled(reports, 'defect')).toEqual({ 'Product defect': 1, 'Harness defect': 1 });
      expect(
        attached(reports, 'an assessment that is too high is refused', 'warnings of assessment-handler'),
        'what an execution warned of, of a test that passed as well',
      ).toContain('red_systems: expected a whole number from 0 to 8');
      expect(labelled(reports, 'owner')).toEqual({ automation: 4 });
    });
  },
);
