import { about, expect, test } from '../../fixtures/index.ts';
import { inheritedEnv, readEnv } from '../../helpers/env.ts';

const purpose = 'A run with a wrong or missing setting must not start, least of all against a real machine.';
const failureOf = (read: () => unknown): string => {
  try {
    read();
    return 'no failure';
  } catch (error) {
    return String(error);
  }
};

test.describe('environment', { tag: '@harness', annotation: about({ feature: 'Harness', purpose }) }, () => {
  test('the local target needs no variable', async () => {
    expect(readEnv({})).toMatchObject({
      TARGET: 'local',
      TESTING_MINUTE_SECONDS: 5,
      OPEN_GATES: [],
    });
  });

  test('every fault is named at once, and no value is printed', async () => {
    const message = failureOf(() => readEnv({ TARGET: 'homelab', KESTRA_URL: 'no-url-but-a-secret' }));

    expect(message).toContain('KESTRA_URL');
    expect(message).toContain('KESTRA_USER: missing');
    expect(message).toContain('KESTRA_PASSWORD: missing');
    expect(message).not.toContain('no-url-but-a-secret');
  });

  test('a value that does not parse is refused, not replaced by a default', async () => {
    expect(failureOf(() => readEnv({ TESTING_MINUTE_SECONDS: 'five' }))).toContain('TESTING_MINUTE_SECONDS');
    expect(failureOf(() => readEnv({ TESTING_MINUTE_SECONDS: '0' }))).toContain('TESTING_MINUTE_SECONDS');
    expect(failureOf(() => readEnv({ TARGET: 'moon' }))).toContain('TARGET');
    expect(failureOf(() => readEnv({ KESTRA_VERSION: '2.0.1' }))).toContain(
      'KESTRA_VERSION: one of 1.3.31 and 2.0.0',
    );
  });

  test('gates are opened by a list with commas', async () => {
    expect(readEnv({ OPEN_GATES: '@blocked:one, @blocked:two,' }).OPEN_GATES).toEqual([
      '@blocked:one',
      '@blocked:two',
    ]);
  });

  test('a child process inherits nothing that could steer it to a real service', async () => {
    const mine = {
      PATH: '/bin',
      NOTION_TOKEN: 'n',
      SECRET_RESEND_API_KEY: 'r',
      ENV_NOTION_BASE_URL: 'u',
      KESTRA_PASSWORD: 'k',
    };

    expect(inheritedEnv({ SECRET_NOTION_TOKEN: 'given' }, mine)).toEqual({
      PATH: '/bin',
      SECRET_NOTION_TOKEN: 'given',
    });
  });
});
