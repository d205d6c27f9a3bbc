import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { parse } from 'dotenv';
import fc from 'fast-check';
import { inheritedEnv } from '../../helpers/env.ts';
import { root } from '../../stack/paths.ts';
import { readFlowFolder } from '../flows/source.ts';
import { CATALOGUE, serverName, variableOf } from './catalogue.ts';
import type { Fault } from './judge.ts';
import { readPlain } from './plain-file.ts';
import { checkServerFile, renderServerFile } from './server-file.ts';
import { guessable, newWebhookKey } from './webhook-keys.ts';

const id = (digit: string): string => `${digit.repeat(4)}0123-4567-4abc-8def-0123456789ab`;
const SOUND = {
  NOTION_TOKEN: 'ntn_a1B2c3D4e5F6g7H8i9J0',
  RESEND_API_KEY: 're_a1B2c3D4_e5F6g7H8i9J0',
  NOTION_CONTACTS_DB_ID: id('a'),
  NOTION_EMAIL_SEQUENCE_DB_ID: id('b'),
  NOTION_EMAIL_TEMPLATES_DB_ID: `https://www.notion.so/team/${id('c').replaceAll('-', '')}?v=1`,
  NOTION_EMAIL_ANALYTICS_DB_ID: id('d'),
  NOTION_CUSTOMER_PROJECTS_DB_ID: id('e'),
  WEBHOOK_KEY_SIGNUP: 'q7Zt0_mRv3XwK9pLb2Ns-5Fd',
  WEBHOOK_KEY_ASSESSMENT: 'Yc6Jh1uGq8TzB4xVn0Ko-3Wa',
  WEBHOOK_KEY_NOSHOW: 'Md2Pe9sRf5LiC7yHk1Ub-8Qv',
  WEBHOOK_KEY_POSTCALL: 'Xg4Nw0tZj6DoS3aEv8Rl-1Km',
  WEBHOOK_KEY_ONBOARDING: 'Tb9Iu2fHc7QpM5zGx0Yd-4Jn',
  RESEND_FROM: 'The Campaign <hello@mail.test>',
};
const HOOK = 'https://discord.com/api/webhooks/12345/a-b_c';
type Values = Record<string, string>;

const plain = (values: Values): string =>
  Object.entries(values)
    .map(([name, value]) => `${name}="${value}"`)
    .join('\n');
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const lines = (faults: readonly Fault[]): string[] => faults.map(({ name, fault }) => `${name}: ${fault}`);
const faultsOf = (change: Values): string[] => lines(readPlain(plain({ ...SOUND, ...change })).faults);
const server = (change: Values = {}): Values => ({
  ...parse(renderServerFile(readPlain(plain(SOUND)).given)),
  ...change,
});
const without = (values: Values, ...names: string[]): Values =>
  Object.fromEntries(Object.entries(values).filter(([name]) => !names.includes(name)));
const checked = (values: Values): string[] => lines(checkServerFile(plain(values)).faults);

