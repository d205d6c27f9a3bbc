import { about, expect } from '../../fixtures/index.ts';
import { type WebhookCall, WebhookClient } from '../../helpers/clients/webhook-client.ts';
import { makeLead } from '../../helpers/factories/lead.ts';
import { resolverOf } from '../../helpers/where.ts';
import { type FakeKestra, test } from './fake-kestra.ts';
import { failureOf } from './failure-of.ts';

const purpose = 'No run may write to a person outside the test mailbox, nor show a webhook’s key.';
const inbox = 'tester@funnel.test';
const key = 'kept-secret';

function clientOf({ transport }: FakeKestra) {
  const calls: WebhookCall[] = [];
  const client = new WebhookClient({
    transport,
    keys: { signup: key, assessment: key, noshow: key, postcall: key, onboarding: key },
    testMailbox: inbox,
    resolve: resolverOf({ production: 'christmas', testing: 'christmas.testing' }, 'testing'),
    onCall: (call) => calls.push(call),
  });
  return { client, calls };
}

test.describe(
  'webhook client',
  { tag: '@harness', annotation: about({ feature: 'Harness', purpose, severity: 'critical' }) },
  () => {
    test('it posts to the deployment that is meant and notes the call without its key', async ({
      fakeKestra,
    }) => {
      fakeKestra.routes.post('/executions/webhook/*', (context) => context.json({ id: 'e1' }));
      const { client, calls } = clientOf(fakeKestra);
      const lead = makeLead(inbox);

      const { executionId } = await client.assessment(lead, { email1SentAt: '2025-12-01T10:00:00Z' });
      await client.send('signup', '{ not json', { mode: 'production' });

      expect(executionId).toBe('e1');
      expect(fakeKestra.calls).toEqual([
        `POST /executions/webhook/christmas.testing/assessment-handler/${key}`,
        `POST /executions/webhook/christmas/signup-handler/${key}`,
      ]);
      expect(calls[0]?.body).toContain('"email_1_sent_at":"2025-12-01T10:00:00Z"');
      expect(calls[1]?.body).toBe('{ not json');
      expect(JSON.stringify(calls)).not.toContain(key);
    });

    test('a raw call shows any answer, a convenience call throws without the key', async ({ fakeKestra }) => {
      fakeKestra.routes.post('/executions/webhook/*', (context) =>
        context.json({ message: 'Not Found' }, 404),
      );
      const { client } = clientOf(fakeKestra);

      const answer = await client.send('signup', {});
      const message = await failureOf(() => client.signup(makeLead(inbox)));

      expect(answer).toMatchObject({ status: 404 });
      expect(answer.executionId).toBeUndefined();
      expect(message).toContain('answered 404');
      expect(message).not.toContain(key);
    });

    test('it refuses a deliverable address of anybody else, wherever it stands', async ({ fakeKestra }) => {
      const { client } = clientOf(fakeKestra);
      const bodies: unknown[] = [
        { email: 'someone@else.test' },
        { email: 'tester@funnel.test.evil.test' },
        { email: 'xtester@funnel.test' },
        { nested: [{ deep: 'Ada <ada@else.test>' }] },
        { 'ada@else.test': 1 },
        '{"email":"ada\\u0040else.test"}',
        'email=ada%40else.test',
        'plain words to ada@else.test',
      ];

      const messages = await Promise.all(bodies.map((body) => failureOf(() => client.send('signup', body))));

      expect(
        messages.filter((message) => message.startsWith('Not sent: the body holds addresses')),
      ).toHaveLength(bodies.length);
      expect(fakeKestra.calls).toEqual([]);
    });

    test('it lets the test mailbox and malformed addresses through', async ({ fakeKestra }) => {
      fakeKestra.routes.post('/executions/webhook/*', (context) => context.json({ id: 'e1' }));
      const { client } = clientOf(fakeKestra);
      const bodies = [
        inbox,
        'Tester+x1@Funnel.test',
        'tester+x1',
        'tester+x1@',
        '@funnel.test',
        'tester@funnel',
      ];

      for (const email of bodies) await client.send('signup', { email });
      await client.send('signup', undefined);

      expect(fakeKestra.calls).toHaveLength(bodies.length + 1);
    });
  },
);
