import { about, expect, test as base } from '../../fixtures/index.ts';
import { BUDGET } from '../../helpers/budgets.ts';
import { makeLead } from '../../helpers/factories/lead.ts';
import { TEST_MAILBOX } from '../../helpers/test-mailbox.ts';
import { API, BASE, PATHS } from '../../stack/website/paths.ts';
import { ELSEWHERE, NAMED } from './elsewhere.ts';
import { type OwnFunnel, signUp, signUpOf, startOwnFunnel } from './own-funnel.ts';
import { withstandsStrangers } from './strangers.ts';

const purpose =
  'The sign-up form is open to everybody: nobody may break it, read the server’s files, or have it write to somebody else.';

const test = base.extend<{ funnel: OwnFunnel }>({
  funnel: async ({}, use) => {
    const funnel = await startOwnFunnel();
    await use(funnel);
    await funnel.close();
  },
});

test.describe(
  'the website and strangers',
  { tag: '@safety', annotation: about({ feature: 'Harness', purpose, severity: 'critical' }) },
  () => {
    test('pages, form and buttons withstand what a stranger may send', async ({ seed, funnel }) => {
      const { email } = makeLead(TEST_MAILBOX);
      const doorplate = {
        headers: [['Sec-Fetch-Site', 'same-origin']] as const,
        routes: [
          { method: 'POST', path: API.signUp, body: signUpOf(email) },
          {
            method: 'POST',
            path: API.complete,
            body: { leadId: 'x', email, firstName: 'Ada', answers: Array.from({ length: 16 }, () => true) },
          },
          { method: 'POST', path: API.book, body: { email, date: '2025-12-05', time: '09:00' } },
          { method: 'POST', path: `${PATHS.operator}/*` },
          { method: 'POST', path: `${PATHS.operator}/noshow` },
          { method: 'GET', path: PATHS.operator },
          { method: 'GET', path: PATHS.thankYou },
          { method: 'GET', path: PATHS.booked },
          { method: 'GET', path: '/assets/*' },
          { method: 'GET', path: `${BASE}/*` },
          { method: 'GET', path: '/*' },
        ],
      };

      await withstandsStrangers(funnel.site.url, doorplate, seed, {
        pages: [PATHS.landing, `${PATHS.operator}?email=${encodeURIComponent(email)}`, '/assets/site.css'],
      });
    });

    test('an address that would bring a second reader, or only resembles the mailbox, is refused and nobody is written to', async ({
      funnel,
    }) => {
      const honest = makeLead(TEST_MAILBOX);
      const addresses = [...ELSEWHERE, ...NAMED];
      const refused = await Promise.all(
        addresses.map(async (email) => {
          const { errors } = (await (await signUp(funnel, signUpOf(email))).json()) as { errors?: object };
          return [email, Object.keys(errors ?? {})];
        }),
      );
      const taken = await signUp(funnel, signUpOf(honest.email));
      const mails = () => fetch(`${funnel.resend.url}/_control/mails`).then((answer) => answer.json());

      expect(refused).toEqual(addresses.map((email) => [email, ['email']]));
      expect(taken.status).toBe(200);
      await expect
        .poll(mails, { message: 'one mail, to the honest visitor', timeout: BUDGET.settleMs })
        .toMatchObject([{ to: [honest.email], cc: [], bcc: [] }]);
      expect(await (await fetch(`${funnel.resend.url}/_control/state`)).json()).toMatchObject({
        refusedRecipients: [],
      });
    });

    test('a name with half a sign or a line break reaches mail and webhook as one line of whole signs', async ({
      funnel,
    }) => {
      const { email } = makeLead(TEST_MAILBOX);
      await signUp(funnel, signUpOf(email, 'A\ud800da\r\nBcc:ada@mail.invalid'));
      const mails = async () =>
        (await (await fetch(`${funnel.resend.url}/_control/mails`)).json()) as Array<Record<string, string>>;

      await expect.poll(() => funnel.told, { timeout: BUDGET.settleMs }).toHaveLength(1);
      expect(JSON.parse(funnel.told[0] ?? '')).toMatchObject({ email, first_name: 'A\ufffdda' });
      expect(await mails()).toMatchObject([
        { to: [email], text: expect.stringContaining('Hello A\ufffdda,') },
      ]);
    });
  },
);
