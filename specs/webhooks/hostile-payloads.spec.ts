import { about, expect, test } from '../../fixtures/index.ts';
import { BY_NOW } from '../../helpers/budgets.ts';
import { hostileBodies } from '../../helpers/factories/hostile-payloads.ts';
import { honestBodies } from '../../helpers/factories/payloads.ts';
import { endsOf } from '../../helpers/journeys/ends.ts';

const purpose =
  'Whatever anybody posts, a webhook refuses it with reasons or takes it as data; nothing breaks, nothing leaks.';
/** Of each webhook; a unit test puts thousands of them to the validation alone. */
const COUNT = 8;
const SEED = 20_251_129;
const WEBHOOKS = ['signup', 'assessment', 'noshow', 'postcall', 'onboarding'] as const;

test.use({ mode: 'production' });

test.describe(
  'hostile payloads',
  {
    tag: ['@webhook', '@safety'],
    annotation: about({ feature: 'Safety', covers: ['2.7'], purpose, severity: 'blocker' }),
  },
  () => {
    test('generated payloads end refused with reasons or accepted, and leave nothing running', async ({
      newLead,
      webhooks,
      kestra,
      notion,
      mailbox,
      target,
    }) => {
      const leads = {
        signup: newLead(),
        assessment: newLead(),
        noshow: newLead(),
        postcall: newLead(),
        onboarding: newLead(),
      };
      const stories = await Promise.all(
        WEBHOOKS.map(async (webhook, index) => {
          const bodies = hostileBodies(honestBodies(leads[webhook])[webhook], COUNT, SEED + index);
          const ends = await endsOf({ webhooks, kestra }, webhook, Object.fromEntries(bodies.entries()));
          return { lead: leads[webhook], webhook, bodies, ends: Object.values(ends) };
        }),
      );

      const told = stories.flatMap(({ webhook, bodies, ends }) =>
        ends.map((end, index) => ({ webhook, body: bodies[index], ...end })),
      );
      expect(
        told.filter(({ state }) => !['SUCCESS', 'FAILED'].includes(state)),
        'ended otherwise',
      ).toEqual([]);
      expect(
        told.filter(({ state, reasons }) => state === 'FAILED' && reasons.length === 0),
        'refused without a reason',
      ).toEqual([]);
      expect(
        told.filter(({ state, began }) => state === 'FAILED' && began.length > 0),
        'half done',
      ).toEqual([]);
      expect(
        told.map(({ state }) => state),
        'both kinds were among them',
      ).toEqual(expect.arrayContaining(['SUCCESS', 'FAILED']));
      const everything = JSON.stringify(told.map(({ reasons }) => reasons));
      expect(target.secrets.filter((secret) => everything.includes(secret))).toEqual([]);
      for (const { lead, webhook, ends } of stories) {
        const refusedAll = ends.every(({ state }) => state === 'FAILED');
        const written = (await notion.contacts(lead).read()).length > 0;
        expect(refusedAll && written, `${webhook}: somebody was written down although all was refused`).toBe(
          false,
        );
        await expect(mailbox.of(lead), `${webhook}: nothing is due, so nothing was sent`).toSettleAt(
          0,
          BY_NOW,
        );
      }
    });
  },
);
