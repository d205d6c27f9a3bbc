import { about, expect, test } from '../../fixtures/index.ts';
import { BUDGET } from '../../helpers/budgets.ts';
import { mailOrder } from '../../helpers/factories/mail-order.ts';

const purpose =
  'When hundreds of mails fall due together, Resend and Notion are asked by ten at a time, and none is left out.';

/** For `change`: no mail goes; the execution lasts as long as the setting HOLD is there. */
const held = (flow: string): string =>
  flow.replace(
    /^tasks:\n[\s\S]*/m,
    `tasks:
  - id: hold
    type: io.kestra.plugin.core.flow.LoopUntil
    condition: "{{ kv('HOLD', namespace=flow.namespace, errorOnMissing=false) is null }}"
    checkFrequency: { interval: PT1S, maxDuration: PT10M }
    tasks:
      - id: look
        type: io.kestra.plugin.core.debug.Return
        format: "{{ kv('HOLD', namespace=flow.namespace, errorOnMissing=false) }}"
`,
  );

test.describe(
  'mails that are due together',
  { tag: '@engine', annotation: about({ feature: 'Sequences', covers: ['2.3'], purpose }) },
  () => {
    test('ten are at work at once, and the others wait their turn', async ({ lead, kestra, deployment }) => {
      const settings = { HOLD: true };
      const { namespace } = await deployment({ flows: ['send-email'], settings, change: held });
      const mails = await Promise.all(
        Array.from({ length: 12 }, () => kestra.start('send-email', mailOrder(lead, 3), { namespace })),
      );
      const states = async () =>
        (await kestra.search({ namespace, flowId: 'send-email' }))
          // Between two looks a LoopUntil pauses its execution, which stays at work.
          .map(({ state }) => (state.current === 'PAUSED' ? 'RUNNING' : state.current))
          .toSorted();

      await expect
        .poll(states, { timeout: BUDGET.settleMs })
        .toEqual([...Array<string>(2).fill('QUEUED'), ...Array<string>(10).fill('RUNNING')]);
      await kestra.kv({ namespace }).delete('HOLD');
      for (const mail of mails) await expect(mail).toReachState('SUCCESS', { within: BUDGET.mailMs });
    });
  },
);
