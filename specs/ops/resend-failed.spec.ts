import { givesUpSoon } from '../../fixtures/deployment.ts';
import { about, expect, test as base } from '../../fixtures/index.ts';
import { BUDGET, SETTLED } from '../../helpers/budgets.ts';
import { KestraTransport } from '../../helpers/clients/kestra-transport.ts';
import { mailOrder } from '../../helpers/factories/mail-order.ts';
import { resendFailed } from '../../scripts/ops/resend-failed.ts';
import { ResendReader } from '../../scripts/ops/resend-reader.ts';

const purpose = 'A mail lost to a long outage of Resend is not lost: one command sends it, once.';

const HOUR = 3_600_000;
const mail2IsDue = () => new Date(Date.now() - 25 * HOUR).toISOString();

interface FailedMail {
  /** Replays it. */
  command: Parameters<typeof resendFailed>[0];
  endOutage: () => Promise<void>;
}

const test = base.extend<{
  /** A mail that failed, in a deployment of its own, in an outage of Resend that lasts on. */
  failedMail: (number: number) => Promise<FailedMail>;
}>({
  failedMail: async ({ lead, deployment, kestra, faults, target }, use) => {
    await use(async (number) => {
      const { namespace } = await deployment({ flows: ['send-email'], change: givesUpSoon });
      const transport = new KestraTransport(target.kestra);
      const command = { transport, namespace, since: new Date(), replay: true };
      const outage = await faults.at('resend', lead, { method: 'POST', status: 500 });
      const mail = await kestra.start('send-email', mailOrder(lead, number), { namespace });
      await expect(mail).toReachState('FAILED', { within: BUDGET.mailMs });
      return { command, endOutage: () => faults.remove('resend', outage) };
    });
  },
});

