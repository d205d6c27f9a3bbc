import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { dialectOf } from '../../helpers/clients/kestra-dialect.ts';
import { inheritedEnv } from '../../helpers/env.ts';
import { root } from '../../stack/paths.ts';
import { openAccess } from './access.ts';
import { clockVerdict, skewMs } from './clock.ts';
import { Blocked, type Check, examine, fault, type Verdict, well } from './examine.ts';
import { reportText, withoutSecrets } from './report.ts';
import {
  deploymentVerdict,
  keyHash,
  modeVerdict,
  sameVerdict,
  secretsVerdict,
  senderVerdict,
  versionVerdict,
  webhookKeysVerdict,
} from './verdicts.ts';

const check = (id: string, run: Check['run'], more: Partial<Check> = {}): Check => ({
  id,
  run,
  withinMs: 1_000,
  remedy: `mend ${id}`,
  ...more,
});
const passes = async (): Promise<Verdict> => well('well');
const told = (verdict: Verdict): string =>
  verdict.ok ? `ok: ${verdict.told}` : `${verdict.told} → ${verdict.remedy}`;

describe('running the checks', () => {
  test('what needs a check that failed is not run, and what needs that one neither; the rest is', async () => {
    const ran: string[] = [];
    const noted = (id: string) => async () => (ran.push(id), well('well'));
    const lines = await examine([
      check('kestra', async () => fault('dead', 'start it')),
      check('login', noted('login'), { needs: ['kestra'] }),
      check('version', noted('version'), { needs: ['login'] }),
      check('clock', noted('clock'), { after: ['kestra', 'version'] }),
      check('site', noted('site')),
    ]);

    assert.deepEqual(
      lines.map(({ id, status, told: what, remedy }) => [id, status, what, remedy]),
      [
        ['kestra', 'failed', 'dead', 'start it'],
        ['login', 'not checked', 'not checked: kestra comes first', undefined],
        ['version', 'not checked', 'not checked: login comes first', undefined],
        ['clock', 'ok', 'well', undefined],
        ['site', 'ok', 'well', undefined],
      ],
    );
    assert.deepEqual(ran.toSorted(), ['clock', 'site']);
  });

  test('independent checks run at the same time', async () => {
    let begun = 0;
    let release: () => void = () => undefined;
    const all = new Promise<void>((resolve) => (release = resolve));
    const together = async (): Promise<Verdict> => {
      begun += 1;
      if (begun === 3) release();
      await all;
      return well('well');
    };

    const lines = await examine(['a', 'b', 'c'].map((id) => check(id, together)));

    assert.deepEqual(
      lines.map(({ status }) => status),
      ['ok', 'ok', 'ok'],
    );
  });

  test('one that takes too long fails by itself and is told to stop; the others are not held up', async () => {
    let stopped = false;
    const hangs = (signal: AbortSignal) =>
      new Promise<Verdict>((_, reject) =>
        signal.addEventListener('abort', () => {
          stopped = true;
          reject(new Error('aborted'));
        }),
      );

    const lines = await examine([check('hangs', hangs, { withinMs: 20 }), check('quick', passes)]);

    assert.deepEqual(
      lines.map(({ status, told: what, remedy }) => [status, what, remedy]),
      [
        ['failed', 'no answer within 0.02 s', 'mend hangs'],
        ['ok', 'well', undefined],
      ],
    );
    assert.ok(stopped);
  });

  test('what nobody foresaw is a fault with the check’s remedy, and a missing ground is none', async () => {
    const lines = await examine([
      check('breaks', async () => {
        throw new Error(`a\nlong ${'x'.repeat(400)}`);
      }),
      check('lacks', async () => {
        throw new Blocked('variables');
      }),
    ]);

    assert.equal(lines[0]?.status, 'failed');
    assert.match(lines[0]?.told ?? '', /^a long x{290,300}…$/);
    assert.equal(lines[0]?.remedy, 'mend breaks');
    assert.deepEqual(
      [lines[1]?.status, lines[1]?.told],
      ['not checked', 'not checked: variables comes first'],
    );
  });

  test('what is skipped is not run, and what needs it is not checked', async () => {
    const lines = await examine(
      [check('same', async () => fault('differs', 'deploy')), check('after', passes, { needs: ['same'] })],
      new Set(['same']),
    );

    assert.deepEqual(
      lines.map(({ status }) => status),
      ['skipped', 'not checked'],
    );
  });

  test('a check that waits for a later one is refused', async () => {
    await assert.rejects(
      examine([check('a', passes, { after: ['b'] }), check('b', passes)]),
      /a waits for b/,
    );
  });
});

