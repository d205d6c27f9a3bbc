import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { about, expect, test } from '../../fixtures/index.ts';
import { BUDGET } from '../../helpers/budgets.ts';
import { mailOrder } from '../../helpers/factories/mail-order.ts';
import { drift, exitCodeOf } from '../../scripts/drift/run.ts';
import { subjects } from '../../scripts/drift/subjects.ts';
import { textOf } from '../../scripts/drift/tell.ts';

const purpose =
  'The nightly look at real services compares with captures of this engine; they must be what it answers today.';

test.use({ mode: 'production' });

test.describe('drift', { tag: '@engine', annotation: about({ feature: 'Harness', purpose }) }, () => {
  test('the local stack answers every request as its captures say, and none of the lead’s data is captured', async ({
    lead,
    kestra,
    target,
  }, testInfo) => {
    const mail = await kestra.start('send-email', mailOrder(lead, 2));
    await expect(mail, 'there is a mail to look at').toReachState('SUCCESS', { within: BUDGET.mailMs });
    const refused = await kestra.start('send-email', mailOrder(lead, 1));
    await expect(refused, 'there is a failure to look at').toReachState('FAILED', { within: BUDGET.mailMs });
    const captures = testInfo.outputPath('captures');

    const checks = await drift({
      subjects: subjects({ namespace: target.namespaces.production }),
      captures,
      today: '2025-12-01',
    });

    expect(exitCodeOf(checks), textOf(checks)).toBe(0);
    expect(
      checks.filter(({ outcome }) => outcome !== 'same'),
      textOf(checks),
    ).toEqual([]);
    const file = join(captures, 'ours/kestra/mails-sent.json');
    expect(existsSync(file)).toBe(true);
    const text = readFileSync(file, 'utf8');
    expect([lead.email, lead.firstName, mail.id].filter((value) => text.includes(value))).toEqual([]);
    expect(text, 'a local engine is nothing real').toContain('"origin": "embedded 1.3.31"');
  });
});
