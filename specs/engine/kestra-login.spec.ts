import { about, expect, test, testCase } from '../../fixtures/index.ts';
import { KestraTransport } from '../../helpers/clients/kestra-transport.ts';

const purpose =
  'Who knows no login must not see what leads were sent, nor start anything but by a webhook’s key.';

test.describe(
  'the login of Kestra',
  {
    tag: '@engine',
    annotation: about({ feature: 'Safety', covers: ['4.1'], purpose, severity: 'critical' }),
  },
  () => {
    test(
      'with the login the API answers 200, without one or with another 401',
      { annotation: testCase('TC-4.11.15') },
      async ({ target }) => {
        const path = `/api/v1/main/flows/${target.namespaces.production}`;
        const as = async (login: { user?: string; password?: string }) => {
          const transport = new KestraTransport({ ...target.kestra, ...login });
          return (await transport.raw(path, { method: 'GET' })).status;
        };

        const statuses = {
          own: await as({}),
          otherPassword: await as({ password: 'Wrong-1-password' }),
          otherUser: await as({ user: 'nobody@funnel.test' }),
        };
        const without = await fetch(`${target.kestra.url}${path}`);

        expect({ ...statuses, none: without.status }).toEqual({
          own: 200,
          otherPassword: 401,
          otherUser: 401,
          none: 401,
        });
      },
    );
  },
);
