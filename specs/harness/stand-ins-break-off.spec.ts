import { about, expect, test as base } from '../../fixtures/index.ts';
import { TEST_MAILBOX } from '../../helpers/test-mailbox.ts';
import { startNotion } from '../../stack/notion/server.ts';
import { startResend } from '../../stack/resend/server.ts';
import { bareCall, type Call } from './bare-call.ts';
import { mailTo } from './resend-stand-in.ts';

const purpose =
  'A service that goes away in the middle of a call, and comes back, must have kept what it took, as the real ones do.';

interface StandIn {
  call(call: Call): ReturnType<typeof bareCall>;
  close(): Promise<void>;
  reopen(): Promise<void>;
}

const test = base.extend<{ ownNotion: StandIn & { contacts: string }; ownResend: StandIn }>({
  ownNotion: async ({}, use) => {
    const server = await startNotion({ tokens: ['ntn'] });
    const headers = { authorization: 'Bearer ntn', 'notion-version': '2025-09-03' };
    const call = ({ path = '', ...rest }: Call) => bareCall(`${server.url}${path}`, { headers, ...rest });
    await use({
      call,
      close: () => server.close(),
      reopen: () => server.reopen(),
      contacts: server.databases.contacts,
    });
    await server.close();
  },
  ownResend: async ({}, use) => {
    const server = await startResend({
      keys: [{ key: 're', name: 'kestra', permission: 'sending_access' }],
      testMailbox: TEST_MAILBOX,
    });
    const headers = { authorization: 'Bearer re', 'user-agent': 'specs', 'idempotency-key': 'one' };
    const call = ({ path = '/emails', ...rest }: Call) =>
      bareCall(`${server.url}${path}`, { headers, ...rest });
    await use({ call, close: () => server.close(), reopen: () => server.reopen() });
    await server.close();
  },
});

test.describe(
  'stand-ins that break off and come back',
  { tag: '@harness', annotation: about({ feature: 'Harness', purpose }) },
  () => {
    test('an answer of Notion’s is cut half-way, once, and what was asked is done', async ({
      ownNotion,
      lead,
    }) => {
      const create = {
        method: 'POST' as const,
        path: '/v1/pages',
        body: {
          parent: { type: 'database_id', database_id: ownNotion.contacts },
          properties: { Email: { email: lead.email } },
        },
      };
      const path = `/_control/rows?database=contacts&email=${encodeURIComponent(lead.email)}`;
      await ownNotion.call({
        method: 'POST',
        path: '/_control/faults',
        body: { lead: lead.email, cut: true, count: 1 },
      });

      await expect(ownNotion.call(create), 'half an answer').rejects.toThrow(
        /other side closed|terminated|aborted/,
      );
      expect((await ownNotion.call({ path })).body, 'made all the same').toHaveLength(1);
      expect((await ownNotion.call(create)).status, 'the next is whole').toBe(200);
    });

    test('an answer of Resend’s is cut half-way, once, and the mail is taken', async ({
      ownResend,
      lead,
    }) => {
      await ownResend.call({
        method: 'POST',
        path: '/_control/faults',
        body: { lead: lead.email, cut: true, count: 1 },
      });
      const send = { method: 'POST' as const, body: mailTo(lead.email) };

      await expect(ownResend.call(send), 'half an answer').rejects.toThrow(
        /other side closed|terminated|aborted/,
      );
      const again = await ownResend.call(send);
      const { body: mails } = await ownResend.call({ path: '/_control/mails' });
      expect(mails, 'one mail, whose id the second try is told').toEqual([
        expect.objectContaining(again.body as { id: string }),
      ]);
    });

    test('a stand-in that ended refuses calls, and back again it has forgotten nothing', async ({
      ownNotion,
      ownResend,
      lead,
    }) => {
      const send = { method: 'POST' as const, body: mailTo(lead.email) };
      const taken = await ownResend.call(send);
      await ownNotion.close();
      await ownResend.close();

      await expect(ownNotion.call({ path: '/v1/users/me' })).rejects.toThrow(/ECONNREFUSED/);
      await expect(ownResend.call(send)).rejects.toThrow(/ECONNREFUSED/);
      await ownNotion.reopen();
      await ownResend.reopen();
      expect((await ownNotion.call({ path: '/v1/users/me' })).status).toBe(200);
      expect((await ownResend.call(send)).body, 'the same mail by its key').toEqual(taken.body);
    });
  },
);
