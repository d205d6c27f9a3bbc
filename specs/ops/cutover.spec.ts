import { about, expect, test } from '../../fixtures/index.ts';
import { BUDGET, SETTLED } from '../../helpers/budgets.ts';
import { emailNumberOf } from '../../helpers/clients/execution.ts';
import { tagOf } from '../../helpers/clients/mail-client.ts';
import { timetableOf } from '../../helpers/timetable.ts';
import { DATABASES } from '../../stack/notion/schema.ts';
import { runCommand } from '../run-command.ts';

const purpose =
  'Leads who were half-way through Prefect’s mails when Kestra took over get the rest, and none twice.';
const HOUR = 3_600_000;
const ago = (hours: number) => new Date(Date.now() - hours * HOUR);

test.use({ mode: 'production' });

test.describe(
  'cut-over from Prefect',
  {
    tag: '@ops',
    annotation: about({ feature: 'Resilience', covers: ['2.4', '2.8'], purpose, severity: 'critical' }),
  },
  () => {
    test(
      'a lead of whom Prefect’s row says that mails 2 and 3 went out gets 4 and 5 from Kestra',
      { tag: '@blocked:own-dates' },
      async ({ lead, webhooks, kestra, notion, mailbox }) => {
        const [sent1, sent2, sent3] = [ago(100), ago(76), ago(28)];
        const row = await notion.addPrefectRow(lead, { 1: sent1, 2: sent2, 3: sent3 });

        const { executionId } = await webhooks.assessment(lead, { email1SentAt: sent1.toISOString() });

        await expect(kestra.handle(executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });
        await expect(kestra.mailsOf(executionId), 'mails 4 and 5 alone').toSettleAt(2, SETTLED);
        const mails = await kestra.mailsOf(executionId).read();
        expect(mails.map(emailNumberOf)).toEqual([4, 5]);
        const due5 = timetableOf('5day', 'production', sent1).find(({ number }) => number === 5)?.at;
        expect(Date.parse(String(mails[1]?.scheduleDate)), '#5 five days after mail 1').toBe(due5?.getTime());
        await expect(mailbox.of(lead), '#4 is due already').toSettleAt(1, {
          ...SETTLED,
          within: BUDGET.mailMs,
        });
        expect((await mailbox.of(lead).read()).map((mail) => tagOf(mail, 'email_number'))).toEqual(['4']);
        await expect(notion.trackerRows(lead, '5day'), 'the row is Kestra’s from now on').toHaveTrackerFacts(
          [
            { email_number: 4, status: 'sent', sent_by: 'kestra' },
            { email_number: 5, status: 'scheduled' },
          ],
          { within: BUDGET.settleMs },
        );
        const now = await notion.trackerRow(lead, '5day');
        expect(now.id, 'and the one it was').toBe(row.id);
        expect(now.values).toMatchObject({
          'Email 2 Sent': row.values['Email 2 Sent'],
          'Email 2 Sent By': null,
          'Email 3 Sent': row.values['Email 3 Sent'],
        });
      },
    );

    test('a row of Prefect’s no-show mails counts for those alone, beside its row of the five days', async ({
      lead,
      webhooks,
      kestra,
      deployment,
    }) => {
      const { properties, ...tracker } = DATABASES.tracker;
      const types = ['No-Show Recovery', 'Post-Call Follow-Up', 'Onboarding'];
      const { namespace, notion } = await deployment({
        flows: ['noshow-recovery-handler'],
        schemas: {
          ...DATABASES,
          tracker: {
            ...tracker,
            properties: { ...properties, 'Template Type': { type: 'select', options: types } },
          },
        },
      });
      await notion.addPrefectRow(lead, { 1: ago(200), 2: ago(176), 3: ago(128) });
      const noshow = await notion.addPrefectRow(lead, { 1: ago(2) }, 'No-Show Recovery');

      const { executionId } = await webhooks.secondary('noshow', lead, { namespace });

      await expect(kestra.handle(executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });
      await expect(kestra.mailsOf(executionId), 'mails 2 and 3 alone').toSettleAt(2, SETTLED);
      expect((await kestra.mailsOf(executionId).read()).map(emailNumberOf)).toEqual([2, 3]);
      expect((await notion.trackerRow(lead, 'noshow')).id).toBe(noshow.id);
    });

    test('a mail that Prefect still sent after Kestra had scheduled it is not sent again', async ({
      lead,
      webhooks,
      kestra,
      mailbox,
      deployment,
    }) => {
      const { namespace, notion } = await deployment({ flows: ['assessment-handler'] });
      const { executionId } = await webhooks.assessment(lead, {
        email1SentAt: new Date().toISOString(),
        namespace,
      });
      await expect(kestra.handle(executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });
      const [second, third] = await kestra.mailsOf(executionId).read();

      await notion.noteSent((await notion.trackerRow(lead, '5day')).id, { 3: new Date() });
      // Their turn comes now instead of in some days.
      const withheld = await kestra.start('send-email', { ...third?.inputs }, { namespace });
      const sent = await kestra.start('send-email', { ...second?.inputs }, { namespace });

      await expect(withheld, 'sends nothing').toReachState('SUCCESS', { within: BUDGET.mailMs });
      await expect(withheld, 'says why').toHaveLogged('the tracker row says that this mail went out', {
        within: BUDGET.settleMs,
        minLevel: 'WARN',
      });
      await expect(sent).toReachState('SUCCESS', { within: BUDGET.mailMs });
      await expect(mailbox.of(lead), 'the other one alone').toSettleAt(1, SETTLED);
      expect((await mailbox.of(lead).read()).map((mail) => tagOf(mail, 'email_number'))).toEqual(['2']);
    });

    test('flows cutover lists what Kestra has scheduled and what it would still send, and changes nothing', async ({
      newLead,
      webhooks,
      kestra,
      deployment,
    }) => {
      const { namespace, notion } = await deployment({ flows: ['assessment-handler'] });
      const [half, done, taken] = [newLead(), newLead(), newLead()];
      const row = await notion.addPrefectRow(half, { 1: ago(80), 2: ago(56), 3: ago(8) });
      await notion.addPrefectRow(done, { 1: ago(200), 2: ago(176), 3: ago(128), 4: ago(104), 5: ago(80) });
      const sent1 = new Date();
      const { executionId } = await webhooks.assessment(taken, {
        email1SentAt: sent1.toISOString(),
        namespace,
      });
      await expect(kestra.handle(executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });
      await expect(kestra.mailsOf(executionId), 'four scheduled').toSettleAt(4, SETTLED);

      const { code, output, faults } = await runCommand('flows', 'cutover', '--namespace', namespace);
      const one = await runCommand('flows', 'cutover', '--namespace', namespace, '--lead', half.email);

      expect({ code, faults }).toEqual({ code: 0, faults: [] });
      const [, ...lines] = output.trim().split('\n');
      const sums = lines.pop();
      const [takenRow] = await notion.trackerRows(taken).read();
      const of = (rowId: string | undefined) => lines.find((line) => line.endsWith(String(rowId)));
      expect(lines, 'whoever has got all is no line').toHaveLength(2);
      expect(of(row.id)).toMatch(new RegExp(`5day +#1 #2 #3 +none +#4 \\S+ \\S+Z, #5 \\S+ \\S+Z +${row.id}`));
      expect(of(takenRow?.id)).toMatch(/5day +#1 +#2 \S+ \S+Z, #3 .*, #5 \S+ \S+Z +none/);
      expect(sums).toBe(
        '3 sequences in the tracker: 4 mails are scheduled in Kestra, 2 more would be if the leads’ webhooks came now. Nothing was changed.',
      );
      expect(output, 'no address').not.toContain(half.email);
      expect(one.output).toMatch(/\n1 sequences in the tracker: 0 mails are scheduled in Kestra, 2 more/);
      expect((await notion.trackerRows(half).read())[0]?.values['Sequence Type']).toBeNull();
    });
  },
);
