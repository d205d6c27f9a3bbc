import { about, expect } from '../../fixtures/index.ts';
import { mailTo, test } from './resend-stand-in.ts';

test.describe(
  'the Resend stand-in, to the official client',
  {
    tag: '@harness',
    annotation: about({
      feature: 'Harness',
      purpose: 'A stand-in that Resend’s own client cannot use would prove nothing about the real service.',
    }),
  },
  () => {
    test('takes a mail with all its parts and gives it back unchanged', async ({ standIn, someone }) => {
      const mail = {
        ...mailTo(someone.email),
        cc: [someone.email],
        bcc: someone.email,
        replyTo: 'answers@funnel.example',
        html: '<p>Grüße, <b>Ada</b></p>',
        headers: { 'X-Campaign': 'christmas' },
        tags: [{ name: 'email_number', value: '2' }],
        attachments: [{ filename: 'report.txt', content: 'cmVwb3J0' }],
      };

      const { data, error } = await standIn.client('kestra').emails.send(mail);
      const read = await standIn.client('harness').emails.get(data?.id ?? '');

      expect(error).toBeNull();
      expect(read.data).toMatchObject({
        object: 'email',
        id: data?.id,
        from: mail.from,
        to: [someone.email],
        cc: [someone.email],
        bcc: [someone.email],
        reply_to: ['answers@funnel.example'],
        subject: mail.subject,
        html: mail.html,
        text: mail.text,
        tags: mail.tags,
        last_event: 'delivered',
        scheduled_at: null,
        created_at: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}\+00$/),
      });
    });

    test('takes a batch whole or not at all', async ({ standIn, someone }) => {
      const good = mailTo(someone.email);

      const taken = await standIn.client('kestra').batch.send([good, { ...good, subject: 'Another' }]);
      const refused = await standIn.client('kestra').batch.send([good, { ...good, subject: '' }]);
      const tooMany = await standIn.client('kestra').batch.send(Array.from({ length: 101 }, () => good));

      expect(taken.data?.data.map(({ id }) => id)).toEqual((await standIn.mails()).map(({ id }) => id));
      expect(refused.error).toMatchObject({ statusCode: 422, name: 'missing_required_field' });
      expect(tooMany.error).toMatchObject({ statusCode: 422, name: 'validation_error' });
      expect(await standIn.mails(), 'only the good batch was sent').toHaveLength(2);
    });

    test('lists mails newest first, page by page in both directions', async ({ standIn, someone }) => {
      const { emails } = standIn.client('harness');
      const subjects = ['first', 'second', 'third', 'fourth', 'fifth'];
      for (const subject of subjects) await emails.send({ ...mailTo(someone.email), subject });
      const subjectsOf = (page: Awaited<ReturnType<typeof emails.list>>) => ({
        subjects: page.data?.data.map(({ subject }) => subject),
        more: page.data?.has_more,
      });

      const newest = await emails.list({ limit: 2 });
      const older = await emails.list({ limit: 2, after: newest.data?.data[1]?.id ?? '' });
      const oldest = await emails.list({ limit: 2, after: older.data?.data[1]?.id ?? '' });
      const back = await emails.list({ limit: 2, before: oldest.data?.data[0]?.id ?? '' });

      expect(subjectsOf(newest)).toEqual({ subjects: ['fifth', 'fourth'], more: true });
      expect(subjectsOf(older)).toEqual({ subjects: ['third', 'second'], more: true });
      expect(subjectsOf(oldest)).toEqual({ subjects: ['first'], more: false });
      expect(subjectsOf(back)).toEqual({ subjects: ['third', 'second'], more: true });
      expect((await emails.list({ limit: 101 })).error).toMatchObject({ statusCode: 422 });
    });

    test('holds a scheduled mail back, moves it, and cancels it only while it waits', async ({
      standIn,
      someone,
    }) => {
      const { emails } = standIn.client('harness');
      const lastEventOf = async (id: string) => (await emails.get(id)).data?.last_event;
      const inAnHour = new Date(Date.now() + 3_600_000).toISOString();
      const moved = (await emails.send({ ...mailTo(someone.email), scheduledAt: 'in 1 min' })).data?.id ?? '';
      const canceled =
        (await emails.send({ ...mailTo(someone.email), scheduledAt: inAnHour })).data?.id ?? '';

      expect((await emails.update({ id: moved, scheduledAt: inAnHour })).data).toEqual({
        object: 'email',
        id: moved,
      });
      expect((await emails.cancel(canceled)).data).toEqual({ object: 'email', id: canceled });
      expect(await lastEventOf(moved), 'an hour before').toBe('scheduled');
      await standIn.control('POST', '/clock', { offsetMs: 3_601_000 });

      expect(await lastEventOf(moved), 'when it is due').toBe('delivered');
      expect(await lastEventOf(canceled)).toBe('canceled');
      expect((await emails.cancel(moved)).error).toMatchObject({ statusCode: 422, name: 'validation_error' });
      expect((await emails.update({ id: canceled, scheduledAt: 'in 5 days' })).error).toMatchObject({
        statusCode: 422,
      });
    });

    test('answers what it does not have, or cannot read, in Resend’s words', async ({ standIn }) => {
      const { emails } = standIn.client('harness');

      const unknown = await emails.get('00000000-0000-4000-8000-000000000000');
      const notAnId = await emails.get('latest');
      const unparseable = await standIn.call({ raw: '{"from":' });
      const template = await emails.send({
        from: 'mails@funnel.example',
        to: 'delivered@funnel.example',
        subject: 'From a template',
        template: { id: 'nobody-published-this' },
      });

      expect(unknown.error).toEqual({ statusCode: 404, name: 'not_found', message: 'Email not found' });
      expect(notAnId.error).toMatchObject({ statusCode: 422, name: 'invalid_parameter' });
      expect(unparseable).toMatchObject({ status: 400, body: { statusCode: 400, name: 'validation_error' } });
      expect(template.error).toMatchObject({ statusCode: 404, name: 'not_found' });
    });
  },
);
