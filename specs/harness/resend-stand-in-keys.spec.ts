import { about, expect } from '../../fixtures/index.ts';
import { mailTo, test, type ControlState, type LoggedCall } from './resend-stand-in.ts';

test.describe(
  'the keys of the Resend stand-in',
  {
    tag: '@harness',
    annotation: about({
      feature: 'Harness',
      purpose:
        'Who sent a mail is known by its key alone, so a key that is not checked would hide a wrong sender.',
      severity: 'critical',
    }),
  },
  () => {
    test('a mail keeps the name of the key that sent it', async ({ standIn, someone }) => {
      await standIn.client('website').emails.send({ ...mailTo(someone.email), subject: 'By the website' });
      await standIn.call({
        body: { ...mailTo(someone.email), subject: 'By Kestra' },
        headers: { 'Idempotency-Key': 'a key', 'X-Correlation-Id': 'an execution' },
      });

      const mails = await standIn.mails(`?to=${encodeURIComponent(someone.email)}`);

      expect(mails).toMatchObject([
        { subject: 'By the website', sender: 'website' },
        { subject: 'By Kestra', sender: 'kestra', idempotencyKey: 'a key', correlationId: 'an execution' },
      ]);
      expect(await standIn.mails('?sender=kestra')).toHaveLength(1);
      expect(await standIn.mails(`?since=${Date.now() + 60_000}`)).toHaveLength(0);
    });

    test('a missing or unknown key is refused before anything else is looked at', async ({
      standIn,
      someone,
    }) => {
      const refusals = await standIn.refusals([
        { key: '', body: mailTo(someone.email) },
        { key: 're_unknown', body: mailTo(someone.email) },
        { key: 're_unknown', raw: 'not JSON' },
        { key: 're_unknown', path: '/nowhere' },
      ]);

      expect(refusals).toEqual([
        [401, 'missing_api_key'],
        [403, 'invalid_api_key'],
        [403, 'invalid_api_key'],
        [403, 'invalid_api_key'],
      ]);
      expect(await standIn.mails(), 'nothing was sent').toEqual([]);
      expect((await standIn.call({ body: mailTo(someone.email) })).status, 'with a key it is').toBe(200);
    });

    test('a sending key sends and does nothing else', async ({ standIn, someone }) => {
      const kestra = standIn.client('kestra');

      const sent = await kestra.emails.send(mailTo(someone.email));

      const restricted = { statusCode: 401, name: 'restricted_api_key' };
      expect(sent.error).toBeNull();
      expect((await kestra.emails.get(sent.data?.id ?? '')).error).toMatchObject(restricted);
      expect((await kestra.emails.list()).error).toMatchObject(restricted);
      expect((await kestra.emails.cancel(sent.data?.id ?? '')).error).toMatchObject(restricted);
      expect((await standIn.client('harness').emails.get(sent.data?.id ?? '')).error).toBeNull();
    });

    test('a route or method nobody taught is answered 501 or 405 and remembered', async ({ standIn }) => {
      const harness = { key: 're_harness' };

      const refusals = await standIn.refusals([
        { ...harness, method: 'GET', path: '/audiences' },
        { ...harness, method: 'GET', path: '/emails/receiving' },
        { ...harness, method: 'GET', path: '/emails/' },
        { ...harness, method: 'DELETE', path: '/emails' },
        { ...harness, method: 'GET', path: '/emails/batch' },
      ]);
      const { untaught } = await standIn.control<ControlState>('GET', '/state');

      expect(refusals).toEqual([
        [501, 'not_implemented'],
        [501, 'not_implemented'],
        [501, 'not_implemented'],
        [405, 'method_not_allowed'],
        [405, 'method_not_allowed'],
      ]);
      expect(untaught.map(({ method, path }) => `${method} ${path}`)).toEqual([
        'GET /audiences',
        'GET /emails/receiving',
        'GET /emails/',
        'DELETE /emails',
        'GET /emails/batch',
      ]);
    });

    test('every call is logged with its key’s name and never with the key', async ({ standIn, someone }) => {
      await standIn.call({ body: mailTo(someone.email) });
      await standIn.call({ body: { ...mailTo(someone.email), subject: '' } });
      await standIn.call({ body: mailTo(someone.email), key: 're_unknown' });
      await standIn.call({ body: mailTo(`someone-else+${someone.email}`) });

      const calls = await standIn.control<LoggedCall[]>(
        'GET',
        `/log?lead=${encodeURIComponent(someone.email)}`,
      );

      expect(calls).toMatchObject([
        {
          method: 'POST',
          path: '/emails',
          status: 200,
          who: 'kestra',
          lead: someone.email,
          body: { subject: 'A mail' },
        },
        { status: 422, who: 'kestra' },
        { status: 403, who: null },
      ]);
      expect(JSON.stringify(await standIn.control('GET', '/log'))).not.toContain('re_');
    });
  },
);
