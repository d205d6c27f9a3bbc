import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { describeDifferences, differencesOf } from './compare.ts';
import { deploy, type DeployRequest, leavesFirst } from './deploy.ts';
import { type FakeKestra, startFakeKestra } from './fake-kestra.ts';
import { FlowsBroken } from './finding.ts';
import { KestraAdmin } from './kestra-admin.ts';
import { FlowSource, readFlowFolder } from './source.ts';

const DATABASES = {
  contacts: '11111111-1111-4111-8111-111111111111',
  tracker: '22222222222242228222222222222222',
  templates: 'https://www.notion.so/ws/Templates-33333333333343338333333333333333?v=1',
  analytics: '44444444-4444-4444-8444-444444444444',
  projects: '66666666-6666-4666-8666-666666666666',
};

const log = (id: string): string =>
  `id: ${id}\nnamespace: christmas\ntasks:\n  - id: a\n    type: io.kestra.plugin.core.log.Log\n    message: hi\n`;
const starting = (id: string, ...others: string[]): string =>
  log(id) +
  others
    .map(
      (other) =>
        `  - id: start-${other}\n    type: io.kestra.plugin.core.flow.Subflow\n    namespace: "{{ flow.namespace }}"\n    flowId: ${other}\n    wait: false\n`,
    )
    .join('');
const triggered = (text: string): string =>
  `${text}triggers:\n  - { id: w, type: io.kestra.plugin.core.trigger.Webhook, key: "{{ envs.key }}" }\n`;

const FILES = {
  'send-email.yaml': log('send-email'),
  'handler.yaml': triggered(starting('handler', 'send-email', 'plan')),
  'plan.yaml': starting('plan', 'send-email'),
  'lib/mail.py': 'import json\n',
  'lib/deep/names.py': 'NAMES = {}\n',
  'templates/a.html': '<p>ä</p>\n',
};

