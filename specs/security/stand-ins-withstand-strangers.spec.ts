import { about, expect, test } from '../../fixtures/index.ts';
import { TEST_MAILBOX } from '../../helpers/test-mailbox.ts';
import { startAlerts } from '../../stack/alerts/server.ts';
import { startNotion } from '../../stack/notion/server.ts';
import { startResend } from '../../stack/resend/server.ts';
import { isUntaught, withstandsStrangers } from './strangers.ts';

const purpose =
  'Who works on the funnel has these servers open all day: no page on the Internet and no stray program may break or read them.';

const TOKEN = 'a-token';
const authorization = ['Authorization', `Bearer ${TOKEN}`] as const;
/** A fault for somebody whom no request names. */
const fault = { lead: 'nobody@funnel.invalid', method: 'POST', path: '/v1', status: 429, count: 1 };

test.describe(
  'stand-ins and strangers',
  { tag: '@safety', annotation: about({ feature: 'Harness', purpose }) },
  () => {
    test('the Notion stand-in withstands what a stranger may send', async ({ seed, afterwards }) => {
      const notion = await startNotion({ tokens: [TOKEN] });
      afterwards.undo('the Notion of this test', () => notion.close());
      const row = {
        Email: { email: 'ada@mail.test' },
        first_name: { title: [{ text: { content: 'Ada' } }] },
      };
      const doorplate = {
        headers: [authorization, ['Notion-Version', '2025-09-03']] as const,
        routes: [
          { method: 'GET', path: '/v1/users/me' },
          { method: 'GET', path: '/v1/databases/*' },
          { method: 'GET', path: `/v1/databases/${notion.databases.contacts}` },
          {
            method: 'POST',
            path: '/v1/data_sources/*/query',
            body: { filter: { property: 'Email', email: { equals: 'ada@mail.test' } }, page_size: 10 },
          },
          {
            method: 'POST',
            path: '/v1/pages',
            body: { parent: { database_id: notion.databases.contacts }, properties: row },
          },
          { method: 'PATCH', path: '/v1/pages/*', body: { properties: row, in_trash: false } },
          { method: 'GET', path: '/v1/blocks/*/children' },
          { method: 'POST', path: '/_control/faults', body: fault },
          { method: 'DELETE', path: '/_control/faults/*' },
          { method: 'POST', path: '/_control/clock', body: { offsetMs: 1_000 } },
          { method: 'POST', path: '/_control/seed', body: [{ database: 'contacts', values: row }] },
          { method: 'GET', path: '/_control/rows' },
          { method: 'GET', path: '/_control/tables' },
        ],
      };

      await withstandsStrangers(notion.url, doorplate, seed, {
        pages: ['/_control/tables', '/_control/log', '/_control/state', '/_control/rows?database=contacts'],
        meant: isUntaught,
      });
    });

    test('the Resend stand-in withstands what a stranger may send', async ({ seed, afterwards }) => {
      const resend = await startResend({
        keys: [{ key: TOKEN, name: 'kestra', permission: 'full_access' }],
        testMailbox: TEST_MAILBOX,
      });
      afterwards.undo('the Resend of this test', () => resend.close());
      const mail = {
        from: 'The funnel <mails@funnel.example>',
        to: [TEST_MAILBOX],
        subject: 'A mail',
        html: '<p>x</p>',
        text: 'x',
        headers: { 'X-One': 'a' },
        tags: [{ name: 'a', value: 'b' }],
      };
      const doorplate = {
        headers: [authorization, ['User-Agent', 'somebody']] as const,
        routes: [
          { method: 'POST', path: '/emails', body: mail },
          { method: 'POST', path: '/emails/batch', body: [mail] },
          { method: 'GET', path: '/emails' },
          { method: 'GET', path: '/emails/*' },
          { method: 'PATCH', path: '/emails/*', body: { scheduled_at: 'in 1 min' } },
          { method: 'POST', path: '/emails/*/cancel' },
          { method: 'GET', path: '/domains' },
          { method: 'POST', path: '/_control/faults', body: fault },
          { method: 'POST', path: '/_control/clock', body: { offsetMs: 1_000 } },
          {
            method: 'POST',
            path: '/_control/seed',
            body: { mails: [{ sender: 'kestra', request: mail, receivedAt: 1 }] },
          },
          { method: 'POST', path: '/_control/forget-idempotency', body: { lead: 'ada@mail.test' } },
          { method: 'GET', path: '/_control/mails' },
          { method: 'GET', path: '/_control/mails/*/html' },
          { method: 'GET', path: '/_control/inbox' },
        ],
      };

      await withstandsStrangers(resend.url, doorplate, seed, {
        pages: ['/_control/inbox', '/_control/log', '/_control/mails', '/_control/state'],
        meant: isUntaught,
      });
    });

    test('the stand-in for Discord and Slack withstands what a stranger may send', async ({
      seed,
      afterwards,
    }) => {
      const alerts = await startAlerts({ discord: TOKEN, slack: TOKEN });
      afterwards.undo('the alerts of this test', () => alerts.close());
      const doorplate = {
        headers: [],
        routes: [
          { method: 'POST', path: `/discord/${TOKEN}`, body: { content: 'x' } },
          { method: 'POST', path: '/discord/*', body: { content: 'x' } },
          { method: 'POST', path: `/slack/${TOKEN}`, body: { text: 'x' } },
          { method: 'POST', path: '/_control/faults', body: { containing: 'lead-1', status: 404 } },
          { method: 'DELETE', path: '/_control/faults/*' },
          { method: 'GET', path: '/_control/alerts' },
        ],
      };

      await withstandsStrangers(alerts.url, doorplate, seed, {
        pages: ['/_control/alerts', '/_control/state'],
        meant: isUntaught,
      });
    });

    test('what came without a token is not kept, and a body of any size is answered in its time', async ({
      afterwards,
    }) => {
      const notion = await startNotion({ tokens: [TOKEN] });
      const resend = await startResend({ keys: [], testMailbox: TEST_MAILBOX });
      const alerts = await startAlerts({ discord: TOKEN, slack: TOKEN });
      for (const one of [notion, resend, alerts])
        afterwards.undo('a stand-in of this test', () => one.close());
      const doors = [`${notion.url}/v1/pages`, `${resend.url}/emails`, `${alerts.url}/slack/wrong`];
      const post = async (url: string, body: string) =>
        (await fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/json' } })).status;

      const small = await Promise.all(doors.map((door) => post(door, '"remember me"')));
      const large = await Promise.all(doors.map((door) => post(door, 'a'.repeat(8_000_000))));
      const kept = await Promise.all(
        [`${notion.url}/_control/log`, `${resend.url}/_control/log`, `${alerts.url}/_control/alerts`].map(
          async (page) => (await fetch(page)).text(),
        ),
      );

      expect(small).toEqual([401, 401, 403]);
      expect(large).toEqual([413, 413, 413]);
      expect(kept.filter((text) => text.includes('remember me'))).toEqual([]);
    });

    test('no page on the Internet can use a stand-in through somebody’s browser', async ({ afterwards }) => {
      const notion = await startNotion({ tokens: [TOKEN] });
      const resend = await startResend({ keys: [], testMailbox: TEST_MAILBOX });
      const alerts = await startAlerts({ discord: TOKEN, slack: TOKEN });
      for (const one of [notion, resend, alerts])
        afterwards.undo('a stand-in of this test', () => one.close());
      const ask = async (url: string, path: string, init: RequestInit): Promise<number> =>
        (await fetch(`${url}/_control${path}`, init)).status;
      const reset = { method: 'POST' };

      const statuses = await Promise.all([
        ask(notion.url, '/reset', { ...reset, headers: { 'sec-fetch-site': 'cross-site' } }),
        ask(resend.url, '/reset', { ...reset, headers: { 'sec-fetch-site': 'same-site' } }),
        ask(alerts.url, '/faults', { ...reset, headers: { 'sec-fetch-site': 'cross-site' } }),
        ask(notion.url, '/reset', { ...reset, headers: { 'sec-fetch-site': 'same-origin' } }),
      ]);

      expect(statuses).toEqual([403, 403, 403, 204]);
    });
  },
);