describe('what a person writes', () => {
  test('sound values have no fault', () => {
    assert.deepEqual(faultsOf({}), []);
    assert.deepEqual(
      faultsOf({ DISCORD_WEBHOOK_URL: HOOK, DEADLINE_DATE: '2025-12-05', TESTING_MODE: 'false' }),
      [],
    );
  });

  test('a missing and an empty variable are told apart, each with where to find it', () => {
    const { faults } = readPlain(plain({ ...without(SOUND, 'NOTION_TOKEN'), RESEND_API_KEY: ' ' }));

    assert.deepEqual(lines(faults), ['NOTION_TOKEN: missing', 'RESEND_API_KEY: empty']);
    assert.match(faults[0]?.remedy ?? '', /integration/);
  });

  test('a value that is in base64 already is named, whatever it holds', () => {
    for (const [name, value] of Object.entries(SOUND)) {
      assert.deepEqual(faultsOf({ [name]: base64(value) }), [`${name}: encoded in base64 once too often`]);
      assert.deepEqual(faultsOf({ [name]: base64(`${value}\n`) }), [
        `${name}: encoded in base64 once too often`,
      ]);
    }
  });

  test('values that were swapped are named by what they are', () => {
    const {
      NOTION_TOKEN: token,
      RESEND_API_KEY: key,
      NOTION_CONTACTS_DB_ID: database,
      RESEND_FROM: sender,
    } = SOUND;

    assert.deepEqual(faultsOf({ NOTION_TOKEN: key, RESEND_API_KEY: token }), [
      'NOTION_TOKEN: this is a key of Resend (re_…), and a token of a Notion integration (ntn_…) belongs here',
      'RESEND_API_KEY: this is a token of a Notion integration (ntn_…), and a key of Resend (re_…) belongs here',
    ]);
    assert.match(faultsOf({ NOTION_TOKEN: id('f') }).join(), /^NOTION_TOKEN: this is a Notion database's id/);
    assert.match(
      faultsOf({ NOTION_CONTACTS_DB_ID: 'ntn_0a1B2c3D4e5F6g7H8i9J' }).join(),
      /^NOTION_CONTACTS_DB_ID: this is a token/,
    );
    assert.match(
      faultsOf({ WEBHOOK_KEY_SIGNUP: 're_0a1B2c3D4e5F6g7H8i9J' }).join(),
      /^WEBHOOK_KEY_SIGNUP: this is a key of Resend/,
    );
    assert.match(
      faultsOf({ CALENDLY_LINK: HOOK }).join(),
      /^CALENDLY_LINK: this is an incoming hook of Discord/,
    );
    assert.match(faultsOf({ RESEND_API_KEY: sender }).join(), /^RESEND_API_KEY: this is a sender/);
    assert.deepEqual(faultsOf({ NOTION_EMAIL_SEQUENCE_DB_ID: database.replaceAll('-', '') }), [
      'NOTION_EMAIL_SEQUENCE_DB_ID: the same value as NOTION_CONTACTS_DB_ID',
    ]);
    assert.deepEqual(faultsOf({ WEBHOOK_KEY_NOSHOW: SOUND.WEBHOOK_KEY_SIGNUP }), [
      'WEBHOOK_KEY_NOSHOW: the same value as WEBHOOK_KEY_SIGNUP',
    ]);
  });

  test('a placeholder, a value of no known shape, and what Docker would take apart are named', () => {
    assert.match(
      faultsOf({ NOTION_TOKEN: 'ntn_xxxxxxxxxxxxxxxxxxxxxx' }).join(),
      /NOTION_TOKEN: a placeholder/,
    );
    assert.match(faultsOf({ RESEND_API_KEY: 'your-key-here' }).join(), /RESEND_API_KEY: a placeholder/);
    assert.deepEqual(faultsOf({ NOTION_TOKEN: 'hello' }), [
      'NOTION_TOKEN: 5 characters that are not a token of a Notion integration (ntn_…)',
    ]);
    assert.match(
      faultsOf({ DEADLINE_DATE: '2025-02-30' }).join(),
      /DEADLINE_DATE: 10 characters that are not a day/,
    );
    assert.match(
      faultsOf({ NOTION_BASE_URL: 'http://notion.test' }).join(),
      /NOTION_BASE_URL: 18 characters/,
    );
    assert.match(
      faultsOf({ RESEND_FROM: '$CAMPAIGN <a@mail.test>' }).join(),
      /RESEND_FROM: a quote, \$, # or \\/,
    );
    assert.match(
      faultsOf({ NOTION_TOKEN: ` ${SOUND.NOTION_TOKEN}` }).join(),
      /NOTION_TOKEN: a space or line end/,
    );
  });

  test('TESTING_MODE is a fault on a production server, however it is written', () => {
    for (const on of ['true', '1', 'yes', base64('true')]) {
      assert.match(faultsOf({ TESTING_MODE: on }).join(), /^TESTING_MODE: TESTING_MODE is on/);
    }
  });

  test('a webhook’s key must be long and nobody’s guess', () => {
    for (const key of [
      'christmas-signup-webhook-secret-2025',
      'christmas-signup-Xk29fQwBz-2025',
      'Xk29fQwBz-abcdefgh-87654321',
      'abcdefghijklmnopqrstuvwxyz',
      'aaaabbbbccccddddeeeeffff',
      '123456789012345678901234',
      'aXaXaXaXaXaXaXaXaXaXaXaX',
    ]) {
      assert.match(
        faultsOf({ WEBHOOK_KEY_SIGNUP: key }).join(),
        /^WEBHOOK_KEY_SIGNUP: a key that can be guessed/,
        key,
      );
    }
    assert.match(
      faultsOf({ WEBHOOK_KEY_SIGNUP: 'q7Zt0_mRv3XwK9p' }).join(),
      /: 15 characters that are not a random key/,
    );
    const made = Array.from({ length: 200 }, newWebhookKey);
    assert.equal(new Set(made).size, 200);
    assert.deepEqual(
      made.filter((key) => guessable(key) !== undefined || key.length < 32),
      [],
    );
  });

  test('a name twice, an unknown name, one with its prefix already, and two names of one database are named', () => {
    const text = `${plain(SOUND)}\nNOTION_TOKEN="${SOUND.NOTION_TOKEN}"\nNOTION_TOKN=x\nSECRET_RESEND_API_KEY=x\nNOTION_TEMPLATES_DB_ID=${id('f')}`;
    const { faults } = readPlain(text);

    assert.deepEqual(lines(faults), [
      'NOTION_TEMPLATES_DB_ID: another value than NOTION_EMAIL_TEMPLATES_DB_ID, its newer name',
      'NOTION_TOKEN: there twice',
      'NOTION_TOKN: no flow reads it',
      'SECRET_RESEND_API_KEY: no flow reads it',
    ]);
    assert.match(
      faults[3]?.remedy ?? '',
      /write RESEND_API_KEY: this command makes SECRET_RESEND_API_KEY of it/,
    );
  });

  test('the older name of the templates’ database counts where the newer one is not there', () => {
    const older = { ...without(SOUND, 'NOTION_EMAIL_TEMPLATES_DB_ID'), NOTION_TEMPLATES_DB_ID: id('f') };
    const { given, faults } = readPlain(plain(older));

    assert.deepEqual(faults, []);
    assert.match(renderServerFile(given), /^SECRET_NOTION_EMAIL_TEMPLATES_DB_ID=/m);
  });
});

describe('what a server has', () => {
  test('what was written has no fault, and holds what was given', () => {
    const values = { ...SOUND, DISCORD_WEBHOOK_URL: HOOK, SPOTS_REMAINING: '7' };
    const text = renderServerFile(readPlain(plain(values)).given);

    const { given, faults } = checkServerFile(text);

    assert.deepEqual(faults, []);
    assert.deepEqual(Object.fromEntries(given.map(({ variable, value }) => [variable.name, value])), values);
    assert.equal(parse(text)['SECRET_NOTION_TOKEN'], base64(SOUND.NOTION_TOKEN));
    assert.equal(parse(text)['ENV_RESEND_FROM'], SOUND.RESEND_FROM);
  });

  test('missing, empty, plain, undecodable, doubly encoded and echoed values are told apart', () => {
    assert.deepEqual(checked(server({ SECRET_NOTION_TOKEN: '' })), ['SECRET_NOTION_TOKEN: empty']);
    assert.deepEqual(checked(without(server(), 'SECRET_NOTION_TOKEN')), ['SECRET_NOTION_TOKEN: missing']);
    assert.deepEqual(checked(server({ SECRET_NOTION_TOKEN: SOUND.NOTION_TOKEN })), [
      'SECRET_NOTION_TOKEN: plain text, and Kestra decodes it from base64',
    ]);
    assert.deepEqual(checked(server({ SECRET_RESEND_API_KEY: '%%%' })), [
      'SECRET_RESEND_API_KEY: 3 characters that are not base64 of a text',
    ]);
    assert.deepEqual(checked(server({ SECRET_NOTION_TOKEN: base64(base64(SOUND.NOTION_TOKEN)) })), [
      'SECRET_NOTION_TOKEN: encoded in base64 once too often',
    ]);
    assert.deepEqual(checked(server({ SECRET_NOTION_TOKEN: base64(`${SOUND.NOTION_TOKEN}\n`) })), [
      'SECRET_NOTION_TOKEN: a space or line end before or after the value',
    ]);
  });

  test('swapped and repeated values, and TESTING_MODE, are seen through the encoding', () => {
    assert.match(
      checked(server({ SECRET_RESEND_API_KEY: base64('ntn_0a1B2c3D4e5F6g7H8i9J') })).join(),
      /^SECRET_RESEND_API_KEY: this is a token of a Notion integration/,
    );
    assert.deepEqual(checked(server({ SECRET_NOTION_EMAIL_SEQUENCE_DB_ID: base64(id('a')) })), [
      'SECRET_NOTION_EMAIL_SEQUENCE_DB_ID: the same value as SECRET_NOTION_CONTACTS_DB_ID',
    ]);
    assert.match(
      checked(server({ ENV_TESTING_MODE: 'true' })).join(),
      /^ENV_TESTING_MODE: TESTING_MODE is on/,
    );
  });

  test('a variable under a name by which no flow finds it is named with the right one', () => {
    const moved = (from: string, to: string) => {
      const { [from]: value = '', ...rest } = server();
      return checkServerFile(plain({ ...rest, [to]: value })).faults;
    };

    for (const to of ['NOTION_TOKEN', 'SECRET_SECRET_NOTION_TOKEN']) {
      assert.deepEqual(moved('SECRET_NOTION_TOKEN', to), [
        { name: to, fault: 'a name by which no flow finds it', remedy: 'the flows read SECRET_NOTION_TOKEN' },
      ]);
    }
    assert.deepEqual(lines(moved('SECRET_NOTION_TOKEN', 'ENV_NOTION_TOKEN')), [
      'ENV_NOTION_TOKEN: a secret that every execution can show',
    ]);
    assert.deepEqual(lines(moved('ENV_WEBHOOK_KEY_SIGNUP', 'SECRET_WEBHOOK_KEY_SIGNUP')), [
      'SECRET_WEBHOOK_KEY_SIGNUP: a name by which no flow finds it',
    ]);
  });

  test('what belongs to other programs of the server is left alone', () => {
    assert.deepEqual(
      checked(server({ POSTGRES_PASSWORD: 'x', SECRET_OTHER_FLOW: 'x', RESEND_API_KEY: 'x' })),
      [],
    );
  });
});

describe('no value in any message', () => {
  // Anything at all, and real values in the wrong places, plain and encoded.
  const wild = fc.stringMatching(/^[a-cX-Z0-9_/=+:@.-]{6,40}$/);
  const real = fc.constantFrom(...Object.values(SOUND), HOOK);
  const value = fc.oneof(
    wild,
    real,
    fc.oneof(wild, real).map(base64),
    real.map((one) => `${one}\n`),
  );
  const names = CATALOGUE.map(({ name }) => name);

  test('whatever the file of plain values holds', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...names, 'NOTION_TEMPLATES_DB_ID', 'NOBODYS'), value),
        (values) => {
          holdsNone(readPlain(plain(values)).faults, values);
        },
      ),
    );
  });

  test('whatever the server’s file holds', () => {
    const prefixed = names.flatMap((name) => [
      name,
      `SECRET_${name}`,
      `ENV_${name}`,
      `SECRET_SECRET_${name}`,
    ]);
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...prefixed), value), (values) => {
        holdsNone(checkServerFile(plain(values)).faults, values);
      }),
    );
  });

  function holdsNone(faults: readonly Fault[], values: Values): void {
    const told = JSON.stringify(faults);
    for (const one of Object.values(values)) {
      const bare = one.trim();
      // `//` or `==` may stand in any sentence; what a message quotes would be longer.
      if (/\w{4}/.test(bare)) assert.ok(!told.includes(bare), `a value is in ${told}`);
    }
  }
});

