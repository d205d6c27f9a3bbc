import { about, expect, test } from '../../fixtures/index.ts';
import { nestedRun } from '../../helpers/nested-run.ts';

const purpose =
  'Until the website calls the webhooks its journeys are gated; a gate must know what is missing, and the day it comes.';

const SIGN_UP = 'sending the form begins one execution of signup-handler, and it ends well';
const PAGE_ALONE = 'a form with faults names each field, and nothing is posted';
const EVENT = 'a missed call begins noshow-recovery-handler, with the time of the booking';

const only = (...titles: string[]) => ['specs/website', '--project=funnel', '-g', titles.join('|')];

test.describe(
  'journeys on another site',
  { tag: '@own-website', annotation: about({ feature: 'Lead capture', covers: ['4.8', '4.9'], purpose }) },
  () => {
    test('on the site as it is, a gated journey shows what is missing, and the run passes', async ({
      target,
    }, testInfo) => {
      const run = await nestedRun(
        testInfo.outputPath('reports'),
        { SITE_URL: String(target.siteAsItIs) },
        only(SIGN_UP, PAGE_ALONE, EVENT),
      );

      expect(run.code, run.output).toBe(0);
      expect(run.ends).toEqual({
        [SIGN_UP]: 'failed, expected',
        [PAGE_ALONE]: 'passed, expected',
        [EVENT]: 'skipped, skipped',
      });
      expect(run.output).toContain('@blocked:website-webhooks  since 2025-11-30, the website’s team owes');
      expect(run.output).toContain('1 tests: 1 showed what is missing');
      expect(run.groups['Waits for others'], 'grouped in the report').toBe(2);
    });

    test('on a site that posts, the gate turns the run red until it is removed', async ({
      target,
    }, testInfo) => {
      const run = await nestedRun(
        testInfo.outputPath('reports'),
        { SITE_URL: String(target.sites.testing) },
        only(SIGN_UP),
      );

      expect(run.code, run.output).toBe(1);
      expect(run.ends).toEqual({ [SIGN_UP]: 'failed, unexpected' });
      expect(run.output).toContain('Expected to fail, but passed');
    });

    test('on a site that loads from another host, the run is red and names the host', async ({
      target,
      between,
    }, testInfo) => {
      const site = await between(String(target.siteAsItIs), {
        rewrite: (page) =>
          page.replace('</footer>', '<img alt="" src="https://tracker.example/p.gif"></footer>'),
      });
      const run = await nestedRun(testInfo.outputPath('reports'), { SITE_URL: site.url }, only(PAGE_ALONE));

      expect(run.code, run.output).toBe(1);
      expect(run.output).toContain('A page asked for other hosts:');
      expect(run.output).toContain('https://tracker.example/p.gif');
    });

    test('with its gate opened the journey runs as it is, and the run says what a site starts with, without a key', async ({
      target,
    }, testInfo) => {
      const run = await nestedRun(
        testInfo.outputPath('reports'),
        { SITE_URL: String(target.sites.testing), OPEN_GATES: '@blocked:website-webhooks' },
        only(SIGN_UP),
      );

      expect(run.code, run.output).toBe(0);
      expect(run.ends).toEqual({ [SIGN_UP]: 'passed, expected' });
      for (const name of Object.keys(target.websiteVariables('testing'))) {
        expect(run.output).toContain(`${name}=`);
      }
      expect(target.secrets.filter((secret) => run.output.includes(secret))).toEqual([]);
    });
  },
);
