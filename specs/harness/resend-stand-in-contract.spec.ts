import { about, expect } from '../../fixtures/index.ts';
import { contractFaults, sendRequestProperties } from '../../stack/resend/published-contract.ts';
import { mailTo, test, type LoggedCall } from './resend-stand-in.ts';

test.describe(
  'the Resend stand-in against the published description',
  {
    tag: '@harness',
    annotation: about({
      feature: 'Harness',
      purpose:
        'Requests and answers are held to what Resend publishes, so that the stand-in does not drift from it.',
    }),
  },
  () => {
    test('every answer has all that is described and nothing else', async ({ standIn, someone }) => {
      const { emails, batch } = standIn.client('harness');
      const mail = { ...mailTo(someone.email), html: '<p>Hello</p>', tags: [{ name: 'number', value: '2' }] };

      const sent = await emails.send(mail);
      const scheduled = await emails.send({ ...mail, scheduledAt: 'in 2 hours' });
      const id = scheduled.data?.id ?? '';
      const sentBatch = await batch.send([mail, mail]);
      const faults = [
        contractFaults('send', 'answer', sent.data),
        contractFaults('batch', 'answer', { data: sentBatch.data?.data }),
        contractFaults('list', 'answer', (await emails.list()).data),
        contractFaults('get', 'answer', (await emails.get(id)).data),
        contractFaults('reschedule', 'answer', (await emails.update({ id, scheduledAt: 'in 3 hours' })).data),
        contractFaults('cancel', 'answer', (await emails.cancel(id)).data),
      ];

      expect(faults).toEqual([[], [], [], [], [], []]);
    });

    test('what the official client sends is described, and taken', async ({ standIn, someone }) => {
      const { emails, batch } = standIn.client('harness');
      const mail = {
        ...mailTo([someone.email]),
        cc: someone.email,
        bcc: [someone.email],
        replyTo: ['a@funnel.example', 'b@funnel.example'],
        headers: { 'X-Note': 'yes' },
        tags: [{ name: 'number', value: '2' }],
        scheduledAt: 'in 1 hour',
        topicId: 'a-topic',
      };

      const sent = await emails.send({
        ...mail,
        attachments: [{ filename: 'a.txt', content: 'YQ==', contentType: 'text/plain' }],
      });
      await batch.send([mail]);
      await emails.update({ id: sent.data?.id ?? '', scheduledAt: 'in 2 hours' });
      const [send, sendBatch, reschedule] = await standIn.control<LoggedCall[]>('GET', '/log');

      expect([send, sendBatch, reschedule]).toMatchObject([
        { status: 200 },
        { status: 200 },
        { status: 200 },
      ]);
      expect(contractFaults('send', 'request', send?.body)).toEqual([]);
      expect(contractFaults('batch', 'request', sendBatch?.body)).toEqual([]);
      expect(contractFaults('reschedule', 'request', reschedule?.body)).toEqual([]);
    });

    test('a property of a wrong type, or one that is not described, is refused', async ({
      standIn,
      someone,
    }) => {
      const mail = mailTo(someone.email);
      const wrong = [...sendRequestProperties, 'unheard_of'].map((property) => ({ ...mail, [property]: 42 }));
      const nulls = sendRequestProperties
        .filter((property) => !['template', 'topic_id'].includes(property))
        .map((property) => ({ ...mail, [property]: null }));

      const refusals = await standIn.refusals([...wrong, ...nulls].map((body) => ({ body })));

      expect(
        [...wrong, ...nulls].filter((body) => contractFaults('send', 'request', body).length === 0),
      ).toEqual([]);
      expect(
        refusals.map(([status]) => status).filter((status) => ![400, 404, 422].includes(status)),
      ).toEqual([]);
      expect(await standIn.mails(), 'nothing was sent').toEqual([]);
    });

    test('an answer that lacks a property, has one too many or one of a wrong type is noticed', async ({
      standIn,
      someone,
    }) => {
      const { emails } = standIn.client('harness');
      const sent = await emails.send(mailTo(someone.email));
      const { data: mail } = await emails.get(sent.data?.id ?? '');

      expect(contractFaults('get', 'answer', mail), 'as it is').toEqual([]);
      expect(contractFaults('get', 'answer', { ...mail, last_event: undefined })).toHaveLength(1);
      expect(contractFaults('get', 'answer', { ...mail, opens: 3 })).toHaveLength(1);
      expect(contractFaults('get', 'answer', { ...mail, last_event: 'email.sent' })).toHaveLength(1);
      expect(contractFaults('get', 'answer', { ...mail, created_at: 'yesterday' })).toHaveLength(1);
    });

    test('a client that does not name itself, or sends no JSON, is turned away', async ({
      standIn,
      someone,
    }) => {
      const nameless = await standIn.call({ body: mailTo(someone.email), headers: { 'user-agent': '' } });
      const plain = await standIn.call({
        body: mailTo(someone.email),
        headers: { 'content-type': 'text/plain' },
      });

      expect(nameless).toMatchObject({ status: 403, body: 'error code: 1010' });
      expect(plain).toMatchObject({ status: 400, body: { name: 'validation_error' } });
      expect((await standIn.call({ body: mailTo(someone.email) })).status).toBe(200);
    });
  },
);