describe('any sound values', () => {
  const token = (prefix: string) =>
    fc
      .stringMatching(/^[A-Za-z0-9_-]{20,48}$/)
      .filter((tail) => new Set(tail.toLowerCase()).size > 8)
      .map((tail) => prefix + tail);
  const key = fc.stringMatching(/^[A-Za-z0-9_-]{24,48}$/).filter((one) => guessable(one) === undefined);
  const database = fc.uuid();
  const sound = fc.record(
    {
      NOTION_TOKEN: token('ntn_'),
      RESEND_API_KEY: token('re_'),
      NOTION_CONTACTS_DB_ID: database,
      NOTION_EMAIL_SEQUENCE_DB_ID: database,
      NOTION_EMAIL_TEMPLATES_DB_ID: database,
      NOTION_EMAIL_ANALYTICS_DB_ID: database,
      NOTION_CUSTOMER_PROJECTS_DB_ID: database,
      WEBHOOK_KEY_SIGNUP: key,
      WEBHOOK_KEY_ASSESSMENT: key,
      WEBHOOK_KEY_NOSHOW: key,
      WEBHOOK_KEY_POSTCALL: key,
      WEBHOOK_KEY_ONBOARDING: key,
      RESEND_FROM: fc.emailAddress().filter((one) => !/["'`$\\\\#]/.test(one)),
    },
    { noNullPrototype: true },
  );
  const different = (values: Values): boolean =>
    new Set(Object.values(values)).size === Object.keys(values).length;

  test('come through whole, and are found sound on the other side', () => {
    fc.assert(
      fc.property(sound.filter(different), (values) => {
        const { given, faults } = readPlain(plain(values));
        const checked = checkServerFile(renderServerFile(given));

        assert.deepEqual([faults, checked.faults], [[], []]);
        assert.deepEqual(
          Object.fromEntries(checked.given.map(({ variable, value }) => [variable.name, value])),
          values,
        );
      }),
    );
  });

  test('are found out when one is encoded once more, on either side', () => {
    fc.assert(
      fc.property(sound.filter(different), fc.constantFrom(...Object.keys(SOUND)), (values: Values, name) => {
        const wanted = [`${name}: encoded in base64 once too often`];
        const twice = { ...values, [name]: base64(values[name] ?? '') };
        const made = parse(renderServerFile(readPlain(plain(values)).given));
        const onServer = serverName(variableOf(name) ?? assert.fail());

        assert.deepEqual(lines(readPlain(plain(twice)).faults), wanted);
        assert.deepEqual(checked({ ...made, [onServer]: base64(made[onServer] ?? '') }), [
          `${onServer}: encoded in base64 once too often`,
        ]);
      }),
    );
  });
});

describe('the list of variables', () => {
  test('is what the flows read, and the databases that deploying looks up', async () => {
    const { flows } = await readFlowFolder(join(root, 'flows/christmas'));
    const text = flows.map((flow) => flow.text).join('\n');
    const found = (pattern: RegExp): string[] =>
      [...text.matchAll(pattern)].flatMap(([, name]) => name ?? []);
    const read = [
      ...found(/secret\('([A-Z_]+)'\)/g).map((name) => `SECRET_${name}`),
      ...found(/envs\.([a-z_]+)/g).map((name) => `ENV_${name.toUpperCase()}`),
    ];
    const databases = CATALOGUE.filter(({ kind }) => kind === 'notion-database').map(serverName);

    assert.equal(databases.length, 5);
    // The run is the deployment's own: one for the whole server would let Resend take mails of two for one.
    const wanted = new Set([...read, ...databases].filter((name) => name !== 'ENV_RUN'));
    assert.deepEqual(new Set(CATALOGUE.map(serverName)), wanted);
  });

  test('is what .env.kestra.example has, where every value is empty', async () => {
    const example = parse(await readFile(join(root, '.env.kestra.example'), 'utf8'));

    assert.deepEqual(new Set(Object.keys(example)), new Set(CATALOGUE.map(({ name }) => name)));
    assert.deepEqual(Object.values(example).filter(Boolean), []);
  });
});

describe('npm run secrets', () => {
  let folder: string;
  let from: string;
  let to: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'secrets-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const run = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['--import', 'tsx', join(root, 'scripts/secrets/cli.ts'), ...args],
      { cwd: root, encoding: 'utf8', env: inheritedEnv() },
    );
    return { status, stdout, stderr, all: stdout + stderr };
  };
  const begin = async (name: string, values: Values, mode = 0o600): Promise<void> => {
    const own = join(folder, name);
    await mkdir(own);
    [from, to] = [join(own, 'plain.env'), join(own, 'made/kestra.env')];
    await writeFile(from, `# mine\n${plain(values)}\n`, { mode });
    await chmod(from, mode);
  };
  const modeOf = async (path: string): Promise<number> => (await stat(path)).mode & 0o777;
  const tellsNothing = (said: string): void => {
    for (const one of Object.values(SOUND)) assert.ok(!said.includes(one) && !said.includes(base64(one)));
  };

  test('writes a file for its owner alone, without a trace beside it, and finds it sound', async () => {
    await begin('sound', SOUND);

    const written = run('--from', from, '--to', to);
    const again = run('--from', from, '--to', to);
    const check = run('--check', to);

    assert.deepEqual([written.status, again.status, check.status], [0, 0, 0], written.all + check.all);
    assert.match(written.stdout, /^7 secrets and 6 settings are in /);
    assert.match(check.stdout, /: 7 secrets and 6 settings, 0 faults\.$/m);
    assert.deepEqual([await modeOf(to), await modeOf(join(to, '..'))], [0o600, 0o700]);
    assert.deepEqual(await readdir(join(to, '..')), ['kestra.env']);
    tellsNothing(written.all + check.all);
  });

  test('with a fault writes nothing and leaves what was there', async () => {
    await begin('faulty', SOUND);
    run('--from', from, '--to', to);
    const earlier = await readFile(to, 'utf8');
    await writeFile(from, plain({ ...SOUND, NOTION_TOKEN: SOUND.RESEND_API_KEY }));

    const { status, stdout, stderr, all } = run('--from', from, '--to', to);

    assert.equal(status, 1);
    assert.match(stderr, /^NOTION_TOKEN: this is a key of Resend .*: two values were swapped/m);
    assert.match(stdout, /2 faults in .*: nothing was written\./);
    assert.equal(await readFile(to, 'utf8'), earlier);
    tellsNothing(all);
  });

  test('makes the keys that are missing and keeps those that are there', async () => {
    await begin('keys', { ...without(SOUND, 'WEBHOOK_KEY_NOSHOW'), WEBHOOK_KEY_POSTCALL: '' });

    const missing = run('--from', from, '--to', to);
    const made = run('--from', from, '--to', to, '--generate-keys');
    const again = run('--from', from, '--to', to, '--generate-keys');
    const values = parse(await readFile(from));

    assert.deepEqual([missing.status, made.status, again.status], [1, 0, 0], made.all);
    assert.match(missing.stderr, /^WEBHOOK_KEY_NOSHOW: missing: npm run secrets -- --generate-keys/m);
    assert.match(made.stdout, /^WEBHOOK_KEY_NOSHOW, WEBHOOK_KEY_POSTCALL: made/);
    assert.doesNotMatch(again.stdout, /: made/);
    const { WEBHOOK_KEY_NOSHOW: noshow = '', WEBHOOK_KEY_POSTCALL: postcall = '', ...rest } = values;
    assert.deepEqual(rest, without(SOUND, 'WEBHOOK_KEY_NOSHOW', 'WEBHOOK_KEY_POSTCALL'));
    assert.deepEqual([noshow, postcall].map(guessable), [undefined, undefined]);
    assert.match(await readFile(from, 'utf8'), /^# mine\n/);
    assert.equal(await modeOf(from), 0o600);
    assert.ok(!made.all.includes(noshow) && !made.all.includes(postcall));
  });

  test('refuses a file that others can read, and one that git would take along', async () => {
    await begin('open', SOUND, 0o644);
    assert.match(run('--from', from, '--to', to).stderr, /others can read it \(mode 644\): chmod 600/);
    await chmod(from, 0o600);
    assert.match(run('--from', from, '--to', join(root, 'kestra.env')).stderr, /git would take it along/);
    await mkdir(join(to, '..'), { mode: 0o755 });
    assert.match(run('--from', from, '--to', to).stderr, /mode 755\): chmod 700/);
  });

  test('takes no value on the command line, and repeats none', () => {
    const { status, stderr } = run(SOUND.NOTION_TOKEN);

    assert.equal(status, 2);
    assert.match(stderr, /^1 words too many: values stand in a file/);
    tellsNothing(stderr);
    assert.equal(run('--check', '--generate-keys').status, 2);
    assert.match(run('--from', '/nowhere/.env').stderr, /no such file: copy \.env\.kestra\.example/);
  });
});