test.describe(
  'resend-failed',
  {
    tag: '@ops',
    annotation: about({ feature: 'Resilience', covers: ['2.3', '2.4'], purpose, severity: 'critical' }),
  },
  () => {
    test(
      'after an outage each failed mail goes out once and its row turns from failed to sent, and a second run sends none',
      { tag: '@blocked:own-dates' },
      async ({ newLead, target, deployment, webhooks, kestra, mailbox, faults }) => {
        const { namespace, notion } = await deployment({ flows: ['assessment-handler'] });
        const since = new Date();
        const command = { transport: new KestraTransport(target.kestra), namespace, since };
        const leads = [newLead(), newLead(), newLead()];
        const outages: string[] = [];
        for (const lead of leads)
          outages.push(await faults.at('resend', lead, { method: 'POST', status: 500 }));
        await Promise.all(
          leads.map(async (lead) => {
            const { executionId } = await webhooks.assessment(lead, {
              namespace,
              email1SentAt: mail2IsDue(),
            });
            await expect(kestra.handle(executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });
            const [mail] = await kestra.mailsOf(executionId).read();
            await expect(kestra.handle(String(mail?.id))).toReachState('FAILED', { within: BUDGET.mailMs });
            await expect(notion.trackerRows(lead, '5day'), 'failed').toHaveTrackerFacts(
              [{ email_number: 2, status: 'failed', resend_id: null }],
              { within: BUDGET.settleMs },
            );
          }),
        );

        const shown = await resendFailed({ ...command, replay: false });
        const outOfReach = await Promise.all(leads.map((lead) => mailbox.of(lead).read()));
        for (const outage of outages) await faults.remove('resend', outage);
        const first = await resendFailed({ ...command, replay: true });
        const second = await resendFailed({ ...command, replay: true });

        expect(shown.verdicts.map(({ run, replay }) => `${run.email} ${replay}`).toSorted()).toEqual(
          leads.map(({ email }) => `${email} true`).toSorted(),
        );
        expect(outOfReach.flat(), 'showing sends nothing').toEqual([]);
        expect(first.replayed.map(({ state }) => state)).toEqual(['SUCCESS', 'SUCCESS', 'SUCCESS']);
        expect(second.replayed.map(({ state }) => state)).toEqual([]);
        expect(second.verdicts.map(({ why }) => why)).toEqual(
          Array.from({ length: 3 }, () => expect.stringMatching(/^already replayed: \S+ is SUCCESS$/)),
        );
        for (const lead of leads) {
          await expect(mailbox.of(lead), 'one mail').toSettleAt(1, SETTLED);
          const [mail] = await mailbox.of(lead).read();
          await expect(notion.trackerRows(lead, '5day'), 'sent').toHaveTrackerFacts(
            [{ email_number: 2, status: 'sent', sent_by: 'kestra', resend_id: String(mail?.id) }],
            { within: BUDGET.settleMs },
          );
        }
      },
    );

    test('two operators at the same moment send each mail once', async ({ lead, mailbox, failedMail }) => {
      const { command, endOutage } = await failedMail(2);
      await endOutage();

      await Promise.all([resendFailed(command), resendFailed(command)]);

      await expect(mailbox.of(lead), 'one mail').toSettleAt(1, SETTLED);
    });

    test('a replay that fails again is told as failed, and the next run replays it', async ({
      lead,
      mailbox,
      failedMail,
    }) => {
      const { command, endOutage } = await failedMail(3);

      const inVain = await resendFailed(command);
      await endOutage();
      const then = await resendFailed(command);

      expect(inVain.replayed.map(({ state }) => state)).toEqual(['FAILED']);
      expect(then.replayed.map(({ run, state }) => [run.id, state])).toEqual([
        [inVain.replayed[0]?.executionId, 'SUCCESS'],
      ]);
      await expect(mailbox.of(lead), 'one mail').toSettleAt(1, SETTLED);
    });

    test('a failed mail that somebody sent by hand since is left', async ({
      lead,
      kestra,
      mailbox,
      failedMail,
    }) => {
      const { command, endOutage } = await failedMail(4);
      await endOutage();
      const byHand = await kestra.start('send-email', mailOrder(lead, 4), {
        namespace: command.namespace,
      });
      await expect(byHand).toReachState('SUCCESS', { within: BUDGET.mailMs });

      const { verdicts, replayed } = await resendFailed(command);

      expect(verdicts.map(({ why }) => why)).toEqual(['delivered since, the ledger says']);
      expect(replayed.map(({ state }) => state)).toEqual([]);
      await expect(mailbox.of(lead), 'one mail').toSettleAt(1, SETTLED);
    });

    test('what failed a day ago is looked up at Resend: what it took is left, what it lacks goes out, and without a key that reads neither does', async ({
      newLead,
      target,
      deployment,
      kestra,
      mailbox,
      faults,
    }) => {
      const { namespace } = await deployment({ flows: ['send-email'], change: givesUpSoon });
      const since = new Date();
      const [taken, lacking] = [newLead(), newLead()];
      const outages = [
        await faults.at('resend', taken, { method: 'POST', status: 500, acceptThenFail: true }),
        await faults.at('resend', lacking, { method: 'POST', status: 500 }),
      ];
      for (const lead of [taken, lacking]) {
        const mail = await kestra.start('send-email', mailOrder(lead, 2), { namespace });
        await expect(mail).toReachState('FAILED', { within: BUDGET.mailMs });
      }
      for (const outage of outages) await faults.remove('resend', outage);
      const transport = new KestraTransport(target.kestra);
      const command = { transport, namespace, since, replay: true, now: new Date(Date.now() + 24 * HOUR) };
      const reader = (key: string) => new ResendReader({ url: target.mail.url, key });

      const blind = await resendFailed(command);
      const refused = await resendFailed({ ...command, resend: reader(target.mail.keys.kestra) });
      const seeing = await resendFailed({ ...command, resend: reader(target.mail.keys.harness) });

      expect([...blind.replayed, ...refused.replayed]).toEqual([]);
      expect([...blind.verdicts, ...refused.verdicts].map(({ why }) => why)).toEqual(
        Array.from({ length: 4 }, () =>
          expect.stringMatching(/^left: Resend may have taken it.*full access/),
        ),
      );
      const [delivered] = await mailbox.of(taken).read();
      expect(seeing.verdicts.map(({ run, why }) => [run.email, why])).toEqual([
        [taken.email, `Resend took it all the same: ${delivered?.id}`],
        [lacking.email, 'to be replayed; Resend does not have it'],
      ]);
      expect(seeing.replayed.map(({ run, state }) => [run.email, state])).toEqual([
        [lacking.email, 'SUCCESS'],
      ]);
      await expect(mailbox.of(taken), 'one mail').toSettleAt(1, SETTLED);
      await expect(mailbox.of(lacking), 'one mail').toSettleAt(1, SETTLED);
    });

    test('what was refused is never replayed, what broke is, and what was delivered with a loss is not listed', async ({
      lead,
      newLead,
      target,
      deployment,
      kestra,
      mailbox,
    }) => {
      const since = new Date();
      const own = await deployment({ flows: ['send-email'] });
      const { namespace } = own;
      const [delivered, wrong, unlucky] = [newLead(), newLead(), newLead()];
      const mail1 = await kestra.start('send-email', mailOrder(lead, 1), { namespace });
      const misfit = { ...mailOrder(wrong, 2), template: '5-Day E5' };
      const refused = await kestra.start('send-email', misfit, { namespace });
      await expect(mail1).toReachState('FAILED', { within: BUDGET.mailMs });
      await expect(refused).toReachState('FAILED', { within: BUDGET.mailMs });
      const settings = kestra.kv({ namespace });
      await settings.set('NOTION_PROPERTIES', { templates: 'no map of names' });
      const broken = await kestra.start('send-email', mailOrder(unlucky, 2), { namespace });
      await expect(broken).toReachState('FAILED', { within: BUDGET.mailMs });
      await settings.set('NOTION_PROPERTIES', {});
      await own.stopNotion();
      const lossy = await kestra.start('send-email', mailOrder(delivered, 2), { namespace });
      await expect(lossy).toReachState('WARNING', { within: BUDGET.mailMs });

      await expect(broken, 'says why').toHaveLogged('TypeError', {
        within: BUDGET.settleMs,
        minLevel: 'ERROR',
      });

      const transport = new KestraTransport(target.kestra);
      const { verdicts, replayed } = await resendFailed({ transport, namespace, since, replay: true });

      expect(replayed.map(({ run, state }) => [run.id, state])).toEqual([[broken.id, 'WARNING']]);
      expect(verdicts.map(({ run, why }) => `${run.id} ${why}`).toSorted()).toEqual(
        [
          `${mail1.id} never to be sent: refused by refuse_website_mail`,
          `${refused.id} never to be sent: refused by fill`,
          `${broken.id} to be replayed; fill broke`,
        ].toSorted(),
      );
      await expect(mailbox.of(delivered), 'one mail').toSettleAt(1, SETTLED);
      await expect(mailbox.of(unlucky), 'one mail').toSettleAt(1, SETTLED);
      expect(await mailbox.of(lead).read()).toEqual([]);
    });
  },
);
