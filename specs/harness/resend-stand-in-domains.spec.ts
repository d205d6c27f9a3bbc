import { about, expect } from '../../fixtures/index.ts';
import { test } from './resend-stand-in.ts';

test.describe(
  'the domains of the Resend stand-in',
  {
    tag: '@harness',
    annotation: about({
      feature: 'Harness',
      purpose:
        'The doctor looks up the sender’s domain: what it is told must have the shape of Resend’s answer.',
    }),
  },
  () => {
    test('are listed to Resend’s own client', async ({ standIn }) => {
      const { data, error } = await standIn.client('harness').domains.list();

      expect(error).toBeNull();
      expect(data).toEqual({
        object: 'list',
        has_more: false,
        data: [
          {
            id: expect.stringMatching(/^[0-9a-f-]{36}$/),
            name: 'funnel.test',
            status: 'verified',
            created_at: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}\+00$/),
            region: 'eu-west-1',
            capabilities: { sending: 'enabled', receiving: 'disabled' },
          },
        ],
      });
    });

    test('are kept from a key that may only send', async ({ standIn }) => {
      const { error } = await standIn.client('kestra').domains.list();

      expect(error).toMatchObject({ statusCode: 401, name: 'restricted_api_key' });
    });
  },
);
