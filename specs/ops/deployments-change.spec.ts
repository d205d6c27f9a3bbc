import { givesUpSoon } from '../../fixtures/deployment.ts';
import { about, expect, test } from '../../fixtures/index.ts';
import { AHEAD_MS, BUDGET, BY_NOW, SETTLED } from '../../helpers/budgets.ts';
import { emailNumberOf } from '../../helpers/clients/execution.ts';
import { KestraTransport } from '../../helpers/clients/kestra-transport.ts';
import { tagOf } from '../../helpers/clients/mail-client.ts';
import { mailOrder } from '../../helpers/factories/mail-order.ts';
import { KestraAdmin } from '../../scripts/flows/kestra-admin.ts';
import { rollBackTo } from '../../scripts/flows/rollback.ts';
import { scheduledMails } from '../../scripts/flows/scheduled.ts';
import { runCommand } from '../run-command.ts';
import { sentWithoutLoss } from '../sequences/sent.ts';

const purpose =
  'A deployment changes while mails wait: the operator knows which, each still goes once, and nobody else’s work is touched.';
const HOUR = 3_600_000;
const inAnHour = () => new Date(Date.now() + HOUR);
/** For `redeploy`: the same flow with another text. */
const edited = (flow: string): string => `${flow.trimEnd()}\n# edited\n`;

test.use({ mode: 'production' });