describe('the clock', () => {
  const at = Date.parse('2025-12-01T08:00:00.000Z');
  const glance = (service: string, aheadMs: number) => ({
    service,
    date: new Date(at + aheadMs).toUTCString(),
    askedAt: at,
    answeredAt: at + 200,
  });

  test('is right whatever the second and the way of the answer', () => {
    const ways = fc.record({ moment: fc.nat(10_000), out: fc.nat(3_000), back: fc.nat(3_000) });
    fc.assert(
      fc.property(ways, ({ moment, out, back }) => {
        const told = at + moment;
        const seen = {
          service: 'x',
          date: new Date(told).toUTCString(),
          askedAt: told - out,
          answeredAt: told + back,
        };
        assert.equal(skewMs(seen), 0);
      }),
    );
  });

  test('of one service that is wrong is told with that service', () => {
    assert.equal(
      told(clockVerdict([glance('Resend', 0), glance('Notion', 0)])),
      'ok: within 5 s of Notion, Resend',
    );
    assert.equal(
      told(clockVerdict([glance('Kestra', 60_000), glance('Notion', 0)])),
      'Kestra is 60 s ahead → set the clock there by the net (timedatectl set-ntp true)',
    );
    assert.match(
      told(clockVerdict([glance('Kestra', -60_000)])),
      /^Kestra is 59 s behind → set the clock there/,
    );
  });

  test('of this machine is meant when everybody else’s is wrong', () => {
    assert.match(
      told(clockVerdict([glance('Kestra', 90_000), glance('Notion', 90_000)])),
      /^Kestra is 90 s ahead, Notion is 90 s ahead → set this machine's clock/,
    );
  });
});

describe('Kestra’s version', () => {
  test('is one of three dialects, or named as none', () => {
    assert.deepEqual(['0.20.1', '0.24.0', '1.3.31', 'v1.0.0-rc2', '2.0.0-SNAPSHOT'].map(dialectOf), [
      '0.2x',
      '0.2x',
      '1.x',
      '1.x',
      '2.x',
    ]);
    for (const other of ['0.9.1', '3.0.0', '', 'latest'])
      assert.throws(() => dialectOf(other), /This client speaks 0\.20 to 0\.29, 1\.x and 2\.x/);
  });

  test('other than 1.x is a fault, and another 1.x is said', () => {
    assert.equal(told(versionVerdict('1.3.31')), 'ok: 1.3.31, dialect 1.x');
    assert.equal(told(versionVerdict('1.4.0')), 'ok: 1.4.0, dialect 1.x; the flows are proven on 1.3.31');
    assert.match(
      told(versionVerdict('2.0.0')),
      /^2\.0\.0, dialect 2\.x: .*dates → run kestra\/kestra:v1\.3\.31$/,
    );
    assert.match(told(versionVerdict('0.24.3')), /^0\.24\.3, dialect 0\.2x: too old/);
    assert.match(told(versionVerdict('latest')), /This client speaks 0\.20 to 0\.29, 1\.x and 2\.x/);
  });
});

describe('production’s mode', () => {
  const on = (): string => 'true';
  const off = (): string => '';
  const never = (): string => assert.fail('the server is not asked');

  test('is its own setting first, and the server’s only without one', () => {
    assert.match(
      told(modeVerdict('christmas', true, never)),
      /^christmas would run in TESTING_MODE: its own setting/,
    );
    assert.match(told(modeVerdict('christmas', 'true', never)), /would run in TESTING_MODE/);
    assert.match(told(modeVerdict('christmas', false, never)), /^ok: .*its own setting/);
    assert.match(
      told(modeVerdict('christmas', undefined, on)),
      /^christmas would run in TESTING_MODE: the server's ENV_TESTING_MODE .*→ take ENV_TESTING_MODE from the server/,
    );
    assert.match(told(modeVerdict('christmas', undefined, off)), /^ok: /);
  });
});

