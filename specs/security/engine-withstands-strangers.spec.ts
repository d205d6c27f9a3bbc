import { gzipSync } from 'node:zlib';
import { about, expect, test } from '../../fixtures/index.ts';
import { BUDGET } from '../../helpers/budgets.ts';
import { isTerminal } from '../../helpers/clients/execution.ts';
import { KestraTransport } from '../../helpers/clients/kestra-transport.ts';
import { ROUTES } from '../../helpers/clients/kestra-routes.ts';
import { type RawRequest, sendRaw } from '../../helpers/clients/raw-client.ts';
import { signupBody } from '../../helpers/factories/payloads.ts';
import { tracesOf } from '../../helpers/journeys/traces.ts';
import { need } from '../../helpers/target.ts';
import { withstandsStrangers } from './strangers.ts';

const purpose =
  'The webhooks are open to the Internet: nobody may break the server through them, read its files, or come in beside them.';

test.use({ mode: 'production' });

const API = '/api/v1/main';
const WEBHOOKS = `${API}/executions/webhook`;
const NOBODYS = `${WEBHOOKS}/christmas/signup-handler/nobodys-key-nobodys-key`;

/** Ways to have a closed route taken for a webhook or the ping. */
const BESIDE: ReadonlyArray<readonly [method: string, target: string]> = [
  ['GET', `${WEBHOOKS}/`],
  ['DELETE', `${WEBHOOKS}/kill`],
  ['POST', `${WEBHOOKS}/send-email`],
  ['POST', `${WEBHOOKS}/send-email/`],
  ['GET', `${WEBHOOKS}/../search`],
  ['GET', `${WEBHOOKS}/%2e%2e/search`],
  ['GET', `${WEBHOOKS}/x/../../search`],
  ['GET', `${WEBHOOKS}//search`],
  ['GET', `/ping/../${API}/executions/search`],
  ['GET', `/ping;/..${API}/executions/search`],
  ['GET', `/ping/`],
  ['GET', `/${API}/executions/search`],
  ['GET', `${API.toUpperCase()}/EXECUTIONS/SEARCH`],
  ['GET', `http://funnel.example${API}/executions/search`],
  ['GET', `${API}/namespaces/christmas/kv`],
  ['GET', `${API}/namespaces/christmas/files?path=/../../../../etc/passwd`],
  ['GET', '/api/v1/configs'],
];

const plain = (method: string, target: string): RawRequest => ({
  method,
  target,
  headers: [],
  body: Buffer.alloc(0),
  framing: 'length',
});

const entities = (first: string, depth: number, make: (below: string) => string): string =>
  Array.from(
    { length: depth },
    (_, level) => `<!ENTITY e${level} "${level === 0 ? first : make(`e${level - 1}`)}">`,
  ).join('');
/** A kilobyte that a careless parser makes a gigabyte of. */
const LAUGHS = `<!DOCTYPE l [${entities('ha', 10, (below) => `&${below};`.repeat(10))}]><l>&e9;</l>`;
const ALIASES = [
  'a0: &a0 [x, x, x, x, x, x, x, x, x]',
  ...Array.from({ length: 9 }, (_, level) => `a${level + 1}: &a${level + 1} [${`*a${level}, `.repeat(9)}]`),
].join('\n');
const FILE = '<!DOCTYPE r [<!ENTITY f SYSTEM "file:///etc/passwd">]><r><email>&f;</email></r>';
const OBJECT =
  '!!javax.script.ScriptEngineManager [!!java.net.URLClassLoader [[!!java.net.URL ["http://127.0.0.1:1/"]]]]';

const KINDS: ReadonlyArray<readonly [contentType: string, body: string]> = [
  ['application/xml', FILE],
  ['text/xml', LAUGHS],
  ['application/x-yaml', ALIASES],
  ['application/yaml', OBJECT],
  ['application/x-www-form-urlencoded', 'email=%zz&email=%E0%A4%A&__proto__=x'],
  ['multipart/form-data; boundary=x', '--x\r\nContent-Disposition: form-data; filename="../../x"\r\n\r\nx'],
];