test.describe(
  'changing a deployment',
  { tag: '@ops', annotation: about({ feature: 'Resilience', covers: ['1.4', '2.4'], purpose }) },
  () => {
    test('a redeploy between schedule and send: each mail goes once, and runs the revision it was scheduled with', async ({
      lead,
      target,
      webhooks,
      kestra,
      deployment,
    }) => {
      const own = await deployment({ testing: true, flows: ['assessment-handler'], ownResend: true });
      const { namespace, mailbox } = own;
      const transport = new KestraTransport(target.kestra);
      const admin = new KestraAdmin(transport, namespace);
      const email1SentAt = new Date(Date.now() + AHEAD_MS).toISOString();
      const { executionId } = await webhooks.assessment(lead, { email1SentAt, namespace });
      await expect(kestra.handle(executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });

      await own.redeploy('fedcba987654', edited);
      const waiting = await scheduledMails(transport, namespace);
      const told = await runCommand('flows', 'rollback', '--namespace', namespace);
      const later = await kestra.start('send-email', mailOrder(lead, 5), {
        namespace,
        scheduleDate: inAnHour(),
      });

      expect(
        waiting.map(({ flowId, revision, newest, ids }) => [flowId, revision, newest, ids.length]),
      ).toEqual([['send-email', 1, 2, 4]]);
      expect(told.output).toMatch(/^4 mails are scheduled in \S+:\n.*\nsend-email +4 +1 /);
      await expect(mailbox.of(lead), 'four mails').toSettleAt(4, {
        ...SETTLED,
        within: AHEAD_MS + BUDGET.sequenceMs,
      });
      const numbers = (await mailbox.of(lead).read()).map((mail) => tagOf(mail, 'email_number'));
      expect(new Set(numbers)).toEqual(new Set(['2', '3', '4', '5']));
      await sentWithoutLoss(kestra, executionId);
      const ran = (await kestra.mailsOf(executionId).read()).map((one) => [
        emailNumberOf(one),
        one.flowRevision,
      ]);
      expect(ran).toEqual([2, 3, 4, 5].map((number) => [number, 1]));
      expect((await admin.flow('send-email'))?.revision).toBe(2);
      expect((await later.read()).flowRevision, 'scheduled afterwards').toBe(2);
    });

    test('flows rollback shows what there is, refuses what no deployment put there, and with --yes gives one flow its earlier text', async ({
      target,
      deployment,
    }) => {
      const own = await deployment({ flows: ['send-email'] });
      const admin = new KestraAdmin(new KestraTransport(target.kestra), own.namespace);
      const first = (await admin.flow('send-email'))?.source;
      await own.redeploy('fedcba987654', edited);
      await admin.putFlow(
        'foreign',
        `id: foreign\nnamespace: ${own.namespace}\ntasks:\n  - { id: a, type: io.kestra.plugin.core.log.Log, message: hi }\n`,
      );
      const roll = (...args: string[]) =>
        runCommand('flows', 'rollback', '--namespace', own.namespace, ...args);
      const one = ['--flow', 'send-email', '--revision', '1'];

      const listed = await roll();
      const shown = await roll(...one);
      const unchanged = await admin.flow('send-email');
      const done = await roll(...one, '--yes');
      const again = await roll(...one, '--yes');
      const foreign = await roll('--flow', 'foreign', '--revision', '1', '--yes');
      const unknown = await roll('--flow', 'send-email', '--revision', '9', '--yes');
      await admin.deleteFlow('foreign');

      expect(listed.output).toMatch(/^No mail is scheduled in /);
      expect(listed.output).toMatch(/send-email +1 +\S+\nsend-email +2 +fedcba987654 +in use/);
      expect(listed.output).not.toContain('foreign');
      expect(shown.output).toContain('To be rolled back with --yes: send-email');
      expect(unchanged?.revision, 'showing changes nothing').toBe(2);
      expect({ code: done.code, faults: done.faults }).toEqual({ code: 0, faults: [] });
      expect(done.output).toContain('which is now revision 3');
      expect((await admin.flow('send-email'))?.source).toBe(first);
      expect(again.output).toContain('nothing was changed');
      expect([foreign.code, unknown.code]).toEqual([1, 1]);
      expect(foreign.faults[0]).toContain('has no flow foreign that deploying put there');
      expect(unknown.faults[0]).toContain('there are 1, 2, 3.');
    });

    test('a roll-back to a commit brings flows and files back, and leaves mode, databases and ledger', async ({
      target,
      kestra,
      deployment,
    }) => {
      const own = await deployment({ testing: true, flows: ['send-email'], change: givesUpSoon });
      const { namespace } = own;
      const transport = new KestraTransport(target.kestra);
      const admin = new KestraAdmin(transport, namespace);
      const kv = kestra.kv({ namespace });
      const settings = ['RUN', 'TESTING_MODE', 'NOTION_SOURCES'];
      const before = await Promise.all(settings.map((key) => kv.get(key)));
      await own.redeploy('fedcba987654', edited);
      await admin.putFile('/lib/mail.py', 'broken = 1\n');
      const earlier = await own.folder(givesUpSoon);

      const lines: string[] = [];
      const say = (line: string) => lines.push(line);
      await rollBackTo({ transport, namespace }, 'abcdef012345', earlier, { yes: false, say });
      const shown = (await admin.flow('send-email'))?.revision;
      await rollBackTo({ transport, namespace }, 'abcdef012345', earlier, { yes: true, say });

      expect(shown, 'showing changes nothing').toBe(2);
      expect(lines[0]).toMatch(
        /^To be rolled back with --yes: \S+, from commit fedcba987654 to abcdef012345/,
      );
      const flow = await admin.flow('send-email');
      expect(flow?.labels).toContainEqual({ key: 'commit', value: 'abcdef012345' });
      expect(flow?.source).not.toContain('# edited');
      expect(await admin.file('/lib/mail.py')).not.toContain('broken');
      expect(await Promise.all(settings.map((key) => kv.get(key)))).toEqual(before);
    });

    test('flows remove refuses while a mail is scheduled, and with --kill removes what deploying put there and nothing else', async ({
      lead,
      target,
      kestra,
      deployment,
    }) => {
      const { namespace } = await deployment({ flows: ['send-email'] });
      const admin = new KestraAdmin(new KestraTransport(target.kestra), namespace);
      await admin.putFlow(
        'foreign',
        `id: foreign\nnamespace: ${namespace}\ntasks:\n  - { id: a, type: io.kestra.plugin.core.log.Log, message: hi }\n`,
      );
      await admin.putFile('/lib/theirs.py', 'a = 1\n');
      await admin.putSetting('DEADLINE_DATE', '2025-12-06');
      const mail = await kestra.start('send-email', mailOrder(lead, 2), {
        namespace,
        scheduleDate: inAnHour(),
      });
      const waiting = {
        what: `scheduled mails of ${namespace}`,
        read: () => kestra.search({ namespace, state: ['CREATED'] }),
        describe: ({ id }: { id: string }) => id,
      };
      await expect(waiting, 'the search knows it').toSettleAt(1, BY_NOW);
      const remove = (...args: string[]) => runCommand('flows', 'remove', '--namespace', namespace, ...args);

      const refused = await remove('--yes');
      const shown = await remove('--kill');
      const untouched = await admin.flows();
      const done = await remove('--kill', '--yes');

      expect(refused.code).toBe(1);
      expect(refused.output).toMatch(/^1 mail is scheduled in \S+:\n.*\nsend-email +1 +1, the newest /);
      expect(refused.faults).toEqual([
        `${namespace} is not removed: 1 mail is scheduled. Wait for it, or say --kill.`,
      ]);
      expect(shown.output).toMatch(/To be removed with --yes: .*, and 1 scheduled mails to be killed/);
      expect(untouched.map(({ id }) => id).toSorted()).toEqual(['foreign', 'send-email']);
      expect({ code: done.code, faults: done.faults }).toEqual({ code: 0, faults: [] });
      expect(done.output).toContain('1 scheduled mails are killed');
      expect(done.output).toMatch(/the flow foreign is not of a deployment: it stays/);
      expect(done.output).toMatch(/the file lib\/theirs\.py is not of a deployment: it stays/);
      expect(done.output).toMatch(/the setting DEADLINE_DATE is not of a deployment: it stays/);
      await expect(mail).toReachState('KILLED', { within: BUDGET.settleMs });
      expect((await admin.flows()).map(({ id }) => id)).toEqual(['foreign']);
      expect(await admin.filesIn('/lib')).toEqual(['/lib/theirs.py']);
      expect(await admin.filesIn('/templates')).toEqual([]);
      expect((await admin.settings()).filter((key) => !key.endsWith('_BASE_URL'))).toEqual(['DEADLINE_DATE']);
      await admin.deleteFlow('foreign');
    });
  },
);
