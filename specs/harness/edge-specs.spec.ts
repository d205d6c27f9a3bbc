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

    // Faults of different specs stand together, since each run starts Playwright anew.
    test('each fault of an edge has the specs red that speak of it, and no other', async ({}, testInfo) => {
      const edges: [EdgeFaults, string[]][] = [
        [
          { redirects: 'nowhere', daysLeft: 13, lacksHeader: 'strict-transport-security' },
          [REDIRECT, CERTIFICATE, HEADERS],
        ],
        [{ redirects: 'for-now', api: 200, webhook: 'unknown-to-the-proxy' }, [REDIRECT, API, WRONG_KEY]],
        [
          {
            redirects: 'elsewhere',
            ui: '<title>Kestra</title> lead lengobaosang+1@gmail.com',
            limit: 'none',
          },
          [REDIRECT, UI, LIMIT],
        ],
        [{ webhook: 'asks-for-a-login' }, [WRONG_KEY, LIMIT]],
        [{ webhook: 'takes-any-key' }, [WRONG_KEY, LIMIT]],
      ];
      for (const [at, [faults, red]] of edges.entries()) {
        const found = await redOn((name) => testInfo.outputPath(`edge-${at}`, name), faults);
        expect(found.toSorted(), JSON.stringify(faults)).toEqual(red.toSorted());
      }
    });
  },
);