test.describe(
  'the engine and strangers',
  {
    tag: '@safety',
    annotation: about({ feature: 'Safety', covers: ['2.7', '4.1'], purpose, severity: 'critical' }),
  },
  () => {
    test('its open routes withstand what a stranger may send', async ({ target, seed }, testInfo) => {
      need(target, 'faults', testInfo);
      const body = { email: target.mail.testMailbox };
      const doorplate = {
        headers: [],
        routes: [
          ...(['GET', 'POST', 'PUT'] as const).map((method) => ({ method, path: NOBODYS, body })),
          { method: 'POST', path: `${WEBHOOKS}/*/signup-handler/nobodys-key`, body },
          { method: 'POST', path: `${WEBHOOKS}/christmas/*/nobodys-key`, body },
          { method: 'POST', path: `${WEBHOOKS}/christmas/signup-handler/*`, body },
          { method: 'GET', path: '/ping' },
          { method: 'POST', path: `${API}/executions/*/*`, body },
          { method: 'GET', path: `${API}/namespaces/*/files` },
          { method: 'GET', path: '/*' },
        ],
      };

      await withstandsStrangers(target.kestra.url, doorplate, seed, { pages: ['/ping'] });
    });

    test('without a login no way of writing a path leads beside the webhooks', async ({
      target,
    }, testInfo) => {
      need(target, 'faults', testInfo);
      const statuses = [];
      for (const [method, path] of BESIDE) {
        const { status } = await sendRaw(target.kestra.url, plain(method, path), BUDGET.handlerMs);
        statuses.push([method, path, status]);
      }

      expect(statuses).toEqual(BESIDE.map(([method, path]) => [method, path, 401]));
    });

    test('bodies of every kind are data to the right key: no file is read, no object made, nothing grows', async ({
      newLead,
      webhooks,
      kestra,
    }) => {
      const honest = newLead();
      const bodies = [
        ...KINDS,
        ['application/json; charset=banana', JSON.stringify(signupBody(honest))] as const,
      ];

      const ends = await Promise.all(
        bodies.map(async ([contentType, body]) => {
          const { executionId = '' } = await webhooks.send('signup', body, { contentType });
          const { value } = await kestra
            .handle(executionId)
            .until(({ state }) => isTerminal(state.current), BUDGET.handlerMs);
          const traces = JSON.stringify(await tracesOf(kestra, executionId));
          return [
            contentType,
            value.state.current,
            { file: traces.includes('root:x:0:0'), grown: traces.length > 500_000 },
          ];
        }),
      );

      expect(ends).toEqual([
        ...KINDS.map(([contentType]) => [contentType, 'FAILED', { file: false, grown: false }]),
        ['application/json; charset=banana', 'SUCCESS', { file: false, grown: false }],
      ]);
    });

    test('a body above ten megabytes is refused, as it is, in pieces and as what a small one unpacks to', async ({
      target,
    }, testInfo) => {
      need(target, 'faults', testInfo);
      const large = Buffer.alloc(12 * 1024 * 1024, 'x');
      const post = {
        method: 'POST',
        target: NOBODYS,
        headers: [['Content-Type', 'application/json']] as const,
      };
      const packed = [...post.headers, ['Content-Encoding', 'gzip']] as const;

      const statuses = [];
      for (const request of [
        { ...post, body: large, framing: 'length' as const },
        { ...post, body: large, framing: 'chunked' as const },
        { ...post, headers: packed, body: gzipSync(Buffer.alloc(200_000_000)), framing: 'length' as const },
      ]) {
        statuses.push((await sendRaw(target.kestra.url, request, BUDGET.handlerMs)).status);
      }
      const alive = await sendRaw(target.kestra.url, plain('GET', '/ping'), BUDGET.handlerMs);

      // Who hangs up while the body still comes may have its answer lost on the way.
      const refused = [413, undefined];
      expect(statuses.map((status) => (refused.includes(status) ? 'refused' : status))).toEqual([
        'refused',
        'refused',
        'refused',
      ]);
      expect(alive.status).toBe(200);
    });

    test('a namespace’s files lead to no other file, whoever is logged in', async ({ target }, testInfo) => {
      need(target, 'faults', testInfo);
      const transport = new KestraTransport(target.kestra);
      const files = ROUTES[await transport.dialect()].files(target.namespaces.production);
      const paths = [
        '/../../../../../../../../etc/passwd',
        '..%2f..%2f..%2f..%2f..%2f..%2f..%2fetc%2fpasswd',
        '/lib/../../../../../../../../etc/passwd',
        '%252e%252e%252f%252e%252e%252fetc%252fpasswd',
        '/etc/passwd',
        'file:///etc/passwd',
        '/lib%00/etc/passwd',
      ];

      const answers = await Promise.all(paths.map((path) => transport.raw(`${files}?path=${path}`)));

      expect(answers.filter(({ status }) => status < 400 || status >= 500)).toEqual([]);
      expect(answers.filter(({ text }) => text.includes('root:x'))).toEqual([]);
    });
  },
);
