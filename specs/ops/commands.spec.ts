import { givesUpSoon } from '../../fixtures/deployment.ts';
import { about, expect, test } from '../../fixtures/index.ts';
import { BUDGET, SETTLED } from '../../helpers/budgets.ts';
import { mailOrder } from '../../helpers/factories/mail-order.ts';
import { runCommand } from '../run-command.ts';

const purpose =
  'What an operator types does what the README says: shown first, done with --yes, and told by the exit code.';

test.use({ mode: 'production' });

test.describe(
  'the operator’s commands as they are typed',
  { tag: '@ops', annotation: about({ feature: 'Resilience', covers: ['2.3', '2.2', '2.4'], purpose }) },
  () => {
    test('flows resend-failed shows the failed mail, and replays it with --yes', async ({
      lead,
      kestra,
      mailbox,
      faults,
      deployment,
    }) => {
      const { namespace } = await deployment({ flows: ['send-email'], change: givesUpSoon });
      const outage = await faults.at('resend', lead, { method: 'POST', status: 500 });
      const mail = await kestra.start('send-email', mailOrder(lead, 2), { namespace });
      await expect(mail).toReachState('FAILED', { within: BUDGET.mailMs });
      await faults.remove('resend', outage);
      const command = ['resend-failed', '--since', '1h', '--namespace', namespace];

      const shown = await runCommand('flows', ...command);
      const none = await mailbox.of(lead).read();
      const done = await runCommand('flows', ...command, '--yes');

      expect({ code: shown.code, faults: shown.faults }).toEqual({ code: 0, faults: [] });
      expect(shown.output).toMatch(new RegExp(`${mail.id} .*5day #2 .* to be replayed`));
      expect(shown.output).toContain(`Nothing was replayed. To do it: --namespace ${namespace} --yes`);
      expect(shown.output, 'no address').not.toContain(lead.email);
      expect(none, 'showing sends nothing').toEqual([]);
      expect({ code: done.code, faults: done.faults }).toEqual({ code: 0, faults: [] });
      expect(done.output).toContain('1 of 1 replays ended well.');
      await expect(mailbox.of(lead), 'one mail').toSettleAt(1, SETTLED);
    });

    test('flows reconcile shows what Notion missed with exit code 1, and tells it with --yes', async ({
      lead,
      target,
      webhooks,
      kestra,
      notion,
      faults,
    }) => {
      const outage = await faults.at('notion', lead, { status: 500 });
      const { executionId } = await webhooks.signup(lead);
      await expect(kestra.handle(executionId)).toReachState('WARNING', { within: BUDGET.handlerMs });
      await faults.remove('notion', outage);
      const { production } = target.namespaces;
      const command = ['reconcile', '--since', '1h', '--lead', lead.email, '--namespace', production];

      const shown = await runCommand('flows', ...command);
      const none = await notion.contacts(lead).read();
      const done = await runCommand('flows', ...command, '--yes');

      expect({ code: shown.code, faults: shown.faults }).toEqual({ code: 1, faults: [] });
      expect(shown.output).toContain('1 pages: missed, and nothing was written');
      expect(shown.output).toContain(`To write it: --namespace ${production} --yes`);
      expect(shown.output, 'no address').not.toContain(lead.email);
      expect(none, 'showing writes nothing').toEqual([]);
      expect({ code: done.code, faults: done.faults }).toEqual({ code: 0, faults: [] });
      expect((await notion.contact(lead)).values).toMatchObject({ first_name: lead.firstName });
    });

    test('lead tells what came and what is due with exit code 0, and 1 once the witnesses disagree', async ({
      lead,
      target,
      website,
      kestra,
      notion,
    }) => {
      const { executionId } = await website.completesAssessment(lead);
      await expect(kestra.handle(executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });
      const command = [lead.email, '--since', '1h', '--namespace', target.namespaces.production] as const;

      const healthy = await runCommand('lead', ...command);
      await notion.archive((await notion.trackerRow(lead, '5day')).id);
      const broken = await runCommand('lead', ...command);

      expect({ code: healthy.code, faults: healthy.faults }).toEqual({ code: 0, faults: [] });
      expect(healthy.output).toContain('All three agree.');
      expect(healthy.output).toMatch(/Due\n(?: {2}\S+ \S+ .*5day #[2-5] .*\n){4}/);
      expect({ code: broken.code, faults: broken.faults }).toEqual({ code: 1, faults: [] });
      expect(broken.output).toContain('no tracker row is of 5day, although Kestra has mails of it');
    });
  },
);
