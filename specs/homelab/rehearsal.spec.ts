import { about, expect, test } from '../../fixtures/index.ts';
import { BUDGET } from '../../helpers/budgets.ts';
import { nestedRun, killableRun } from '../../helpers/nested-run.ts';
import { secretsOf } from '../../helpers/target.ts';
import { poll } from '../../helpers/wait.ts';
import { runCommandWith } from '../run-command.ts';
import { leftBehind } from './left-behind.ts';

const purpose =
  'The nightly run on the homelab must prove the funnel, keep to its budget, and leave no row and no mail behind.';

const ARRIVES = 'in TESTING_MODE all three mails arrive on time, by Kestra alone, and Notion tells the same';
const WAITS =
  'in production Kestra schedules mails after five minutes, one day and two days, and the tracker says so';
const PLANNED = 'in production mails 2 to 5, and no other, wait one, three, four and five days from mail 1';
const NEEDS_FAULTS = 'without the project page the mails go all the same, from a text that does not need it';

const VISITOR = 'specs/website/one-visitor-of-a-night.spec.ts';
const SIGNS_UP =
  'signs up and answers all: the deployment behind the site schedules mails 2 to 5 to their dates, and none is left';

const NOTHING = { rows: [], mails: [], runs: [] };
const NOSHOW = 'specs/sequences/noshow-recovery.spec.ts';

/** A run says for so long that it is under way, after it was killed. */
const DEAD_AFTER_MS = 180_000;

test.describe(
  'a night on a target that is not ours',
  { tag: '@homelab', annotation: about({ feature: 'Harness', purpose }) },
  () => {
    test('the same specs pass, their mails are proven by Resend’s list and delivered, and nothing is left', async ({
      attached,
    }, testInfo) => {
      const run = await nestedRun(testInfo.outputPath('reports'), attached.variables, [
        NOSHOW,
        'specs/sequences/assessment-schedules-from-mail-1.spec.ts',
        '--project=funnel',
        '--grep=@night',
      ]);

      expect(run.code, run.output).toBe(0);
      expect(run.ends).toEqual({
        [ARRIVES]: 'passed, expected',
        [WAITS]: 'passed, expected',
        [PLANNED]: 'passed, expected',
      });
      expect(run.output).toContain('3 tests, which are to cause 4 mails of at most 60');
      expect(run.output).toContain('Mails: 4 planned, 4 sent, budget 60');
      const { made, ...left } = await leftBehind(attached);
      expect(made, 'rows were made').toBeGreaterThan(0);
      expect(left, 'and are gone').toEqual(NOTHING);
      expect(secretsOf(attached.file).filter((secret) => run.output.includes(secret))).toEqual([]);
    });

    test('a test that needs what the target lacks is skipped, and the run says for want of what', async ({
      attached,
    }, testInfo) => {
      const run = await nestedRun(testInfo.outputPath('reports'), attached.variables, [
        'specs/sequences/onboarding.spec.ts',
        '--project=funnel',
        `--grep=${NEEDS_FAULTS}`,
      ]);

      expect(run.ends).toEqual({ [NEEDS_FAULTS]: 'skipped, skipped' });
      expect(run.output).toContain('Skipped, since the target does not grant it: 1 tests need "faults"');
      expect(await leftBehind(attached)).toMatchObject(NOTHING);
    });

    test('above its mail budget, or with a test that declares no mails, a run does not start', async ({
      attached,
    }, testInfo) => {
      const over = await nestedRun(testInfo.outputPath('over'), { ...attached.variables, MAIL_BUDGET: '2' }, [
        NOSHOW,
        '--project=funnel',
        '--grep=@night',
      ]);
      const undeclared = await nestedRun(testInfo.outputPath('undeclared'), attached.variables, [
        NOSHOW,
        '--project=funnel',
      ]);

      expect([over.code, undeclared.code]).toEqual([1, 1]);
      expect(over.output).toContain('The selected tests cause 3 mails, and MAIL_BUDGET is 2');
      expect(undeclared.output).toContain('1 of the selected tests do not declare the mails they cause');
      expect({ ...over.ends, ...undeclared.ends }, 'no test ran').toEqual({});
    });

    test('through a site before real leads’ deployment goes one visitor, and neither row nor mail is left there', async ({
      attached,
    }, testInfo) => {
      const before = { SITE_NAMESPACE: 'christmas' };
      const posting = await nestedRun(
        testInfo.outputPath('posting'),
        {
          ...attached.variables,
          ...before,
          SITE_URL: attached.file.websites.production,
          OPEN_GATES: '@blocked:website-webhooks',
        },
        [VISITOR, '--project=funnel'],
      );
      const silent = await nestedRun(
        testInfo.outputPath('silent'),
        { ...attached.variables, ...before, SITE_URL: attached.file.websites.asItIs },
        [VISITOR, '--project=funnel'],
      );
      const siteless = await nestedRun(testInfo.outputPath('siteless'), attached.variables, [
        VISITOR,
        '--project=funnel',
      ]);

      expect(posting.ends, posting.output).toEqual({ [SIGNS_UP]: 'passed, expected' });
      expect(posting.output).toContain('Mails: 2 planned, 2 sent');
      expect(silent.ends, silent.output).toEqual({ [SIGNS_UP]: 'failed, expected' });
      expect(siteless.ends, siteless.output).toEqual({ [SIGNS_UP]: 'skipped, skipped' });
      expect(siteless.output).toContain('1 tests need "site"');
      const { made, ...left } = await leftBehind(attached);
      expect(made, 'rows were made').toBeGreaterThan(0);
      expect(left, 'and are gone').toEqual(NOTHING);
    });

    test('what a killed run left is shown by the sweep and removed by the next run', async ({
      attached,
    }, testInfo) => {
      const kill = killableRun(testInfo.outputPath('killed'), attached.variables, [
        NOSHOW,
        '--project=funnel',
        `--grep=${WAITS}`,
      ]);
      const { value: behind } = await poll(
        () => leftBehind(attached),
        ({ mails, rows }) => mails.length === 3 && rows.length === 2,
        BUDGET.recoveryMs,
      );
      await kill();
      expect([behind.mails.length, behind.rows.length], 'three mails, contact and row').toEqual([3, 2]);

      const young = await runCommandWith(attached.variables, 'sweep');
      expect(young.output, 'it may be alive').toContain('what 1 runs under way have is left to them');
      await poll(
        () => leftBehind(attached),
        ({ runs }) => runs.length === 0,
        DEAD_AFTER_MS,
      );
      const shown = await runCommandWith(attached.variables, 'sweep', '--older-than=0m');
      expect(shown.output).toContain('3 scheduled mails would be killed, 2 rows would be archived');
      const next = await nestedRun(testInfo.outputPath('next'), attached.variables, [
        NOSHOW,
        '--project=funnel',
        `--grep=${WAITS}`,
      ]);

      expect(next.code, next.output).toBe(0);
      expect(next.output).toContain(
        'Sweep of what earlier runs left: 3 scheduled mails killed, 2 rows archived',
      );
      expect(await leftBehind(attached)).toMatchObject(NOTHING);
    });
  },
);
