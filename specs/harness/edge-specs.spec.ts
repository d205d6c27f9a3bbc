import { about, expect, test } from '../../fixtures/index.ts';
import { nestedRun } from '../../helpers/nested-run.ts';
import { type EdgeFaults, onEdge } from './edge-server.ts';

const purpose =
  'The specs of Kestra’s public address run for the first time on the day it goes live; each must be able to tell a fault.';

const REDIRECT = 'plain HTTP redirects for good to the same path by HTTPS, calls of webhooks too';
const CERTIFICATE = 'the certificate is trusted, and valid for 14 days more';
const HEADERS = 'each answer has the headers that keep browsers safe';
const WRONG_KEY =
  'a webhook with a wrong key answers 404 without asking for a login, and the answer is Kestra’s';
const API = 'without a login the API answers 401, and with a wrong one';
const UI = 'without a login the UI shows nothing but the way to log in';
const LIMIT = 'a burst of calls with wrong keys is answered 429, and the webhook opens again';
const ALL = [REDIRECT, CERTIFICATE, HEADERS, WRONG_KEY, API, UI, LIMIT];

const OPEN = { OPEN_GATES: '@blocked:traefik-domain' };
const EDGE = ['--project=edge'];

test.describe(
  'specs of the public address',
  { tag: '@harness', annotation: about({ feature: 'Harness', purpose }) },
  () => {
    /** The titles of the specs that are red on an edge with these faults. */
    const redOn = async (folder: (name: string) => string, faults: EdgeFaults): Promise<string[]> => {
      const { ends } = await onEdge(folder('edge.pem'), faults, (variables) =>
        nestedRun(folder('reports'), { ...OPEN, ...variables }, EDGE),
      );
      expect(Object.keys(ends).toSorted(), 'all ran').toEqual(ALL.toSorted());
      return Object.entries(ends).flatMap(([title, end]) => (end === 'passed, expected' ? [] : [title]));
    };

    test('without a domain they are gated, and the run says what is missing', async ({}, testInfo) => {
      const run = await nestedRun(testInfo.outputPath('reports'), { OPEN_GATES: '' }, EDGE);

      expect(run.code, run.output).toBe(0);
      expect(new Set(Object.values(run.ends))).toEqual(new Set(['skipped, skipped']));
      expect(run.output).toContain(
        '@blocked:traefik-domain  since 2025-11-30, whoever runs the homelab owes: a domain',
      );
    });

    test('on a good edge all pass, and without an address an opened gate says so', async ({}, testInfo) => {
      const folder = (name: string) => testInfo.outputPath(name);
      const nowhere = await nestedRun(folder('nowhere'), OPEN, [...EDGE, '-g', CERTIFICATE]);

      expect(await redOn(folder, {})).toEqual([]);
      expect(nowhere.output).toContain('EDGE_URL is missing: give the public https address of Traefik.');
    });

    test('an edge that is open in plain, or whose certificate or headers are not as they should be, has just that spec red', async ({}, testInfo) => {
      const found: Record<string, string[]> = {};
      const faults: Record<string, EdgeFaults> = {
        'no redirect': { redirects: 'nowhere' },
        'a redirect for now': { redirects: 'for-now' },
        'a redirect to the front page': { redirects: 'elsewhere' },
        'a certificate that ends in 13 days': { daysLeft: 13 },
        'no HSTS': { lacksHeader: 'strict-transport-security' },
      };
      for (const [name, fault] of Object.entries(faults)) {
        found[name] = await redOn((file) => testInfo.outputPath(name, file), fault);
      }

      expect(found).toEqual({
        'no redirect': [REDIRECT],
        'a redirect for now': [REDIRECT],
        'a redirect to the front page': [REDIRECT],
        'a certificate that ends in 13 days': [CERTIFICATE],
        'no HSTS': [HEADERS],
      });
    });

    test('an edge whose doors are too far open, or shut, has just that spec red', async ({}, testInfo) => {
      const found: Record<string, string[]> = {};
      const faults: Record<string, EdgeFaults> = {
        'an API for everybody': { api: 200 },
        'a UI with data in it': { ui: '<title>Kestra</title> lead lengobaosang+1@gmail.com' },
        'no rate limit': { limit: 'none' },
      };
      for (const [name, fault] of Object.entries(faults)) {
        found[name] = await redOn((file) => testInfo.outputPath(name, file), fault);
      }

      expect(found).toEqual({
        'an API for everybody': [API],
        'a UI with data in it': [UI],
        'no rate limit': [LIMIT],
      });
    });

    test('an edge whose webhooks are unknown, locked or take any key is told by the specs that call them', async ({}, testInfo) => {
      const found: Record<string, string[]> = {};
      const faults: Record<string, EdgeFaults> = {
        'a proxy that knows no webhook': { webhook: 'unknown-to-the-proxy' },
        'a second login': { webhook: 'asks-for-a-login' },
        'any key': { webhook: 'takes-any-key' },
      };
      for (const [name, fault] of Object.entries(faults)) {
        found[name] = await redOn((file) => testInfo.outputPath(name, file), fault);
      }

      expect(found).toEqual({
        'a proxy that knows no webhook': [WRONG_KEY],
        'a second login': [WRONG_KEY, LIMIT],
        'any key': [WRONG_KEY, LIMIT],
      });
    });
  },
);
