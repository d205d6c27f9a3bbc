import { about, expect, test as base } from '../../fixtures/index.ts';
import { AlertsClient } from '../../helpers/clients/alerts-client.ts';
import { offencesAt } from '../../helpers/stand-in-state.ts';
import { type RunningAlerts, startAlerts } from '../../stack/alerts/server.ts';
import { bareCall } from './bare-call.ts';

const purpose =
  'A stand-in that takes what Discord or Slack would refuse would hide alerts that nobody ever gets.';

const test = base.extend<{ standIn: RunningAlerts }>({
  standIn: async ({}, use) => {
    const standIn = await startAlerts({ discord: 'tkn-d', slack: 'tkn-s' });
    await use(standIn);
    await standIn.close();
  },
});

const post = async (url: string, body: unknown) => (await bareCall(url, { method: 'POST', body })).status;

test.describe(
  'the stand-in for Discord and Slack',
  { tag: '@harness', annotation: about({ feature: 'Harness', purpose }) },
  () => {
    test('a hook takes its own kind of message, and with wait=true Discord answers with it', async ({
      standIn,
    }) => {
      const { discord, slack } = standIn.hooks;
      const waited = await bareCall(`${discord}?wait=true`, { method: 'POST', body: { content: 'one' } });

      expect(waited).toMatchObject({ status: 200, body: { content: 'one' } });
      expect(await post(discord, { content: 'two' })).toBe(204);
      expect(await bareCall(slack, { method: 'POST', body: { text: 'three' } })).toMatchObject({
        status: 200,
        body: 'ok',
      });
    });

    test('wrong tokens and malformed messages are refused as they would be there', async ({ standIn }) => {
      const { discord, slack } = standIn.hooks;
      const statuses = {
        token: await post(`${standIn.url}/discord/other`, { content: 'x' }),
        empty: await post(discord, { content: '' }),
        long: await post(discord, { content: 'x'.repeat(2001) }),
        slackToDiscord: await post(discord, { text: 'x' }),
        slackToken: await post(`${standIn.url}/slack/other`, { text: 'x' }),
        discordToSlack: await post(slack, { content: 'x' }),
      };

      expect(statuses).toEqual({
        token: 401,
        empty: 400,
        long: 400,
        slackToDiscord: 400,
        slackToken: 403,
        discordToSlack: 400,
      });
    });

    test('what arrived is found by what it says, and only that is refused on demand', async ({ standIn }) => {
      const undone: Array<() => Promise<void>> = [];
      const alerts = new AlertsClient(standIn, (_, action) => undone.push(action));
      await alerts.refuse('lead-1', 503);

      await post(standIn.hooks.discord, { content: 'about lead-1' });
      await post(standIn.hooks.slack, { text: 'about lead-2' });
      for (const action of undone) await action();
      await post(standIn.hooks.discord, { content: 'lead-1 again' });

      expect(await alerts.saying('lead-1').read()).toMatchObject([
        { hook: 'discord', text: 'about lead-1', status: 503 },
        { hook: 'discord', text: 'lead-1 again', status: 204 },
      ]);
      expect(await alerts.saying('lead-2').read()).toMatchObject([{ hook: 'slack', status: 200 }]);
    });

    test('an untaught route fails the run, and its message tells no token', async ({ standIn }) => {
      const { status } = await bareCall(standIn.hooks.discord, { method: 'PATCH', body: {} });

      expect(status).toBe(501);
      expect(await offencesAt('It', standIn.url, 0)).toEqual([
        'It was asked for a route it does not know: PATCH /discord/…',
      ]);
    });
  },
);
