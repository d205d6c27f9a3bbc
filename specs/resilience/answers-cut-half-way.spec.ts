import { about, expect, test } from '../../fixtures/index.ts';
import { accountOf, alone } from '../../helpers/account.ts';
import { BUDGET } from '../../helpers/budgets.ts';
import { mailOrder } from '../../helpers/factories/mail-order.ts';
import { those } from '../../helpers/collection.ts';

const purpose =
  'A network that breaks in the middle of an answer costs no mail, and sends, writes and makes nothing twice.';

const HOUR = 3_600_000;
/** Every call of the flows is asked once more, so that each kind of answer is cut once. */
const CUT_ONCE = { cut: true, count: 1 };

test.use({ mode: 'production' });

test.describe(
  'answers that end half-way',
  {
    tag: '@resilience',
    annotation: about({
      feature: 'Resilience',
      covers: ['2.2', '2.3', '2.4', '3.6'],
      purpose,
      severity: 'critical',
    }),
  },
  () => {
    test('Resend took the mail and half of its answer arrives: one mail, and the row knows it', async ({
      lead,
      kestra,
      mailbox,
      notion,
      faults,
    }) => {
      await faults.at('resend', lead, { method: 'POST', ...CUT_ONCE });
      const mail = await kestra.start('send-email', mailOrder(lead, 2));

      await expect(mail, 'nothing lost').toReachState('SUCCESS', { within: BUDGET.mailMs });
      expect((await faults.callsOf('resend', lead)).map(({ status }) => status)).toEqual([200, 200]);
      const owed = { lead, sequence: '5day', executions: alone(mail), sent: [2], handled: false } as const;
      await expect(accountOf({ mailbox, notion }, owed)).toHaveLostNothing({ within: BUDGET.settleMs });
    });

    test(
      'half of each kind of Notion’s answers arrives: handler and mail lose nothing, and no page is made twice',
      { tag: '@blocked:own-dates' },
      async ({ lead, website, kestra, mailbox, notion, faults }) => {
        // What is looked for, what is made, what is changed: each kind once for the handler, and what is left for the mail.
        await faults.at('notion', lead, { method: 'POST', path: '/query$', cut: true, count: 2 });
        await faults.at('notion', lead, { method: 'POST', path: '^/v1/pages$', cut: true, count: 2 });
        await faults.at('notion', lead, { method: 'PATCH', ...CUT_ONCE });
        const sentAt = new Date(Date.now() - 25 * HOUR); // mail 2 is due at once
        const { executionId } = await website.completesAssessment(lead, { sentAt });

        await expect(kestra.handle(executionId), 'nothing lost').toReachState('SUCCESS', {
          within: BUDGET.handlerMs,
        });
        const executions = kestra.mailsOf(executionId);
        const owed = { lead, sequence: '5day', executions, sent: [2], waiting: [3, 4, 5] } as const;
        await expect(accountOf({ mailbox, notion }, owed)).toHaveLostNothing({ within: BUDGET.mailMs });
        const mail2 = those('mail 2', executions, ({ state }) => state.current !== 'CREATED');
        expect((await mail2.read()).map(({ state }) => state.current)).toEqual(['SUCCESS']);
        const struck = (await faults.callsOf('notion', lead)).filter(({ fault }) => fault !== undefined);
        expect(new Set(struck.map(({ method }) => method)), 'each kind was cut').toEqual(
          new Set(['POST', 'PATCH']),
        );
        expect(struck, 'every cut was made').toHaveLength(5);
      },
    );
  },
);