describe('what the health-check told', () => {
  const keys = {
    signup: 'key-1',
    assessment: 'key-2',
    noshow: 'key-3',
    postcall: 'key-4',
    onboarding: 'key-5',
  };
  const hashes = Object.fromEntries(Object.entries(keys).map(([name, key]) => [name, keyHash('exec', key)]));
  const check_ = (webhook_keys: Record<string, string>) => ({
    executionId: 'exec',
    told: { server_testing_mode: '', webhook_keys: webhook_keys as typeof keys },
  });

  test('tells a key that is another, one that is swapped, and one the server lacks', () => {
    assert.equal(
      told(webhookKeysVerdict(check_(hashes), keys)),
      "ok: all 5 are the server's; none was fired",
    );
    const { signup = '', noshow = '' } = hashes;
    assert.match(
      told(webhookKeysVerdict(check_({ ...hashes, signup: noshow, noshow: signup, postcall: '' }), keys)),
      /^WEBHOOK_KEY_SIGNUP: the server has another; WEBHOOK_KEY_NOSHOW: the server has another; WEBHOOK_KEY_POSTCALL: the server has none → /,
    );
    assert.match(
      told(webhookKeysVerdict({ ...check_(hashes), executionId: 'another' }, keys)),
      /^WEBHOOK_KEY_SIGNUP: the server has another/,
    );
  });

  test('its findings about secrets and about the deployment are two lines', () => {
    const judged = {
      faults: [
        'NOTION_TOKEN: Notion refuses it',
        'RESEND_FROM: no sender is set',
        'contacts: Notion does not find it',
      ],
      losses: ['template 5-Day E2: gone'],
      notes: ['SLACK_WEBHOOK_URL is not set'],
      sender: 'ada@mail.test',
    };

    assert.match(
      told(secretsVerdict({ judged }, new Set())),
      /^NOTION_TOKEN: Notion refuses it; RESEND_FROM: no sender is set → npm run secrets -- --check/,
    );
    assert.match(
      told(deploymentVerdict({ judged })),
      /^contacts: Notion does not find it; template 5-Day E2: gone → share/,
    );
    assert.match(
      told(secretsVerdict({ judged: { ...judged, faults: [] } }, new Set())),
      /^ok: .*; SLACK_WEBHOOK_URL is not set$/,
    );
    assert.match(told(deploymentVerdict({ judged: { ...judged, faults: [], losses: [] } })), /^ok: /);
  });
});

describe('a service that is down', () => {
  const judgedOf = (...faults: string[]) => ({ judged: { faults, losses: [], notes: [], sender: '' } });
  const silent = 'NOTION_TOKEN: Notion gives no answer';
  const down = new Set(['Notion'] as const);

  test('is not told a second time by the secrets, and hides no other fault of theirs', () => {
    assert.throws(() => secretsVerdict(judgedOf(silent), down), /^Error: not checked: notion comes first/);
    assert.throws(() => secretsVerdict(judgedOf('NOTION_TOKEN: Notion answers 503'), down), Blocked);
    assert.match(
      told(secretsVerdict(judgedOf(silent, 'RESEND_API_KEY: the server has no such secret'), down)),
      /^RESEND_API_KEY: the server has no such secret →/,
    );
  });

  test('for the server alone is the server’s fault', () => {
    assert.match(
      told(secretsVerdict(judgedOf(silent), new Set())),
      /^NOTION_TOKEN: Notion gives no answer →/,
    );
    assert.match(
      told(secretsVerdict(judgedOf('NOTION_TOKEN: Notion refuses it'), down)),
      /^NOTION_TOKEN: Notion refuses it/,
    );
  });
});

