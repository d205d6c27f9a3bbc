import { about, expect } from '../../fixtures/index.ts';
import { makeLead } from '../../helpers/factories/lead.ts';
import { MAILBOX, mailTo, test, type LoggedCall } from './resend-stand-in.ts';

test.describe(
  'faults at the Resend stand-in',
  {
    tag: '@harness',
    annotation: about({
      feature: 'Harness',
      purpose:
        'Specs make Resend fail for one lead while all others run, so a fault must hit that lead and nobody else.',
    }),
  },
  () => {
    test('a fault hits its lead as often as told, and no other lead', async ({ standIn, someone }) => {
      const bystander = makeLead(MAILBOX);
      const to = ({ email }: { email: string }) => ({ body: mailTo(email) });
      await standIn.control('POST', '/faults', { lead: someone.email, status: 429, count: 2 });

      const refusals = await standIn.refusals([
        to(bystander),
        to(someone),
        to(bystander),
        to(someone),
        to(someone),
      ]);

      expect(refusals).toEqual([
        [200, 'no error'],
        [429, 'rate_limit_exceeded'],
        [200, 'no error'],
        [429, 'rate_limit_exceeded'],
        [200, 'no error'],
      ]);
      expect(await standIn.mails(`?to=${encodeURIComponent(someone.email)}`)).toHaveLength(1);
    });

    test('a fault says what it was told to say, only where it was told to', async ({ standIn, someone }) => {
      const { id } = await standIn.control<{ id: string }>('POST', '/faults', {
        lead: someone.email,
        method: 'POST',
        path: '^/emails$',
        status: 429,
        code: 'daily_quota_exceeded',
        message: 'Enough for today.',
        headers: { 'retry-after': '7' },
      });

      const hit = await standIn.call({ body: mailTo(someone.email) });
      const batch = await standIn.call({ path: '/emails/batch', body: [mailTo(someone.email)] });
      const badKey = await standIn.call({ body: mailTo(someone.email), key: 're_unknown' });
      await standIn.control('DELETE', `/faults/${id}`);
      const after = await standIn.call({ body: mailTo(someone.email) });
      const pointless = await standIn.call({ path: '/_control/faults', body: { lead: someone.email } });

      expect(hit).toMatchObject({
        status: 429,
        headers: { 'retry-after': '7' },
        body: { statusCode: 429, name: 'daily_quota_exceeded', message: 'Enough for today.' },
      });
      expect(batch.status, 'another path').toBe(200);
      expect(badKey.status, 'the key comes first').toBe(403);
      expect(after.status, 'taken back').toBe(200);
      expect(pointless.status, 'a fault that does nothing').toBe(400);
      expect(await standIn.control('GET', '/faults')).toEqual([]);
    });

    test('a call without the address belongs to its lead by the correlation id', async ({
      standIn,
      someone,
    }) => {
      const look = (id: string) => ({
        key: 're_harness',
        method: 'GET' as const,
        path: '/emails',
        headers: { 'x-correlation-id': id },
      });
      await standIn.call({ body: mailTo(someone.email), headers: { 'x-correlation-id': 'run-1' } });
      await standIn.control('POST', '/faults', { lead: someone.email, status: 500 });

      const refusals = await standIn.refusals([look('run-1'), look('run-2')]);

      expect(refusals).toEqual([
        [500, 'application_error'],
        [200, 'no error'],
      ]);
      const calls = await standIn.control<LoggedCall[]>(
        'GET',
        `/log?lead=${encodeURIComponent(someone.email)}`,
      );
      expect(calls.map(({ method, status }) => `${method} ${status}`)).toEqual(['POST 200', 'GET 500']);
    });

    test('a hanging call is never answered, and what it asked is done only when told so', async ({
      standIn,
      someone,
    }) => {
      const log = () => standIn.control<LoggedCall[]>('GET', '/log');
      const hangs = async (subject: string, calls: number) => {
        const patience = new AbortController();
        const body = { ...mailTo(someone.email), subject };
        const call = standIn.call({ body, signal: patience.signal });
        await Promise.race([call, expect.poll(log, 'it arrived').toHaveLength(calls)]);
        patience.abort(new Error('given up'));
        await call;
      };
      await standIn.control('POST', '/faults', { lead: someone.email, hang: true, count: 1 });
      await standIn.control('POST', '/faults', {
        lead: someone.email,
        hang: true,
        acceptThenFail: true,
        count: 1,
      });

      await expect(hangs('Lost', 1), 'the request').rejects.toThrow('given up');
      await expect(hangs('Taken', 2), 'the answer').rejects.toThrow('given up');

      expect((await standIn.mails()).map(({ subject }) => subject)).toEqual(['Taken']);
      expect((await standIn.call({ body: mailTo(someone.email) })).status).toBe(200);
    });

    test('a slow mail is taken late, even when nobody waits for the answer', async ({ standIn, someone }) => {
      await standIn.control('POST', '/faults', { lead: someone.email, delayMs: 5_000, count: 1 });
      const sentAt = Date.now();
      const patience = new AbortController();

      const call = standIn.call({ body: mailTo(someone.email), signal: patience.signal });
      await expect.poll(() => standIn.control<LoggedCall[]>('GET', '/log')).toHaveLength(1);
      patience.abort(new Error('given up'));

      await expect(call).rejects.toThrow('given up');
      await expect.poll(() => standIn.mails(), { message: 'the mail goes all the same' }).toHaveLength(1);
      const [mail] = await standIn.mails();
      expect(mail?.receivedAt).toBeGreaterThanOrEqual(sentAt + 5_000);
    });
  },
);
