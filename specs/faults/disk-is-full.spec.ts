import { about, expect, test } from '../../fixtures/index.ts';
import { accountOf, alone } from '../../helpers/account.ts';
import { BUDGET } from '../../helpers/budgets.ts';
import { KestraTransport } from '../../helpers/clients/kestra-transport.ts';
import { mailOrder } from '../../helpers/factories/mail-order.ts';
import { reconcile } from '../../scripts/ops/reconcile.ts';
import { resendFailed } from '../../scripts/ops/resend-failed.ts';
import { openFunnelOf } from '../ops/funnel.ts';
import { patient, usual } from './patience.ts';

const purpose =
  'A server whose disk is full says so, and with room on it again every lead gets each mail once.';

test.use({ mode: 'production', stack: 'own' });

test.describe(
  'the disk of the engine’s storage is full',
  {
    tag: '@resilience',
    annotation: about({
      feature: 'Resilience',
      covers: ['2.3', '2.4', '2.8', '3.5', '3.6'],
      purpose,
      severity: 'critical',
    }),
  },
  () => {
    test('a mail that is due fails and says so; with room again resend-failed sends it, once', async ({
      lead,
      kestra,
      mailbox,
      notion,
      target,
      disk,
    }) => {
      const since = new Date();
      await disk.fill();
      const labels = { lead: lead.email };
      const mail = await kestra.start('send-email', mailOrder(lead, 2), { labels });
      await expect(mail, 'not in silence').toReachState('FAILED', { within: BUDGET.mailMs });
      await expect(mail, 'why').toHaveLogged(/No space left on device/, {
        within: BUDGET.settleMs,
        minLevel: 'ERROR',
      });
      expect(await mailbox.of(lead).read(), 'nothing half done').toEqual([]);
      await disk.clear();

      const transport = new KestraTransport(target.kestra);
      const command = { transport, namespace: target.namespaces.production, since, replay: true };
      const { replayed } = await resendFailed(command);
      expect(replayed.map(({ state }) => state)).toEqual(['SUCCESS']);
      const executions = alone(kestra.handle(String(replayed[0]?.executionId)));
      const owed = { lead, sequence: '5day', executions, sent: [2], handled: false } as const;
      await expect(accountOf({ mailbox, notion }, owed)).toHaveLostNothing({ within: BUDGET.settleMs });
      expect((await resendFailed(command)).replayed, 'and never again').toEqual([]);
    });

    test('a webhook’s handler fails and keeps what it was told; with room again its replay schedules everything', async ({
      lead,
      webhooks,
      kestra,
      mailbox,
      notion,
      disk,
    }) => {
      await disk.fill();
      const email1SentAt = new Date().toISOString();
      const { executionId } = await webhooks.assessment(lead, { email1SentAt });
      await expect(kestra.handle(executionId), 'not in silence').toReachState('FAILED', {
        within: BUDGET.handlerMs,
      });
      expect(await notion.contacts(lead).read(), 'nothing half done').toEqual([]);
      await disk.clear();
      const again = await kestra.replay(executionId);

      await expect(again).toReachState('SUCCESS', { within: BUDGET.handlerMs });
      // What a replay leads to belongs to the execution that it repeats.
      const executions = kestra.mailsOf(executionId);
      const owed = { lead, sequence: '5day', executions, sent: [], waiting: [2, 3, 4, 5] } as const;
      await expect(accountOf({ mailbox, notion }, owed)).toHaveLostNothing({ within: BUDGET.settleMs });
    });

    test('a mail that is out, and could not be noted, is not sent again, and reconcile tells Notion of it', async ({
      lead,
      kestra,
      mailbox,
      notion,
      target,
      faults,
      disk,
    }) => {
      const since = new Date();
      // Resend is at work on it while the disk becomes full: the ledger, on that disk, is what comes next.
      await patient(kestra);
      await faults.at('resend', lead, { method: 'POST', delayMs: 30_000, count: 1 });
      const labels = { lead: lead.email };
      const mail = await kestra.start('send-email', mailOrder(lead, 2), { labels });
      const asked = async () => (await faults.callsOf('resend', lead)).length;
      await expect.poll(asked, { timeout: BUDGET.mailMs }).toBeGreaterThan(0);
      await disk.fill();
      await expect(mail, 'not in silence').toReachState('FAILED', { within: BUDGET.mailMs });
      await disk.clear();
      await usual(kestra);

      const { production: namespace } = target.namespaces;
      const transport = new KestraTransport(target.kestra);
      const { verdicts } = await resendFailed({ transport, namespace, since, replay: true });
      expect(verdicts.map(({ replay, why }) => ({ replay, why }))).toEqual([
        { replay: false, why: 'Resend took it; only what follows failed' },
      ]);
      const funnel = await openFunnelOf(target);
      await reconcile({ funnel, since, only: lead.email, write: true });
      const owed = { lead, sequence: '5day', executions: alone(mail), sent: [2], handled: false } as const;
      await expect(accountOf({ mailbox, notion }, owed)).toHaveLostNothing({ within: BUDGET.settleMs });
      // The ledger's entry is there and cannot be read: whoever asks for the mail again is told so.
      const again = await kestra.start('send-email', mailOrder(lead, 2), { labels });
      await expect(again, 'refused').toReachState('FAILED', { within: BUDGET.mailMs });
      await expect(accountOf({ mailbox, notion }, owed)).toHaveLostNothing({ within: BUDGET.settleMs });
    });
  },
);
