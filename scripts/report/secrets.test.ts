import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, test } from 'node:test';
import { crc32, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { findSecrets, findSecretsInLogs } from './secrets.ts';

// Made up, and put together here: in one piece they would look like real ones to others' scanners, and to ours.
const digits = '0123456789abcdef'.repeat(4);
const basic = (login: string) => `Basic ${Buffer.from(login).toString('base64')}`;
const KINDS: Record<string, string> = {
  'a token of Notion’s': ['ntn', digits.slice(0, 46)].join('_'),
  'a token of Notion’s, the older kind': ['secret', digits.slice(0, 43)].join('_'),
  'a key of Resend’s': ['re', digits.slice(0, 8), digits.slice(0, 24)].join('_'),
  'a secret of Resend’s webhooks': ['whsec', digits.slice(0, 32)].join('_'),
  'a token of GitHub’s': ['ghp', digits.slice(0, 36)].join('_'),
  'a bearer token': ['Bearer', digits.slice(0, 20)].join(' '),
  'a login by basic authentication': basic('ada@mail.test:pass-word'),
  'a login in an address': ['https://ada', 'pass-word@kestra.test/api'].join(':'),
  'a hook of Discord’s': ['https://discord.com/api/webhooks', '123456', digits.slice(0, 30)].join('/'),
  'a hook of Slack’s': ['https://hooks.slack.com/services', 'T0001', 'B0001', digits.slice(0, 24)].join('/'),
  'a webhook’s key': ['/api/v1/main/executions/webhook/christmas/signup-handler', digits.slice(0, 24)].join(
    '/',
  ),
  'a private key': ['-----BEGIN RSA', 'PRIVATE KEY-----'].join(' '),
};
const KNOWN = { name: 'KESTRA_PASSWORD', value: 'Zürich/7+"ü%&<p>\\x' };

const base64 = (content: string | Buffer) => Buffer.from(content).toString('base64');

/** A zip archive with one file, without the list at its end: as one that was cut off. */
function zip(content: string | Buffer, { method = 8, flags = 0 } = {}): Buffer {
  const body = Buffer.from(content);
  const name = Buffer.from('trace.network');
  const header = Buffer.alloc(30);
  header.write('PK\x03\x04', 'latin1');
  header.writeUInt16LE(flags, 6);
  header.writeUInt16LE(method, 8);
  header.writeUInt32LE(crc32(body), 14);
  header.writeUInt16LE(name.length, 26);
  return Buffer.concat([header, name, method === 8 ? deflateRawSync(body) : body]);
}

const around = (secret: string) => `before: ${secret}\nafter`;
const PLACES: Record<string, (secret: string) => string | Buffer> = {
  'allure-results/1-attachment.txt': around,
  'allure-results/2-result.json': (secret) => JSON.stringify({ statusDetails: { message: around(secret) } }),
  'allure-results/3-nested.json': (secret) =>
    JSON.stringify({ body: JSON.stringify({ told: around(secret) }) }),
  'allure-results/4-ascii.json': (secret) =>
    JSON.stringify(around(secret)).replaceAll(/[^\w ]/g, (char) =>
      [...Buffer.from(char)].map((byte) => `\\u00${byte.toString(16).padStart(2, '0')}`).join(''),
    ),
  'allure-results/5-query.txt': (secret) => `GET /?q=${encodeURIComponent(around(secret))}`,
  'allure-results/6-page.html': (secret) =>
    `<p>${around(secret).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&#34;')}</p>`,
  'allure-results/7-har.json': (secret) =>
    JSON.stringify({ text: base64(around(secret)), encoding: 'base64' }),
  'allure-results/8-mail.eml': (secret) =>
    base64('x'.repeat(100) + around(secret)).replaceAll(/.{76}/g, '$&\r\n'),
  'allure-results/9-lines.json': (secret) =>
    JSON.stringify(base64('x'.repeat(100) + around(secret)).replaceAll(/.{76}/g, '$&\n')),
  'allure-results/10-url-safe.txt': (secret) =>
    // A dash as the second character: read from there on as plain base64, it would be out of step.
    Buffer.concat([Buffer.from([0x63, 0xef, 0x61]), Buffer.from(around(secret))]).toString('base64url'),
  'allure-report/data.json.gz': (secret) => gzipSync(around(secret)),
  'allure-report/index.html': (secret) =>
    `<script>d("data/a.json","${base64(JSON.stringify({ body: base64(around(secret)) }))}")</script>`,
  'allure-report/gzip.html': (secret) =>
    `<script>d("data/a.gz","${base64(gzipSync(around(secret)))}")</script>`,
  'test-results/trace.zip': (secret) => zip(around(secret)),
  'test-results/stored.zip': (secret) => zip(around(secret), { method: 0 }),
  'test-results/zip-in-zip.zip': (secret) => zip(zip(around(secret))),
  'test-results/behind-a-picture.png': (secret) =>
    Buffer.concat([Buffer.from('\x89PNG'), zip(gzipSync(around(secret)))]),
  'test-results/text-of-a-picture.png': (secret) =>
    Buffer.concat([Buffer.from('\x89PNG zTXt'), deflateSync(around(secret))]),
  'captures/notion/query.json': (secret) => JSON.stringify({ answer: { results: [secret] } }),
};

const folders: string[] = [];
after(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** A folder of its own, and not below reports: what is planted here would stop the real report. */
function planted(files: Record<string, string | Buffer>): string {
  const folder = mkdtempSync(join(tmpdir(), 'planted-'));
  folders.push(folder);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

const byPlace = ([one = '']: string[], [other = '']: string[]) => one.localeCompare(other);

const whereAndWhat = (folder: string, secrets = [KNOWN]) =>
  findSecrets([folder], secrets).map(({ where, what }) => [
    where.slice(folder.length + 1).replace(/ \(.*/, ''),
    what,
  ]);

describe('a planted secret is found', () => {
  for (const [place, pack] of Object.entries(PLACES)) {
    test(`of every kind, in ${place}`, () => {
      const missed = Object.entries(KINDS).filter(([kind, secret]) => {
        const found = whereAndWhat(planted({ [place]: pack(secret), 'clean.txt': 'nothing' }));
        return !found.some(([where, what]) => where === place && what === kind);
      });

      assert.deepEqual(
        missed.map(([kind]) => kind),
        [],
      );
      assert.deepEqual(whereAndWhat(planted({ [place]: pack('nothing of the kind') })), []);
    });

    test(`by its value, in ${place}`, () => {
      assert.deepEqual(whereAndWhat(planted({ [place]: pack(KNOWN.value) })), [
        [place, 'the value of KESTRA_PASSWORD'],
      ]);
    });
  }

  test('in base64 of a login, wherever it stands in it', () => {
    for (const user of ['a', 'ab', 'abc']) {
      const folder = planted({ 'har.json': `{"authorization":"${base64(`${user}:${KNOWN.value}`)}"}` });

      assert.deepEqual(whereAndWhat(folder), [['har.json', 'the value of KESTRA_PASSWORD']]);
    }
  });

  test('in the name of a file, which is then not told', () => {
    const token = KINDS['a token of Notion’s'] ?? '';
    const [find] = findSecrets([planted({ [`${token}.txt`]: 'x' })], []);

    assert.deepEqual(find, { where: 'the name of a file', what: 'a token of Notion’s' });
  });
});

test('no find tells the value, nor any part of it', () => {
  const folder = planted(
    Object.fromEntries(Object.entries(PLACES).map(([place, pack]) => [place, pack(KNOWN.value)])),
  );

  const told = JSON.stringify(findSecrets([folder], [KNOWN]));

  assert.ok(told.includes('test-results/behind-a-picture.png (zip, gzip)'), told);
  assert.ok(!told.includes('rich/7'), told);
});

test('what cannot be looked into is a find too', () => {
  const folder = planted({
    'encrypted.zip': zip('x', { flags: 1 }),
    'other.zip': zip('x', { method: 14 }),
    'bomb.gz': gzipSync(Buffer.alloc(600 * 1024 * 1024)),
  });

  assert.deepEqual(whereAndWhat(folder).toSorted(byPlace), [
    ['bomb.gz', 'an archive too large to unpack'],
    ['encrypted.zip', 'an encrypted archive'],
    ['other.zip', 'an archive packed by method 14'],
  ]);
});

test('what only resembles a secret is none', () => {
  const innocent = [
    'Basic authentication is on, Bearer tokens are refused',
    'POST /api/v1/main/executions/webhook/christmas/signup-handler/***',
    'authorization: Bearer ***, re_render_the_whole_page, ntn_short, https://user:***@kestra.test',
    `sha512-${base64(Buffer.alloc(64, 7))}`,
  ];

  assert.deepEqual(whereAndWhat(planted({ 'a.txt': innocent.join('\n') })), []);
});

test('a folder that is skipped, or not there, has no finds', () => {
  const folder = planted({ 'run-1/a.txt': KNOWN.value });

  assert.deepEqual(findSecrets([folder], [KNOWN], /run-1/), []);
  assert.deepEqual(findSecrets([join(folder, 'nowhere')], [KNOWN]), []);
});

test('a secret in any log of a stack is found, and what holds secrets by its purpose is left alone', () => {
  const logs = ['stack.log', 'engine.log', 'engine-console.log', 'sites/one/site.log'];
  const folder = planted({
    ...Object.fromEntries(logs.map((name) => [name, around(KNOWN.value)])),
    'packed.log': gzipSync(around(KINDS['a webhook’s key'] ?? '')),
    'stack.json': KNOWN.value,
    'data/storage/kv.json': KNOWN.value,
    'sites/one/site.log.js': KNOWN.value,
  });

  const found = findSecretsInLogs(folder, [KNOWN]).map(({ where, what }) => [
    where.slice(folder.length + 1).replace(/ \(.*/, ''),
    what,
  ]);

  assert.deepEqual(
    found.toSorted(byPlace),
    [
      ...logs.map((name) => [name, 'the value of KESTRA_PASSWORD']),
      ['packed.log', 'a webhook’s key'],
    ].toSorted(byPlace),
  );
});