describe('a deployment beside the repository', () => {
  test('tells what differs, what is missing and what is too many, and not without end', () => {
    assert.match(told(sameVerdict([], 3, 'christmas')), /^ok: 3 flows and files/);
    const differences = [
      { path: 'a.yaml', kind: 'changed' },
      { path: 'lib/b.py', kind: 'added' },
      { path: 'z.yaml', kind: 'only deployed' },
    ] as const;
    assert.equal(
      told(sameVerdict(differences, 3, 'christmas')),
      'a.yaml differs, lib/b.py is missing, z.yaml is not in the repository → npm run flows -- diff --namespace christmas, then deploy',
    );
    const many = Array.from({ length: 9 }, (_, n) => ({ path: `${n}.yaml`, kind: 'added' as const }));
    assert.match(told(sameVerdict(many, 9, 'christmas')), /5\.yaml is missing, and 3 more →/);
  });
});

describe('the sender', () => {
  test('must be of a domain that is verified itself', () => {
    const domains = [
      { name: 'mail.test', status: 'verified' },
      { name: 'new.test', status: 'not_started' },
    ];
    assert.equal(told(senderVerdict('Ada <ada@Mail.test>', domains)), 'ok: mail.test is verified');
    assert.match(told(senderVerdict('ada@new.test', domains)), /^new\.test is not started at Resend →/);
    assert.match(
      told(senderVerdict('ada@sub.mail.test', domains)),
      /^Resend does not know sub\.mail\.test →/,
    );
  });
});

describe('the variables of an attached target', () => {
  const id = (digit: string): string => `${digit.repeat(8)}-4567-4abc-8def-0123456789ab`;
  const SOUND: Record<string, string> = {
    TARGET: 'homelab',
    KESTRA_URL: 'https://kestra.test',
    KESTRA_USER: 'ada@mail.test',
    KESTRA_PASSWORD: 'K1-word-of-kestra',
    NOTION_TOKEN: 'ntn_a1B2c3D4e5F6g7H8i9J0',
    NOTION_CONTACTS_DB_ID: id('a'),
    NOTION_EMAIL_SEQUENCE_DB_ID: id('b'),
    NOTION_EMAIL_TEMPLATES_DB_ID: id('c'),
    NOTION_EMAIL_ANALYTICS_DB_ID: id('d'),
    NOTION_CUSTOMER_PROJECTS_DB_ID: id('e'),
    RESEND_API_KEY: 're_a1B2c3D4_e5F6g7H8i9J0',
    WEBHOOK_KEY_SIGNUP: 'q7Zt0_mRv3XwK9pLb2Ns-5Fd',
    WEBHOOK_KEY_ASSESSMENT: 'Yc6Jh1uGq8TzB4xVn0Ko-3Wa',
    WEBHOOK_KEY_NOSHOW: 'Md2Pe9sRf5LiC7yHk1Ub-8Qv',
    WEBHOOK_KEY_POSTCALL: 'Xg4Nw0tZj6DoS3aEv8Rl-1Km',
    WEBHOOK_KEY_ONBOARDING: 'Tb9Iu2fHc7QpM5zGx0Yd-4Jn',
    SITE_URL: 'https://site.test',
  };
  const parts = (variables: Record<string, string>): string[] =>
    Object.keys(openAccess(variables)).filter((part) => !['target', 'variables', 'secrets'].includes(part));

  test('give access to each part whose own are sound', () => {
    const access = openAccess(SOUND);
    assert.equal(told(access.variables), 'ok: all 16 are there');
    assert.equal(access.notion?.databases.tracker, SOUND['NOTION_EMAIL_SEQUENCE_DB_ID']);
    assert.deepEqual(parts(SOUND), ['kestra', 'notion', 'resend', 'webhookKeys', 'site']);
    const { KESTRA_PASSWORD: _, NOTION_CONTACTS_DB_ID: __, ...rest } = SOUND;
    assert.match(
      told(openAccess(rest).variables),
      /^missing: KESTRA_PASSWORD, NOTION_CONTACTS_DB_ID → write them into \.env/,
    );
    assert.deepEqual(parts(rest), ['resend', 'webhookKeys', 'site']);
  });

  test('are faulty with a login or a path in an address, and with one value in two places', () => {
    for (const [change, reason] of [
      [{ KESTRA_URL: 'https://ada:word@kestra.test' }, /^KESTRA_URL: a login in the address →/],
      [
        { KESTRA_URL: 'https://kestra.test/ui/main' },
        /^KESTRA_URL: more than the address: leave out \/api and \/ui →/,
      ],
      [{ SITE_URL: 'site.test' }, /^SITE_URL: no http address →/],
      [
        { WEBHOOK_KEY_NOSHOW: 'q7Zt0_mRv3XwK9pLb2Ns-5Fd' },
        /^WEBHOOK_KEY_NOSHOW: the same value as WEBHOOK_KEY_SIGNUP →/,
      ],
    ] as const) {
      assert.match(told(openAccess({ ...SOUND, ...change }).variables), reason);
    }
  });

  test('are never repeated', () => {
    const value = fc.oneof(
      fc.stringMatching(/^[a-z0-9:/@.-]{8,40}$/),
      fc.constantFrom(...Object.values(SOUND)),
    );
    const names = Object.keys(SOUND).filter((name) => name !== 'TARGET');
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names), value), (change) => {
        const said = told(openAccess({ ...SOUND, ...change }).variables);
        for (const one of Object.values(change)) assert.ok(!said.includes(one), said);
      }),
    );
  });

  test('with another target than the two say so', () => {
    assert.match(told(openAccess({ TARGET: 'moon' }).variables), /^TARGET: neither local nor homelab →/);
  });
});

