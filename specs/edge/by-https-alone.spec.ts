import { about, expect, test } from '../../fixtures/index.ts';
import { webhookPath } from '../../helpers/clients/edge-client.ts';

const purpose =
  'A webhook’s key or a lead’s answers sent in plain, or a certificate that ran out over Christmas: leads lost or read by others.';
const DAY_MS = 24 * 3_600_000;
const HALF_A_YEAR_S = 180 * 24 * 3_600;

test.describe(
  'Kestra’s public address, by HTTPS alone',
  {
    tag: ['@edge', '@blocked:traefik-domain'],
    annotation: about({ feature: 'Safety', covers: ['4.13'], purpose, severity: 'critical' }),
  },
  () => {
    test('plain HTTP redirects for good to the same path by HTTPS, calls of webhooks too', async ({
      edge,
    }) => {
      const paths = { page: '/ui/', webhook: webhookPath('no-such-key') };

      const page = await edge.askInPlain(paths.page);
      const webhook = await edge.askInPlain(paths.webhook, { method: 'POST' });

      expect([301, 308], 'a lasting redirect of pages').toContain(page.status);
      expect([301, 308], 'a lasting redirect of webhooks').toContain(webhook.status);
      expect([page.headers['location'], webhook.headers['location']]).toEqual([
        `${edge.url}${paths.page}`,
        `${edge.url}${paths.webhook}`,
      ]);
    });

    test('the certificate is trusted, and valid for 14 days more', async ({ edge }) => {
      const { refusedBecause, validUntil } = await edge.certificate();

      expect(refusedBecause, 'why clients would refuse it').toBeUndefined();
      expect(
        (validUntil.getTime() - Date.now()) / DAY_MS,
        `days left; it ends ${validUntil.toISOString()}`,
      ).toBeGreaterThan(14);
    });

    test('each answer has the headers that keep browsers safe', async ({ edge }) => {
      const answers = [await edge.ask('/ui/'), await edge.ask('/api/v1/main/flows/search')];

      for (const { headers } of answers) {
        const hsts = Number(/max-age=(\d+)/.exec(String(headers['strict-transport-security']))?.[1] ?? 0);
        expect(hsts, 'seconds in which browsers use HTTPS alone').toBeGreaterThanOrEqual(HALF_A_YEAR_S);
        expect(headers['x-content-type-options'], 'no guessing of types').toBe('nosniff');
        expect(headers['x-frame-options'], 'no frames of others').toMatch(/^(DENY|SAMEORIGIN)$/);
        expect(headers['referrer-policy'], 'no addresses told to others').toMatch(
          /^(no-referrer|same-origin|strict-origin(-when-cross-origin)?)$/,
        );
      }
    });
  },
);
