import { randomUUID } from 'node:crypto';
import { about, expect, test } from '../../fixtures/index.ts';
import { KestraTransport } from '../../helpers/clients/kestra-transport.ts';
import { KestraAdmin } from '../../scripts/flows/kestra-admin.ts';
import { remove } from '../../scripts/flows/remove.ts';
import { runAttached } from '../run-command.ts';

const purpose =
  'On a Kestra that is not ours the flows come, are compared and go, and production by explicit word alone.';

test.use({ mode: 'production' });

test.describe(
  'flows on an attached Kestra',
  { tag: '@ops', annotation: about({ feature: 'Resilience', covers: ['1.4'], purpose }) },
  () => {
    test('deploy, diff, list and remove work in a namespace of one’s own, by the dialect that the server’s version leads to', async ({
      target,
      afterwards,
    }) => {
      const transport = new KestraTransport(target.kestra);
      const namespace = `christmas.a${randomUUID().slice(0, 8)}`;
      const admin = new KestraAdmin(transport, namespace);
      afterwards.undo('the deployment', () => remove({ transport, namespace }, { yes: true, kill: true }));
      const flows = (command: string, ...args: string[]) =>
        runAttached(target, 'flows', command, '--namespace', namespace, ...args);

      const before = await flows('diff');
      const deployed = await flows('deploy', '--testing');
      const after = await flows('diff');
      await admin.putFile('/lib/mail.py', 'broken = 1\n');
      const broken = await flows('diff');
      const listed = await flows('list');
      const removed = await flows('remove', '--yes');

      expect(before.code).toBe(1);
      expect(before.output).toMatch(/^send-email\.yaml: added \(not deployed yet\)\n@@ /m);
      expect({ code: deployed.code, faults: deployed.faults }).toEqual({ code: 0, faults: [] });
      expect(deployed.output).toMatch(/^No mail is scheduled in /);
      expect(deployed.output).toContain('with TESTING_MODE');
      expect(after).toMatchObject({ code: 0, faults: [] });
      expect(after.output).toContain('nothing differs');
      expect(broken.code).toBe(1);
      expect(broken.output).toMatch(/^lib\/mail\.py: changed \(a file is deployed\)\n@@ .*\n-broken = 1\n/);
      expect(broken.output).toContain(': 1 changed.');
      expect(listed.output).toMatch(/^send-email +1 /m);
      expect({ code: removed.code, faults: removed.faults }).toEqual({ code: 0, faults: [] });
      expect(await admin.flows()).toEqual([]);
      expect([await admin.filesIn('/lib'), await admin.filesIn('/templates')]).toEqual([[], []]);
    });

    test('production stays as it is for those who do not name it and say --yes, and shows itself to anybody', async ({
      target,
    }) => {
      const { production } = target.namespaces;
      const admin = new KestraAdmin(new KestraTransport(target.kestra), production);
      const before = await admin.flows();

      const refused = [
        await runAttached(target, 'flows', 'deploy'),
        await runAttached(target, 'flows', 'deploy', '--namespace', production, '--testing', '--yes'),
        await runAttached(target, 'flows', 'rollback', '--commit', 'abc1234', '--yes'),
        await runAttached(target, 'flows', 'remove', '--kill', '--yes'),
      ];
      const shown = await runAttached(target, 'flows', 'rollback', '--namespace', production);

      expect(refused.map(({ code }) => code)).toEqual([2, 2, 2, 2]);
      expect(refused[0]?.faults[0]).toMatch(
        /is production: to deploy there say --namespace christmas --yes$/,
      );
      expect(shown.code).toBe(0);
      expect(shown.output).toMatch(/^send-email +1 +\S+ +in use$/m);
      expect(await admin.flows()).toEqual(before);
    });
  },
);
