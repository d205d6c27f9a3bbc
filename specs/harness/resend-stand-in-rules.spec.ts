import { about, expect } from '../../fixtures/index.ts';
import { MAILBOX, mailTo, test, type ControlState } from './resend-stand-in.ts';

test.describe(
  'the rules of the Resend stand-in',
  {
    tag: '@harness',
    annotation: about({
      feature: 'Harness',
      purpose: 'A mail that Resend would refuse must be refused here, or the flows break only in production.',
      severity: 'critical',
    }),
  },
  () => {
    test('a mail without sender, recipient, subject or body is refused', async ({ standIn, someone }) => {
      const mail = mailTo(someone.email);

      const messages = await Promise.all(
        [
          { ...mail, from: undefined },
          { ...mail, to: undefined },
          { ...mail, to: [] },
          { ...mail, subject: '' },
          { ...mail, text: undefined },
          { ...mail, html: '', text: '' },
        ].map(async (body) => {
          const { status, body: refusal } = await standIn.call({ body });
          return `${status} ${(refusal as { name: string }).name} ${(refusal as { message: string }).message}`;
        }),
      );

      expect(messages).toEqual([
        '422 missing_required_field Missing `from` field.',
        '422 missing_required_field Missing `to` field.',
        '422 missing_required_field Missing `to` field.',
        '422 missing_required_field Missing `subject` field.',
        '422 validation_error Missing `html` or `text` field.',
        '422 validation_error Missing `html` or `text` field.',
      ]);
    });

    test('an address that is none, in any field, is refused and either form of one is taken', async ({
      standIn,
      someone,
    }) => {
      const mail = mailTo(someone.email);
      const malformed = [
        'Ada',
        'ada@',
        'ada@example',
        'Ada <ada>',
        'a@b.example, c@d.example',
        'Ada\n<a@b.example>',
      ];

      const asSender = await standIn.refusals(malformed.map((from) => ({ body: { ...mail, from } })));
      const asRecipient = await standIn.refusals(
        malformed.map((to) => ({ body: { ...mail, to: [mail.to, to] } })),
      );
      const elsewhere = await standIn.refusals(
        ['cc', 'bcc', 'reply_to'].map((field) => ({ body: { ...mail, [field]: 'Ada' } })),
      );
      const named = await standIn.call({
        body: { ...mail, from: 'a@b.example', to: `"Ada, B." <${someone.email}>` },
      });

      expect(asSender).toEqual(malformed.map(() => [422, 'invalid_from_address']));
      expect(asRecipient).toEqual(malformed.map(() => [422, 'validation_error']));
      expect(elsewhere).toEqual(Array.from({ length: 3 }, () => [422, 'validation_error']));
      expect(named.status).toBe(200);
    });

    test('a recipient outside the test mailbox is refused in every field and remembered', async ({
      standIn,
      someone,
    }) => {
      const mail = mailTo(someone.email);
      const [user, domain] = MAILBOX.split('@');

      const refusals = await standIn.refusals([
        { body: mailTo('ada@example.com') },
        { body: mailTo([someone.email, `${user}@example.com`]) },
        { body: { ...mail, cc: `x${MAILBOX}` } },
        { body: { ...mail, bcc: `Ada <${user}x@${domain}>` } },
        { path: '/emails/batch', body: [mail, mailTo(`${user}@sub.${domain}`)] },
      ]);
      const state = await standIn.control<ControlState>('GET', '/state');

      expect(refusals).toEqual(Array.from({ length: 5 }, () => [403, 'validation_error']));
      expect(state.counts.mails, 'nothing was sent').toBe(0);
      expect(state.refusedRecipients.map(({ field, address, who }) => `${who} ${field} ${address}`)).toEqual([
        'kestra to ada@example.com',
        `kestra to ${user}@example.com`,
        `kestra cc x${MAILBOX}`,
        `kestra bcc ${user}x@${domain}`,
        `kestra to ${user}@sub.${domain}`,
      ]);
      expect((await standIn.call({ body: mailTo([MAILBOX, someone.email.toUpperCase()]) })).status).toBe(200);
    });

    test('what could smuggle a header or a recipient in is refused', async ({ standIn, someone }) => {
      const mail = mailTo(someone.email);

      const refusals = await standIn.refusals([
        { body: { ...mail, subject: 'Hello\nBcc: ada@example.com' } },
        { body: { ...mail, headers: { Bcc: 'ada@example.com' } } },
        { body: { ...mail, headers: { 'X-Note': 'a\r\nBcc: ada@example.com' } } },
        { body: { ...mail, tags: [{ name: 'first name', value: 'Ada' }] } },
        { body: { ...mail, tags: [{ name: 'name', value: 'Söhne' }] } },
        { body: { ...mail, tags: [{ name: 'name', value: 'x'.repeat(257) }] } },
      ]);
      const harmless = await standIn.call({
        body: { ...mail, subject: 'Ada & Söhne’s <3', tags: [{ name: 'name', value: 'x'.repeat(256) }] },
      });

      expect(refusals).toEqual(Array.from({ length: 6 }, () => [422, 'validation_error']));
      expect(harmless.status).toBe(200);
    });

    test('a date to send at must be one, in the future and within thirty days', async ({
      standIn,
      someone,
    }) => {
      const at = (scheduled_at: string) => ({ body: { ...mailTo(someone.email), scheduled_at } });
      const ahead = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();

      const refused = await standIn.refusals(
        ['soon', '2030-01-01', ahead(-1), ahead(31), 'in 31 days'].map(at),
      );
      const taken = await standIn.refusals(['in 1 min', 'in 2 hours', ahead(29)].map(at));

      expect(refused).toEqual(Array.from({ length: 5 }, () => [422, 'validation_error']));
      expect(taken).toEqual(Array.from({ length: 3 }, () => [200, 'no error']));
    });
  },
);