describe('the report', () => {
  test('holds no secret in any form, and keeps ordinary words', () => {
    const secret = 'ntn_a1B2c3D4e5F6g7H8i9J0';
    const lines = [
      {
        id: 'site',
        status: 'failed' as const,
        told: `said ${secret} and ${Buffer.from(secret).toString('base64')}\nat once`,
        remedy: `use ${secret}`,
        tookMs: 1,
      },
      { id: 'long-name', status: 'not checked' as const, told: 'not checked: site comes first', tookMs: 0 },
    ];
    const report = { target: 'homelab', namespace: 'christmas', production: 'christmas', ok: false, lines };

    const text = reportText(withoutSecrets(report, [secret, 'a', '']));

    assert.equal(
      text,
      [
        'Target homelab, deployment christmas',
        '✗ site       said *** and *** at once → use ***',
        '– long-name  not checked: site comes first',
        '0 well, 1 not, 1 not checked.',
        'Nothing was changed.',
      ].join('\n'),
    );
  });
});

describe('npm run doctor', () => {
  const run = (args: string[], variables: Record<string, string> = {}) =>
    spawnSync(process.execPath, ['--import', 'tsx', join(root, 'scripts/doctor/cli.ts'), ...args], {
      cwd: root,
      encoding: 'utf8',
      env: inheritedEnv({ TARGET: 'local', FUNNEL_STACK_FILE: '/nowhere/stack.json', ...variables }),
    });

  test('ends with 2 and says how it is used when what was typed makes no sense', () => {
    for (const [args, reason] of [
      [['christmas'], /^options alone, not 1 words/],
      [['--namespace', 'Christmas!'], /^--namespace takes lower-case letters/],
      [['--skip', 'same,everything'], /^--skip: no line is called everything/],
      [['--fast'], /^Unknown option '--fast'/],
    ] as const) {
      const { status, stderr } = run([...args]);
      assert.equal(status, 2);
      assert.match(stderr, reason);
      assert.match(stderr, /Usage: npm run doctor/);
    }
  });

  test('without anything to look at is one fault, and the rest is not checked', () => {
    for (const variables of [{}, { TARGET: 'homelab', ...emptied }]) {
      const { status, stdout } = run([], variables);
      assert.equal(status, 1);
      assert.deepEqual(
        [...stdout.matchAll(/^✗ (\S+)/gm)].map(([, id]) => id),
        ['variables'],
        stdout,
      );
      assert.match(stdout, /^0 well, 1 not, 18 not checked\.\nNothing was changed\.$/m);
    }
  });

  /** Whatever a `.env` of this machine says. */
  const emptied = Object.fromEntries(
    ['KESTRA_URL', 'NOTION_TOKEN', 'RESEND_API_KEY', 'WEBHOOK_KEY_SIGNUP', 'SITE_URL'].map((name) => [
      name,
      '',
    ]),
  );
});