describe('deploying', () => {
  let kestra: FakeKestra;
  let folder: string;
  let notion: { url: string; close: () => void };

  before(async () => {
    const app = new Hono();
    app.get('/v1/databases/:id', (context) => {
      const id = context.req.param('id');
      if (context.req.header('notion-version') !== '2025-09-03') return context.json({}, 400);
      const sources = id.startsWith('5') ? [] : [{ id: `source-${id.slice(0, 2)}`, name: 'x' }];
      return context.json({ object: 'database', id, data_sources: sources });
    });
    const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' });
    await new Promise((resolve) => server.once('listening', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    notion = { url: `http://127.0.0.1:${port}`, close: () => server.close() };
  });
  after(() => notion.close());

  beforeEach(async () => {
    kestra = await startFakeKestra();
    folder = await mkdtemp(join(tmpdir(), 'flows-test-'));
    await write(FILES);
  });
  afterEach(async () => {
    await kestra.close();
    await rm(folder, { recursive: true });
  });

  async function write(files: Record<string, string>): Promise<void> {
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
  }

  const requestOf = (changes: Partial<DeployRequest> = {}): DeployRequest => ({
    transport: kestra.transport,
    namespace: 'christmas',
    testing: false,
    folder,
    commit: 'abc1234',
    notion: { url: notion.url, token: 'ntn_x', databases: DATABASES },
    ...changes,
  });
  const run = (changes: Partial<DeployRequest> = {}) => deploy(requestOf(changes));

  test('puts flows, files and settings into the namespace, leaves first', async () => {
    const { flows } = await run({ namespace: 'christmas.testing', testing: true });

    assert.deepEqual(flows, [
      { id: 'handler', revision: 1, outcome: 'created' },
      { id: 'plan', revision: 1, outcome: 'created' },
      { id: 'send-email', revision: 1, outcome: 'created' },
    ]);
    assert.deepEqual(
      [...kestra.flows.keys()],
      ['send-email', 'plan', 'handler'].map((id) => `christmas.testing/${id}`),
    );
    assert.match(
      kestra.flows.get('christmas.testing/plan')?.source ?? '',
      /^namespace: christmas\.testing$/m,
    );
    assert.match(kestra.flows.get('christmas.testing/plan')?.source ?? '', /^ {2}commit: "abc1234"$/m);
    assert.deepEqual(Object.fromEntries(kestra.files), {
      'christmas.testing/lib/mail.py': 'import json\n',
      'christmas.testing/lib/deep/names.py': 'NAMES = {}\n',
      'christmas.testing/templates/a.html': '<p>ä</p>\n',
    });
    const { RUN, ...settings } = settingsOf('christmas.testing');
    assert.match(String(RUN), /^[0-9a-f-]{36}$/);
    assert.deepEqual(settings, {
      TESTING_MODE: true,
      ALERTS: false,
      NOTION_SOURCES: {
        contacts: 'source-11',
        tracker: 'source-22',
        templates: 'source-33',
        analytics: 'source-44',
        projects: 'source-66',
      },
      NOTION_PROPERTIES: {},
      DEPLOYMENT: {
        commit: 'abc1234',
        flows: ['handler', 'plan', 'send-email'],
        files: ['/lib/deep/names.py', '/lib/mail.py', '/templates/a.html'],
      },
    });
  });

  const settingsOf = (namespace: string): Record<string, unknown> =>
    Object.fromEntries(
      [...kestra.settings].flatMap(([key, value]) =>
        key.startsWith(`${namespace}/`) ? [[key.slice(namespace.length + 1), value]] : [],
      ),
    );

  test('again without a change writes nothing', async () => {
    await run();
    const before = kestra.writes.length;

    const { flows } = await run();

    assert.deepEqual(
      flows.map(({ outcome }) => outcome),
      ['unchanged', 'unchanged', 'unchanged'],
    );
    assert.deepEqual(kestra.writes.slice(before), []);
  });

  test('of a change updates what changed, removes our files that are gone, and keeps run and overrides', async () => {
    await run({ properties: { contacts: { email: 'E-mail' } } });
    kestra.files.set('christmas/other/mine.txt', 'not ours');
    kestra.files.set('christmas/lib/mine.py', 'not ours');
    const { RUN } = settingsOf('christmas');
    await write({ 'plan.yaml': `# why\n${FILES['plan.yaml']}` });
    await rm(join(folder, 'lib/deep'), { recursive: true });

    const { flows } = await run();

    assert.deepEqual(
      flows.map(({ id, revision, outcome }) => `${id} ${revision} ${outcome}`),
      ['handler 1 unchanged', 'plan 2 updated', 'send-email 1 unchanged'],
    );
    assert.deepEqual([...kestra.files.keys()].toSorted(), [
      'christmas/lib/mail.py',
      'christmas/lib/mine.py',
      'christmas/other/mine.txt',
      'christmas/templates/a.html',
    ]);
    assert.equal(settingsOf('christmas')['RUN'], RUN);
    assert.deepEqual(settingsOf('christmas')['NOTION_PROPERTIES'], { contacts: { email: 'E-mail' } });
  });

  const refused = async (changes: Partial<DeployRequest>, reason: RegExp): Promise<void> => {
    await assert.rejects(run(changes), (error: unknown) => {
      assert.ok(error instanceof Error);
      assert.match(error.message, reason);
      return true;
    });
    assert.deepEqual(kestra.writes, []);
  };

  test('of one flow that breaks a rule changes nothing, and tells file, line and reason', async () => {
    await write({ 'plan.yaml': FILES['plan.yaml'].replace('hi', '"{{ render(inputs.x) }}"') });

    await refused({}, /plan\.yaml:6 {2}render\(\) renders/);
    await assert.rejects(run(), FlowsBroken);
  });

  test('of one flow that Kestra refuses changes nothing, and tells file, line and reason', async () => {
    kestra.constraints.set('id: plan\n', 'Validation error: a.message: must not be "hi"\n');

    await refused({}, /plan\.yaml:6 {2}a\.message: must not be "hi"/);
  });

  test('where Kestra is not asked before, its refusal of a flow still tells file, line and reason', async () => {
    kestra.constraints.set('id: plan\n', 'Validation error: a.message: must not be "hi"\n');

    await assert.rejects(
      run({ unasked: true }),
      /^Error: Kestra refused .*\n.*plan\.yaml:6 {2}a\.message: must not be "hi"/,
    );
  });

  test('over a flow or a file that somebody else put there changes nothing, unless it is to be taken over', async () => {
    kestra.flows.set('christmas/plan', { revision: 3, source: log('plan') });
    kestra.files.set('christmas/lib/mail.py', 'not ours\n');
    kestra.files.set('christmas/templates/a.html', FILES['templates/a.html']);

    await refused(
      {},
      /^christmas has the flow plan, the file lib\/mail\.py, and deploying has not put them there/,
    );
    await run({ takeOver: true });

    assert.equal(kestra.flows.get('christmas/plan')?.revision, 4);
    assert.equal(kestra.files.get('christmas/lib/mail.py'), 'import json\n');
  });

  test('without Notion leaves mode and databases as they are', async () => {
    await run({ testing: true, properties: { contacts: { email: 'E-mail' } } });
    const { DEPLOYMENT: _, ...before } = settingsOf('christmas');

    const { notion: __, ...without } = requestOf({ commit: 'def5678' });
    await deploy(without);

    const { DEPLOYMENT: note, ...after } = settingsOf('christmas');
    assert.deepEqual(after, before);
    assert.match(kestra.flows.get('christmas/plan')?.source ?? '', /^ {2}commit: "def5678"$/m);
    assert.equal((note as { commit: string }).commit, 'def5678');
  });

  test('with Python that calls out changes nothing', async () => {
    await write({ 'lib/mail.py': 'import json\nimport socket\n' });

    await refused({}, /lib\/mail\.py:2 {2}imports socket/);
  });

  test('to a local Kestra refuses the address of a real service', async () => {
    const notionInc = { url: 'https://api.notion.com', token: 'x', databases: DATABASES };

    await refused({ notion: notionInc }, /Notion's address is https:\/\/api\.notion\.com/);
    await refused({ resend: { url: 'https://api.resend.com' } }, /Resend's address/);
  });

  test('names the database that cannot be used, and never shows what was given for it', async () => {
    const withContacts = (contacts: string): Partial<DeployRequest> => ({
      notion: { url: notion.url, token: 'x', databases: { ...DATABASES, contacts } },
    });

    await refused(withContacts('not-an-id'), /"contacts": 9 characters that hold no id\. Copy/);
    await refused(withContacts('5'.repeat(32)), /"contacts" has 0 data sources/);
    await refused(
      { notion: { url: 'http://127.0.0.1:9', token: 'x', databases: DATABASES } },
      /cannot be reached/,
    );
  });

  test('the difference between repository and deployment shows neither label nor namespace', async () => {
    await run({ namespace: 'christmas.testing' });
    const admin = new KestraAdmin(kestra.transport, 'christmas.testing');

    assert.deepEqual(await differencesOf(admin, await readFlowFolder(folder)), []);

    kestra.flows.set('christmas.testing/stray', { revision: 1, source: log('stray') });
    kestra.files.set('christmas.testing/lib/theirs.py', 'a\n');
    await write({
      'lib/mail.py': 'import re\n',
      'plan.yaml': `${FILES['plan.yaml']}# new\n`,
      'extra.yaml': log('extra'),
    });
    await rm(join(folder, 'templates'), { recursive: true });
    const differences = await differencesOf(admin, await readFlowFolder(folder));
    const text = describeDifferences(differences, 'christmas.testing');

    assert.deepEqual(
      differences.map(({ path, kind, meaning }) => `${path}: ${kind} (${meaning})`),
      [
        'extra.yaml: added (not deployed yet)',
        'lib/mail.py: changed (a file is deployed)',
        'lib/theirs.py: only deployed (a file, not of a deployment: it stays)',
        'plan.yaml: changed (revision 1 of commit abc1234 is deployed)',
        'stray.yaml: only deployed (revision 1 of commit unknown, not of a deployment: it stays)',
        'templates/a.html: only deployed (a file, deploying deletes it)',
      ],
    );
    assert.match(text, /^lib\/mail\.py: changed .*\n@@ -1 \+1 @@\n-import json\n\+import re\n\nlib\/theirs/m);
    assert.match(text, /\nchristmas\.testing: 1 added, 2 changed, 3 only deployed\.$/);
    assert.equal([...text.matchAll(/^[+-]/gm)].length, 17);
    assert.doesNotMatch(
      text.replaceAll(/commit abc1234|^christmas\.testing:/gm, ''),
      /abc1234|christmas\.testing/,
    );
  });

  test('flows that start each other are deployed all the same', () => {
    const flows = [starting('a', 'b'), starting('b', 'a'), starting('c', 'c'), log('d')].map(
      (text) => new FlowSource(`${text.slice(4, 5)}.yaml`, text),
    );

    const order = leavesFirst(flows).flat();

    assert.deepEqual(order.map(({ id }) => id).toSorted(), ['a', 'b', 'c', 'd']);
  });
});
