import { about, expect, test } from '../../fixtures/index.ts';
import { TEST_MAILBOX } from '../../helpers/test-mailbox.ts';
import { startNotion } from '../../stack/notion/server.ts';
import { startResend } from '../../stack/resend/server.ts';
import { PATHS } from '../../stack/website/paths.ts';
import { signUp, signUpOf, startOwnFunnel } from './own-funnel.ts';
import { ALL, ranOn, TYPED } from './typed.ts';

const purpose =
  'A lead’s name is shown to visitors and to whoever looks after the funnel: a name that is a script runs nowhere.';

test.describe(
  'what somebody typed',
  { tag: '@safety', annotation: about({ feature: 'Harness', purpose, severity: 'critical' }) },
  () => {
    test('runs on no page of the website', async ({ page, afterwards }) => {
      const funnel = await startOwnFunnel();
      const { site } = funnel;
      afterwards.undo('the website of this test', () => funnel.close());
      const email = TEST_MAILBOX.replace('@', '+typed@');
      const addressOf = (index: number): string => email.replace('+', `+${index}`);
      for (const [index, text] of TYPED.entries()) {
        const answer = await signUp(funnel, signUpOf(addressOf(index), text, text));
        expect(answer.status, text).toBe(200);
      }
      const remembered = { id: 'x', email, name: ALL, businessName: ALL };
      const results = {
        overallScore: 1,
        redCount: 1,
        orangeCount: 1,
        greenCount: 1,
        revenueLeak: 1,
        weakestSystem1: ALL,
        weakestSystem2: ALL,
        strongestSystem: ALL,
        colours: [{ about: ALL, colour: 'red' }],
      };
      await page.addInitScript(
        ([lead, kept]) => {
          localStorage.setItem('xmas-lead-id', lead.id);
          localStorage.setItem('xmas-user-email', lead.email);
          localStorage.setItem('xmas-user-name', lead.name);
          localStorage.setItem('xmas-business-name', lead.businessName);
          localStorage.setItem('xmas-results', JSON.stringify(kept));
          const answers = Array.from({ length: 16 }, () => true);
          sessionStorage.setItem('xmas-answers', JSON.stringify({ lead: lead.id, answers, posted: true }));
        },
        [remembered, results] as const,
      );

      const ran = await ranOn(page, [
        ...TYPED.map(
          (text) => `${site.url}${PATHS.thankYou}?${new URLSearchParams({ name: text, email: text })}`,
        ),
        ...TYPED.map(
          (_, index) => `${site.url}${PATHS.operator}?${new URLSearchParams({ email: addressOf(index) })}`,
        ),
        `${site.url}${PATHS.operator}?${new URLSearchParams({ email: ALL })}`,
        `${site.url}${PATHS.diagnostic}`,
        `${site.url}${PATHS.assessment}`,
      ]);

      expect(ran).toEqual([]);
    });

    test('runs in no page of the stand-ins, and a mail that is a script runs neither alone nor in the inbox', async ({
      page,
      afterwards,
    }) => {
      const notion = await startNotion({
        tokens: [],
        seed: TYPED.map((text) => ({
          database: 'contacts' as const,
          values: { first_name: text, Email: `${text}@mail.test`.slice(0, 190) },
        })),
      });
      const resend = await startResend({ keys: [], testMailbox: TEST_MAILBOX });
      for (const one of [notion, resend]) afterwards.undo('a stand-in of this test', () => one.close());
      const request = (html: string) => ({
        from: 'x <mails@funnel.example>',
        to: TEST_MAILBOX,
        subject: ALL,
        text: ALL,
        html,
        headers: { 'X-Typed': ALL },
      });
      const seeded = await fetch(`${resend.url}/_control/seed`, {
        method: 'POST',
        body: JSON.stringify({ mails: TYPED.map((html) => ({ sender: 'kestra', request: request(html) })) }),
      });
      const { ids } = (await seeded.json()) as { ids: string[] };

      const ran = await ranOn(page, [
        `${notion.url}/_control/tables`,
        `${notion.url}/_control/tables?email=${encodeURIComponent(ALL)}`,
        `${resend.url}/_control/inbox`,
        `${resend.url}/_control/inbox?to=${encodeURIComponent(ALL)}`,
        ...ids.map((id) => `${resend.url}/_control/inbox?mail=${id}`),
      ]);
      const policies = await Promise.all(
        ids.map(async (id) => {
          const { headers } = await fetch(`${resend.url}/_control/mails/${id}/html`);
          return headers.get('content-security-policy');
        }),
      );

      expect(ran).toEqual([]);
      expect(policies.every((policy) => policy?.startsWith("sandbox; default-src 'none'"))).toBe(true);
    });
  },
);
