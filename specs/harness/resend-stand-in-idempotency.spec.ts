import { about, expect } from '../../fixtures/index.ts';
import { mailTo, test, type LoggedCall } from './resend-stand-in.ts';

test.describe(
  'idempotency at the Resend stand-in',
  {
    tag: '@harness',
    annotation: about({
      feature: 'Harness',
      purpose:
        'The flows lean on Resend’s idempotency to send no mail twice, so it has to be as strict here.',
      severity: 'critical',
    }),
  },
  () => {
    test('the same request with the same key is answered as the first time and sent once', async ({
      standIn,
      someone,
    }) => {
      const { emails } = standIn.client('kestra');
      const mail = mailTo(someone.email);

      const first = await emails.send(mail, { idempotencyKey: 'once' });
      const again = await emails.send(mail, { idempotencyKey: 'once' });
      const withoutKey = await emails.send(mail);

      expect(again.data).toEqual(first.data);
      expect(withoutKey.data?.id).not.toBe(first.data?.id);
      expect(await standIn.mails()).toHaveLength(2);
    });

    test('the same key with another request is refused, whoever asks', async ({ standIn, someone }) => {
      const mail = mailTo(someone.email);
      await standIn.client('kestra').emails.send(mail, { idempotencyKey: 'mine' });

      const other = await standIn
        .client('website')
        .emails.send({ ...mail, subject: 'Other' }, { idempotencyKey: 'mine' });
      const batch = await standIn.client('kestra').batch.send([mail], { idempotencyKey: 'mine' });
      const noKey = await standIn.refusals([
        { body: mail, headers: { 'Idempotency-Key': '' } },
        { body: mail, headers: { 'Idempotency-Key': 'x'.repeat(257) } },
      ]);

      expect(other.error).toMatchObject({ statusCode: 409, name: 'invalid_idempotent_request' });
      expect(batch.error).toMatchObject({ statusCode: 409, name: 'invalid_idempotent_request' });
      expect(noKey).toEqual([
        [400, 'invalid_idempotency_key'],
        [400, 'invalid_idempotency_key'],
      ]);
      expect(await standIn.mails(), 'only the first was sent').toHaveLength(1);
    });

    test('a key is in use while its first request is in progress, and free again when that was refused', async ({
      standIn,
      someone,
    }) => {
      const { emails } = standIn.client('kestra');
      const mail = mailTo(someone.email);
      const calls = () => standIn.control<LoggedCall[]>('GET', '/log');
      await standIn.control('POST', '/faults', { lead: someone.email, delayMs: 10_000, count: 1 });

      const slow = emails.send(mail, { idempotencyKey: 'busy' });
      await expect.poll(calls, { message: 'the first request arrived', intervals: [100] }).toHaveLength(1);
      const meanwhile = await emails.send(mail, { idempotencyKey: 'busy' });
      const refused = await emails.send({ ...mail, subject: '' }, { idempotencyKey: 'refused' });
      const corrected = await emails.send(mail, { idempotencyKey: 'refused' });

      expect(meanwhile.error).toMatchObject({ statusCode: 409, name: 'concurrent_idempotent_requests' });
      expect((await slow).error).toBeNull();
      expect((await emails.send(mail, { idempotencyKey: 'busy' })).data).toEqual((await slow).data);
      expect(refused.error).toMatchObject({ statusCode: 422 });
      expect(corrected.error).toBeNull();
    });

    test('a key is remembered for a day, or until told to forget its lead', async ({ standIn, someone }) => {
      const { emails } = standIn.client('kestra');
      const send = async () =>
        (await emails.send(mailTo(someone.email), { idempotencyKey: 'daily' })).data?.id;
      const first = await send();

      await standIn.control('POST', '/forget-idempotency', { lead: `other-${someone.email}` });
      await standIn.control('POST', '/clock', { offsetMs: 24 * 3_600_000 - 60_000 });
      const withinTheDay = await send();
      await standIn.control('POST', '/clock', { offsetMs: 24 * 3_600_000 + 60_000 });
      const nextDay = await send();
      const forgotten = await standIn.control('POST', '/forget-idempotency', { lead: someone.email });
      const afterForgetting = await send();

      expect(withinTheDay).toBe(first);
      expect(nextDay).not.toBe(first);
      expect(forgotten).toEqual({ forgotten: 1 });
      expect([first, nextDay]).not.toContain(afterForgetting);
    });

    test('a mail whose answer got lost is sent once when the sender tries again', async ({
      standIn,
      someone,
    }) => {
      const { emails } = standIn.client('kestra');
      const mail = mailTo(someone.email);
      await standIn.control('POST', '/faults', {
        lead: someone.email,
        status: 500,
        acceptThenFail: true,
        count: 1,
      });

      const lost = await emails.send(mail, { idempotencyKey: 'again' });
      const [sent] = await standIn.mails();
      const again = await emails.send(mail, { idempotencyKey: 'again' });

      expect(lost.error).toMatchObject({ statusCode: 500, name: 'application_error' });
      expect(again.data?.id, 'the mail of the first try').toBe(sent?.id);
      expect(await standIn.mails()).toHaveLength(1);
    });
  },
);
