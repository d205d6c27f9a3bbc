import { about, expect, test } from '../../fixtures/index.ts';
import { handleOn } from './fakes.ts';
import { failureOf } from './failure-of.ts';

const purpose = 'Every spec trusts this matcher with "the flow ended well": it has to fail when it did not.';

test.describe('toReachState', { tag: '@harness', annotation: about({ feature: 'Harness', purpose }) }, () => {
  test('it passes when the execution gets there', async () => {
    await expect(handleOn('CREATED', 'RUNNING', 'SUCCESS')).toReachState('SUCCESS', { within: 60_000 });
  });

  test('it fails as soon as the execution has ended elsewhere, and shows the path', async () => {
    const begun = Date.now();

    const message = await failureOf(() =>
      expect(handleOn('RUNNING', 'FAILED'), 'the handler ends well').toReachState('SUCCESS', {
        within: 60_000,
      }),
    );

    expect(message).toContain('the handler ends well');
    expect(message).toContain('expected SUCCESS within 60000 ms, was FAILED');
    expect(message).toContain('path: CREATED → FAILED');
    expect(message).toContain('execution: e1 of christmas.send-email');
    expect(Date.now() - begun).toBeLessThan(30_000);
  });

  test('it times out on an execution that never ends', async () => {
    const message = await failureOf(() =>
      expect(handleOn('RUNNING')).toReachState('SUCCESS', { within: 150 }),
    );

    expect(message).toContain('expected SUCCESS within 150 ms, was RUNNING after');
  });

  test('a state that Kestra invents later is not taken for an end', async () => {
    await expect(handleOn('HIBERNATING', 'SUCCESS')).toReachState('SUCCESS', { within: 60_000 });
  });

  test('it has no negation', async () => {
    const message = await failureOf(() =>
      expect(handleOn('SUCCESS')).not.toReachState('FAILED', { within: 60_000 }),
    );

    expect(message).toContain('toReachState has no negation');
  });
});
