import { about, expect, test } from '../../fixtures/index.ts';
import { BUDGET } from '../../helpers/budgets.ts';

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

test.use({ mode: 'production' });

test.describe(
  'hostile names',
  {
    tag: ['@webhook', '@safety'],
    annotation: about({ feature: 'Safety', covers: ['2.7'], purpose, severity: 'blocker' }),
  },
  () => {
    test('a hostile name reads no secret, runs no code and reaches the mail as plain text', async ({
      newLead,
      webhooks,
      kestra,
      mailbox,
      target,
    }) => {
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
          const below = await kestra.subtreeOf(executionId).read();
          const logs = await Promise.all(below.map(({ id }) => kestra.handle(id).logs()));
          const root = await kestra.handle(executionId).read();
          return { what, mail, everything: JSON.stringify({ mail, below, logs, root }) };
        }),
      );

      const leaks = stories.flatMap(({ what, everything }) =>
        target.secrets.filter((secret) => everything.includes(secret)).map(() => what),
      );
      expect(leaks, 'cases in which a secret appears anywhere').toEqual([]);
      expect(stories.flatMap(({ mail }) => mail?.to ?? [])).toHaveLength(stories.length);
      const sent = stories.map(({ what, mail }) => [what, `${mail?.subject}\n${mail?.html}\n${mail?.text}`]);
      expect(sent.filter(([, text]) => text?.includes('{{'))).toEqual([]);
      expect(stories.filter(({ mail }) => /<(img|script)/.test(mail?.html ?? ''))).toEqual([]);
      expect(stories.filter(({ mail }) => /[\r\n]/.test(mail?.subject ?? ''))).toEqual([]);
      expect(sent.filter(([, text]) => text?.includes('root:'))).toEqual([]);
    });

    test('an ampersand, an umlaut, an apostrophe and an angle bracket read right everywhere', async ({
      newLead,
      webhooks,
      kestra,
      mailbox,
      notion,
    }) => {
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
    });
  },
);
