import { about, expect, test } from '../../fixtures/index.ts';
import { collectionOf } from './fakes.ts';
import { failureOf } from './failure-of.ts';

const purpose = '"Exactly five mails" must not pass at the fifth while a sixth is on its way.';
const soon = { within: 60_000, quietFor: 1_000 };

test.describe('toSettleAt', { tag: '@harness', annotation: about({ feature: 'Harness', purpose }) }, () => {
  test('it passes when the number is reached and stays', async () => {
    await expect(collectionOf('mails', [], ['a'], ['a', 'b'])).toSettleAt(2, soon);
    await expect(collectionOf('mails', [])).toSettleAt(0, soon);
  });

  test('it fails when one more comes during the quiet time', async () => {
    const message = await failureOf(() =>
      expect(collectionOf('mails', ['a', 'b'], ['a', 'b', 'third']), 'two mails').toSettleAt(2, soon),
    );

    expect(message).toContain('two mails');
    expect(message).toContain('expected 2 mails within 60000 ms and no change for 1000 ms, received 3');
    expect(message).toContain('"third"');
  });

  test('it fails at once when there are too many already', async () => {
    const begun = Date.now();

    const message = await failureOf(() =>
      expect(collectionOf('mails', ['a', 'b'])).toSettleAt(0, { within: 60_000, quietFor: 60_000 }),
    );

    expect(message).toContain('received 2');
    expect(Date.now() - begun).toBeLessThan(30_000);
  });

  test('it times out when too few come', async () => {
    const message = await failureOf(() =>
      expect(collectionOf('mails', ['a'])).toSettleAt(2, { within: 150, quietFor: 60_000 }),
    );

    expect(message).toContain('received 1');
  });

  test('it has no negation', async () => {
    const message = await failureOf(() => expect(collectionOf('mails', [])).not.toSettleAt(1, soon));

    expect(message).toContain('toSettleAt has no negation');
  });
});
