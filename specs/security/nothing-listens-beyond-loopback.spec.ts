import { createServer } from 'node:net';
import { once } from 'node:events';
import { about, expect, test } from '../../fixtures/index.ts';
import { need } from '../../helpers/target.ts';
import { isLoopbackAddress, listeningAddresses, ownStack } from './listening.ts';

const purpose =
  'Stand-ins, website and engine hold keys and leads: nobody on the same network may reach them.';

test.describe(
  'what a stack listens at',
  { tag: '@safety', annotation: about({ feature: 'Harness', purpose, severity: 'critical' }) },
  () => {
    test('every port of the stack and of all that it started is at the loopback address', async ({
      target,
    }, testInfo) => {
      need(target, 'tells-ports', testInfo);
      const { pid, kestra, notion, resend, alerts, websites } = ownStack();

      const addresses = listeningAddresses(pid);

      const ports = addresses.map((address) => Number.parseInt(address.split(':')[1] ?? '', 16));
      const own = [notion, resend, alerts, { url: websites.testing }, { url: websites.production }];
      const told = [...own, { url: kestra.url }, { url: kestra.managementUrl }];
      expect(ports).toEqual(expect.arrayContaining(told.map(({ url }) => Number(new URL(url).port))));
      expect(addresses.filter((address) => !isLoopbackAddress(address))).toEqual([]);
    });

    test('a port that is open to others is seen', async ({ target }, testInfo) => {
      need(target, 'tells-ports', testInfo);
      const open = createServer().listen(0, '0.0.0.0');
      await once(open, 'listening');
      const addresses = listeningAddresses(process.pid);
      open.close();

      expect(addresses.filter((address) => !isLoopbackAddress(address))).toHaveLength(1);
    });
  },
);
