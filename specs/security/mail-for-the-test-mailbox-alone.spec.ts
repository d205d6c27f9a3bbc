import { about, expect } from '../../fixtures/index.ts';
import { strangers } from '../../helpers/addresses.ts';
import { TEST_MAILBOX } from '../../helpers/test-mailbox.ts';
import { type ControlState, mailTo, test } from '../harness/resend-stand-in.ts';
import { ELSEWHERE, LOOK_ALIKES, NAMED } from './elsewhere.ts';

const purpose = 'No test may write to a person, whatever a flow or a website makes of an address.';

/** Headers by which a mail server may find one more reader. */
const HEADERS = [
  'To',
  'CC',
  'Bcc',
  'Resent-To',
  'resent-cc',
  'Resent-Bcc',
  'Apparently-To',
  'Sender',
  'X\r\nBcc',
  'Bcc ',
];

test.describe(
  'recipients',
  { tag: '@safety', annotation: about({ feature: 'Harness', purpose, severity: 'blocker' }) },
  () => {
    test('an address of more than one reader, or one that only resembles the mailbox, gets no mail as to, cc or bcc', async ({
      standIn,
    }) => {
      const addresses = [...ELSEWHERE, ...LOOK_ALIKES];
      const answers: Array<readonly [string, number]> = [];
      for (const address of addresses) {
        for (const [field, value] of Object.entries({
          to: address,
          cc: [address],
          bcc: [TEST_MAILBOX, address],
        })) {
          const { status } = await standIn.call({ body: { ...mailTo(TEST_MAILBOX), [field]: value } });
          answers.push([`${field} ${address}`, status]);
        }
      }

      expect(answers.filter(([, status]) => status < 400)).toEqual([]);
      expect(await standIn.mails()).toEqual([]);
      const { refusedRecipients } = await standIn.control<ControlState>('GET', '/state');
      const refused = refusedRecipients.map(({ address }) => address);
      expect(refused, 'well-formed ones fail the run').toEqual(expect.arrayContaining(LOOK_ALIKES));
    });

    test('no header brings a second reader, and neither subject nor sender ends before its end', async ({
      standIn,
    }) => {
      const calls = [
        ...HEADERS.map((name) => ({ headers: { [name]: 'ada@mail.invalid' } })),
        { headers: { 'X-One': 'a\r\nBcc: ada@mail.invalid' } },
        { subject: 'Hello\r\nBcc: ada@mail.invalid' },
        { subject: 'Hello\nBcc: ada@mail.invalid' },
        { from: 'Ada\r\nBcc: ada@mail.invalid <mails@funnel.example>' },
        { from: 'ada@mail.invalid, Ada <mails@funnel.example>' },
        { from: 'Ada <mails@funnel.example>\r\nBcc: ada@mail.invalid' },
      ].map((change) => ({ body: { ...mailTo(TEST_MAILBOX), ...change } }));

      const statuses = (await standIn.refusals(calls)).map(([status]) => status);

      expect(statuses).toEqual(calls.map(() => 422));
      expect(await standIn.mails()).toEqual([]);
    });

    test('the mailbox is itself in any case of letters, with a tag and with a name', async ({ standIn }) => {
      const forms = [
        TEST_MAILBOX.toUpperCase(),
        TEST_MAILBOX.replace('@', '+Tag.1@'),
        `Ada Lovelace <${TEST_MAILBOX}>`,
        `"Lovelace, Ada" <${TEST_MAILBOX}>`,
        ...NAMED,
      ];
      const statuses = await Promise.all(
        forms.map(async (to) => (await standIn.call({ body: mailTo(to) })).status),
      );

      expect(statuses).toEqual(forms.map(() => 200));
      expect(
        strangers(forms.slice(0, 4).join(' '), TEST_MAILBOX),
        'and the clients’ own guard agrees',
      ).toEqual([]);
    });
  },
);
