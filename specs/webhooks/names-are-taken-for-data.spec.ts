import { about, expect, test } from '../../fixtures/index.ts';
import { BUDGET } from '../../helpers/budgets.ts';
import { SECONDARY } from '../../helpers/factories/payloads.ts';
import { tracesOf } from '../../helpers/journeys/traces.ts';
import { readsAsItsTemplate, sentWithoutLoss } from '../sequences/sent.ts';

const purpose = 'Nobody who knows a webhook can read our keys or run code by way of a name.';
const DAY = 86_400_000;

// Mail 2 is due at once for a mail 1 of yesterday, with no testing minute to wait for.
const YESTERDAY = () => new Date(Date.now() - DAY - 60_000);

const HOSTILE = {
  'a quote that would end a Python string': `"""); import os; os._exit(3) #`,
  'a quote that would end a JSON string': `Ada", "red_systems": 0, "x": "`,
  'braces that would read a secret': `{{ secret('RESEND_API_KEY') }}{{ secret('NOTION_TOKEN') }}`,
  'braces that would read settings and code': `{% for k in envs %}{{ k }}{% endfor %}{{ envs }}{{ render("{{ envs }}") }}`,
  'a file to be fetched': 'file:///etc/passwd',
  'the protocol of script outputs': '}::\n::{"outputs":{"lead":{"email":"x"}}}::',
  HTML: '<img src=x onerror=alert(1)><script>alert(2)</script>',
  'line breaks': 'Ada\r\nBcc: nobody\r\n\r\nHello',
} as const;

/** Three mails each: two leads a webhook have all the texts. The file is one only when it stands alone. */
const HOSTILE_LEADS = [
  {
    firstName: [
      HOSTILE['a quote that would end a Python string'],
      HOSTILE['a quote that would end a JSON string'],
      HOSTILE['the protocol of script outputs'],
    ].join(' '),
    businessName: [
      HOSTILE['braces that would read a secret'],
      HOSTILE['braces that would read settings and code'],
    ].join(' '),
  },
  {
    firstName: HOSTILE['a file to be fetched'],
    businessName: [HOSTILE.HTML, HOSTILE['line breaks']].join(' '),
  },
];

/** What a mail may show of a name: one line of it, with no two braces together. */
const asShown = (text: string): string =>
  text
    .split(/\s+/)
    .join(' ')
    .replaceAll(/\{(?=\{)/g, '{ ');

test.use({ mode: 'production' });

test.describe(
  'hostile names',
  {
    tag: ['@webhook', '@safety'],
    annotation: about({ feature: 'Safety', covers: ['2.7'], purpose, severity: 'blocker' }),
  },
  () => {
    test(
      'a hostile name reads no secret, runs no code and reaches the mail as plain text',
      { tag: '@blocked:own-dates' },
      async ({ newLead, webhooks, kestra, mailbox, target }) => {
        const stories = await Promise.all(
          Object.entries(HOSTILE).map(async ([what, text]) => {
            const lead = newLead({ firstName: text, businessName: text, weakest: [text, text] });
            const { executionId } = await webhooks.assessment(lead, {
              email1SentAt: YESTERDAY().toISOString(),
            });
            await expect(kestra.handle(executionId), what).toReachState('SUCCESS', {
              within: BUDGET.handlerMs,
            });
            await expect(mailbox.of(lead), `${what}: mail 2 only`).toSettleAt(1, {
              within: BUDGET.mailMs,
              quietFor: 0,
            });
            const [mail] = await mailbox.of(lead).read();
            const traces = await tracesOf(kestra, executionId);
            return { what, mail, everything: JSON.stringify({ mail, traces }) };
          }),
        );

        const leaks = stories.flatMap(({ what, everything }) =>
          target.secrets.filter((secret) => everything.includes(secret)).map(() => what),
        );
        expect(leaks, 'cases in which a secret appears anywhere').toEqual([]);
        expect(stories.flatMap(({ mail }) => mail?.to ?? [])).toHaveLength(stories.length);
        const sent = stories.map(({ what, mail }) => [
          what,
          `${mail?.subject}\n${mail?.html}\n${mail?.text}`,
        ]);
        expect(sent.filter(([, text]) => text?.includes('{{'))).toEqual([]);
        expect(stories.filter(({ mail }) => /<(img|script)/.test(mail?.html ?? ''))).toEqual([]);
        expect(stories.filter(({ mail }) => /[\r\n]/.test(mail?.subject ?? ''))).toEqual([]);
        expect(sent.filter(([, text]) => text?.includes('root:'))).toEqual([]);
      },
    );

    test('a hostile name of a missed call, a maybe or a customer reaches all three mails as plain text', async ({
      newLead,
      webhooks,
      kestra,
      mailbox,
      notion,
      target,
    }) => {
      const begun = SECONDARY.flatMap((webhook) =>
        HOSTILE_LEADS.map((names) => ({ webhook, lead: newLead(names) })),
      );
      const stories = await Promise.all(
        begun.map(async ({ webhook, lead }) => {
          const { executionId } = await webhooks.secondary(webhook, lead, { mode: 'testing' });
          await expect(kestra.handle(executionId), webhook).toReachState('SUCCESS', {
            within: BUDGET.handlerMs,
          });
          await expect(mailbox.of(lead), `${webhook}: three mails`).toSettleAt(3, {
            within: BUDGET.sequenceMs,
            quietFor: 0,
          });
          await sentWithoutLoss(kestra, executionId);
          const mails = await mailbox.of(lead).read();
          const traces = await tracesOf(kestra, executionId);
          return { webhook, lead, mails, everything: JSON.stringify({ mails, traces }) };
        }),
      );

      const leaks = stories.flatMap(({ webhook, everything }) =>
        [...target.secrets, 'root:x:0:0'].filter((secret) => everything.includes(secret)).map(() => webhook),
      );
      expect(leaks, 'webhooks with a secret or a file anywhere').toEqual([]);
      for (const { lead, mails } of stories) {
        const shown = {
          ...lead,
          firstName: asShown(lead.firstName),
          businessName: asShown(lead.businessName),
        };
        const projects = await notion.projects(lead).read();
        const more = Object.fromEntries(projects.map(({ url }) => ['portal_url', url]));
        for (const mail of mails) await readsAsItsTemplate(mail, { lead: shown, notion, target }, more);
      }
    });

    test(
      'an ampersand, an umlaut, an apostrophe and an angle bracket read right everywhere',
      { tag: '@blocked:own-dates' },
      async ({ newLead, webhooks, kestra, mailbox, notion }) => {
        const lead = newLead({ firstName: "Ada & Söhne's <3", businessName: "Ada & Söhne's <3" });
        const { executionId } = await webhooks.assessment(lead, { email1SentAt: YESTERDAY().toISOString() });

        await expect(kestra.handle(executionId)).toReachState('SUCCESS', { within: BUDGET.handlerMs });
        await expect(mailbox.of(lead), 'mail 2').toSettleAt(1, { within: BUDGET.mailMs, quietFor: 0 });
        const [mail] = await mailbox.of(lead).read();
        expect(mail?.subject).toContain("Ada & Söhne's <3");
        expect(mail?.text).toContain("Ada & Söhne's <3");
        expect(mail?.html).toMatch(/Ada &amp; Söhne(&#x27;|&#39;)s &lt;3/);
        expect((await notion.contact(lead)).values['first_name']).toBe("Ada & Söhne's <3");
        expect((await notion.trackerRow(lead, '5day')).values['First Name']).toBe("Ada & Söhne's <3");
      },
    );
  },
);
