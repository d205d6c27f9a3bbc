import { randomUUID } from 'node:crypto';
import { about, expect, test } from '../../fixtures/index.ts';
import { BUDGET, SETTLED } from '../../helpers/budgets.ts';
import { dialectOf } from '../../helpers/clients/kestra-dialect.ts';
import { KestraClient } from '../../helpers/clients/kestra-client.ts';
import { ROUTES } from '../../helpers/clients/kestra-routes.ts';
import { KestraTransport } from '../../helpers/clients/kestra-transport.ts';
import { mailOrder } from '../../helpers/factories/mail-order.ts';
import { KestraAdmin } from '../../scripts/flows/kestra-admin.ts';

const purpose = 'What the clients call of a line of Kestra is what a real engine of that line answers.';
const inAnHour = () => new Date(Date.now() + 3_600_000);

test.use({ mode: 'production' });

test.describe(
  'the dialect on a real engine',
  { tag: '@engine', annotation: about({ feature: 'Harness', purpose }) },
  () => {
    test('the version leads to it, and executions, kill, replay and the event stream are where it has them', async ({
      lead,
      target,
      afterwards,
      mailbox,
    }) => {
      const { url, user, password, version } = target.kestra;
      const dialect = dialectOf(version);
      const transport = new KestraTransport({ url, user, password, dialect });
      const namespace = target.namespaces.production;
      const client = new KestraClient({ transport, resolve: () => namespace });
      const labels = { lead: lead.id };

      const waiting = await client.start('send-email', mailOrder(lead, 2), {
        labels,
        scheduleDate: inAnHour(),
      });
      afterwards.undo('the scheduled mail', () => client.kill(waiting.id));
      const found = await client.search({ namespace, flowId: 'send-email', state: ['CREATED'], labels });
      const stream = await transport.stream(
        ROUTES[dialect].follow(waiting.id),
        AbortSignal.timeout(BUDGET.settleMs),
      );
      const [event] = await firstOf(stream);
      await client.kill(waiting.id);
      await expect(waiting).toReachState('KILLED', { within: BUDGET.settleMs });
      const sent = await client.start('send-email', mailOrder(lead, 2));
      await expect(sent).toReachState('SUCCESS', { within: BUDGET.mailMs });
      const again = await client.replay(sent.id);
      await expect(again).toReachState('SUCCESS', { within: BUDGET.mailMs });

      expect(await new KestraTransport({ url, user, password }).version()).toBe(target.kestra.version);
      expect(found.map(({ id, namespace: where }) => [id, where])).toEqual([[waiting.id, namespace]]);
      expect(event).toContain(waiting.id);
      expect((await sent.read()).taskRunList.find(({ taskId }) => taskId === 'send')?.outputs).toMatchObject({
        code: 200,
      });
      await expect(mailbox.of(lead), 'the replay sends none').toSettleAt(1, SETTLED);
    });

    test('flows with their revisions, settings and files are put, read and deleted where it has them', async ({
      target,
      afterwards,
    }) => {
      const transport = new KestraTransport(target.kestra);
      const namespace = `christmas.d${randomUUID().slice(0, 8)}`;
      const admin = new KestraAdmin(transport, namespace);
      afterwards.undo('the flow', () => admin.deleteFlow('a'));
      const text = (message: string) =>
        `id: a\nnamespace: ${namespace}\nlabels:\n  commit: "c-${message}"\ntasks:\n  - id: t\n    type: io.kestra.plugin.core.log.Log\n    message: ${message}\n`;

      await admin.putFlow('a', text('one'));
      await admin.putFlow('a', text('two'));
      await admin.putSetting('KEPT', { a: 1 });
      await admin.putFile('/lib/a.py', 'A = 1\n');
      const there = {
        revisions: (await admin.revisions('a')).map(({ revision }) => revision),
        first: (await admin.revision('a', 1))?.source.trim(),
        none: await admin.revision('a', 9),
        keys: await admin.settings(),
        files: await admin.filesIn('/lib'),
      };
      await admin.deleteSetting('KEPT');
      await admin.deleteFile('/lib/a.py');
      const gone = { keys: await admin.settings(), files: await admin.filesIn('/lib') };
      await admin.deleteFlow('a');

      expect(there).toEqual({
        revisions: [1, 2],
        first: text('one').trim(),
        none: undefined,
        keys: ['KEPT'],
        files: ['/lib/a.py'],
      });
      expect(gone).toEqual({ keys: [], files: [] });
      expect(await admin.flow('a')).toBeUndefined();
    });
  },
);

/** The first piece of a stream. */
async function firstOf(stream: AsyncIterable<Buffer>): Promise<string[]> {
  for await (const chunk of stream) return [chunk.toString()];
  return [];
}
