import { about, expect } from '../../fixtures/index.ts';
import { mailTo, test } from './resend-stand-in.ts';

test.describe(
  'the rate limit of the Resend stand-in',
  {
    tag: '@harness',
    annotation: about({
      feature: 'Harness',
      purpose:
        'Resend counts the calls of website and Kestra together; a limit counted otherwise would hide refusals.',
    }),
  },
  () => {
    test.use({ rateLimitPerSecond: 2 });

    test('every answer tells the limit, refusals included', async ({ standIn, someone }) => {
      const answers = [
        await standIn.call({ body: mailTo(someone.email) }),
        await standIn.call({ body: mailTo(someone.email), key: 're_unknown' }),
        await standIn.call({ key: 're_harness', method: 'GET', path: '/nowhere' }),
      ];

      expect(answers.map(({ status }) => status)).toEqual([200, 403, 501]);
      expect(answers.map(({ headers }) => headers)).toEqual(
        answers.map(
          () =>
            expect.objectContaining({
              'ratelimit-limit': '2',
              'ratelimit-remaining': expect.stringMatching(/^[012]$/),
              'ratelimit-reset': '1',
              'ratelimit-policy': '2;w=1',
            }) as unknown,
        ),
      );
    });

    test('calls beyond the limit within a second are refused, all keys together, and taken a second later', async ({
      standIn,
      someone,
    }) => {
      const send = (key: string) => standIn.call({ body: mailTo(someone.email), key });

      const burst = await Promise.all(
        Array.from({ length: 10 }, () => ['re_website', 're_kestra', 're_harness'])
          .flat()
          .map(send),
      );
      const refused = burst.filter(({ status }) => status === 429);
      await standIn.control('POST', '/clock', { offsetMs: 5_000 });
      const later = await send('re_kestra');
      // How many pass depends on how many seconds the burst takes.
      expect(refused.length, 'refused').toBeGreaterThan(0);
      expect(refused[0]).toMatchObject({
        headers: { 'retry-after': '1' },
        body: { statusCode: 429, name: 'rate_limit_exceeded' },
      });
      expect(later.status).toBe(200);
      expect(await standIn.mails()).toHaveLength(burst.length - refused.length + 1);
    });
  },
);
