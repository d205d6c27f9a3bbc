import fc from 'fast-check';
import type { RawRequest } from '../clients/raw-client.ts';

/** What a stranger can find out about a server: its routes, and what an honest caller sends to each. */
export interface Doorplate {
  /** `*` in a path stands for any segment. */
  routes: readonly { method: string; path: string; body?: object }[];
  /** Headers that an honest caller sends. */
  headers: readonly (readonly [string, string])[];
}

/** What must stay in its folder, or in its object. */
const SEGMENTS = [
  '..',
  '%2e%2e',
  '..%2f..%2f..%2f..%2fetc%2fpasswd',
  '%252e%252e%252f%252e%252e%252fetc%252fpasswd',
  '..%5c..%5cpackage.json',
  '....//....//package.json',
  '%2fetc%2fpasswd',
  'file:%2f%2f%2fetc%2fpasswd',
  'package.json%00.css',
  '%00',
  '%ff%fe',
  '%E0%A4%A',
  '%zz',
  '.',
  '',
  '__proto__',
  'constructor',
  'toString',
  '%7b%7b7*7%7d%7d',
  '$%7bjndi:ldap:%2f%2f127.0.0.1%2fx%7d',
  "'%20OR%201=1--",
  '00000000-0000-4000-8000-000000000000',
  'a'.repeat(3_000),
] as const;

const QUERIES = [
  '',
  '',
  '?',
  '?email=%3Cscript%3Ealert(1)%3C%2Fscript%3E',
  '?email=%zz&name=%E0%A4%A',
  '?email=a&email=b',
  '?__proto__[polluted]=1&constructor[prototype][polluted]=1',
  '?date=2025-13-45&time=99:99',
  '?since=NaN&limit=1e9&page_size=-1',
  '?database=__proto__',
  '?to=%00&sender=constructor&mail=..',
  '?filter_properties=constructor',
  `?${'a=b&'.repeat(1_500)}`,
];

const CONTENT_TYPES = [
  'application/json',
  'application/json',
  'application/json; charset=utf-16',
  'application/json; charset=banana',
  'application/json;;;',
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data',
  'multipart/form-data; boundary=x',
  'application/xml',
  'application/x-yaml',
  'application/octet-stream',
  '/',
];

const HEADERS: readonly (readonly [string, string])[] = [
  ['Host', 'localhost'],
  ['Host', 'funnel.example'],
  ['Host', '127.0.0.1@funnel.example'],
  ['Content-Encoding', 'gzip'],
  ['Sec-Fetch-Site', 'same-origin'],
  ['Sec-Fetch-Site', 'cross-site'],
  ['Authorization', 'Bearer ÿþ'],
  ['Authorization', 'Basic ÿþ'],
  ['X-Correlation-Id', '__proto__'],
  ['X-Correlation-Id', 'x'.repeat(4_000)],
  ['Idempotency-Key', '__proto__'],
  ['Idempotency-Key', 'x'.repeat(300)],
  ['X-Batch-Validation', 'permissive'],
  ['X-Forwarded-Host', 'funnel.example'],
  ['X-HTTP-Method-Override', 'DELETE'],
  ['Range', 'bytes=0-99999999999,-1'],
  ['If-None-Match', '*'],
  ['Expect', 'a surprise'],
  ['Upgrade', 'websocket'],
  ['Accept', '*/*;q=NaN'],
  ['Cookie', `a=${'x'.repeat(6_000)}`],
  ['X-Long', 'x'.repeat(30_000)],
];

const METHODS = [
  'GET',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'HEAD',
  'OPTIONS',
  'TRACE',
  'PROPFIND',
  'get',
  'FOO',
];

const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;
const VALUES: readonly unknown[] = [
  null,
  true,
  -1,
  1e300,
  2 ** 53,
  '',
  'x',
  '\u0000\u001b[31m\r\nBcc: ada@mail.invalid\r\n',
  '\ud800',
  '<img src=x onerror=alert(1)>',
  "{{ secret('RESEND_API_KEY') }}",
  '(a+)+$',
  '9999-99-99T99:99:99Z',
  '__proto__',
  'constructor',
  'a'.repeat(100_000),
  [],
  [null],
  {},
  JSON.parse('{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}}'),
  JSON.parse(nested(50)),
];

/** Not what anybody would call a body. */
const BROKEN: readonly Buffer[] = [
  '',
  '{',
  'null',
  '"x"',
  '1e999',
  nested(200_000),
  '['.repeat(500_000),
  `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`,
  'a'.repeat(1_000_000),
  `${'a'.repeat(500_000)}@${'a.'.repeat(200_000)}`,
  '@'.repeat(300_000),
  'email=%zz&email=%E0%A4%A&__proto__=x',
  `--x\r\nContent-Disposition: form-data; name="email"; filename="../../x"\r\n\r\nx\r\n--x--\r\n`,
  '--x\r\nnothing of the kind',
  '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r>&x;</r>',
]
  .map((text) => Buffer.from(text))
  .concat(Buffer.from([0xff, 0xfe, 0x00, 0xd8]), Buffer.alloc(6 * 1024 * 1024, 'x'));

/** An honest body with fields that are none, or nothing honest at all. Of a list the first item is changed. */
function bodyOf(honest: object): fc.Arbitrary<Buffer> {
  if (Array.isArray(honest)) {
    const [first] = honest as readonly object[];
    return bodyOf(first ?? {}).map((body) => Buffer.concat([Buffer.from('['), body, Buffer.from(']')]));
  }
  const names = [...Object.keys(honest), '__proto__', 'constructor', 'unheard_of'];
  const changes = fc.array(fc.tuple(fc.constantFrom(...names), fc.constantFrom(...VALUES)), {
    minLength: 1,
    maxLength: 3,
  });
  return fc.oneof(
    {
      weight: 3,
      arbitrary: changes.map((pairs) => {
        // JSON.stringify leaves out what `__proto__` in a literal would set.
        const fields = [...Object.entries(honest), ...pairs].map(
          ([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`,
        );
        return Buffer.from(`{${fields.join(',')}}`);
      }),
    },
    { weight: 1, arbitrary: fc.constantFrom(Buffer.from(JSON.stringify(honest)), ...BROKEN) },
  );
}

/** `count` requests that no honest caller makes, always the same for the same seed. */
export function hostileRequests({ routes, headers }: Doorplate, count: number, seed: number): RawRequest[] {
  const one = fc.constantFrom(...routes).chain(({ method, path, body = {} }) =>
    fc
      .record({
        method: fc.oneof({ weight: 4, arbitrary: fc.constant(method) }, fc.constantFrom(...METHODS)),
        segment: fc.constantFrom(...SEGMENTS),
        below: fc.oneof(
          { weight: 4, arbitrary: fc.constant('') },
          fc.constantFrom(...SEGMENTS).map((name) => `/${name}`),
        ),
        query: fc.constantFrom(...QUERIES),
        contentType: fc.constantFrom(...CONTENT_TYPES),
        known: fc.subarray([...headers]),
        more: fc.subarray([...HEADERS], { maxLength: 2 }),
        body: bodyOf(body),
        framing: fc.constantFrom('length', 'chunked'),
      })
      .map(({ segment, below, query, contentType, known, more, ...rest }): RawRequest => {
        const place = path.replaceAll('*', () => segment);
        return {
          ...rest,
          target: `${place}${below}${query}`,
          headers: [['Content-Type', contentType], ...known, ...more],
        };
      }),
  );
  return fc.sample(one, { numRuns: count, seed });
}
