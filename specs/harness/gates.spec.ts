import { about, expect, test } from '../../fixtures/index.ts';
import { type Circumstances, decide, type Decision, type GatedTest, runGated } from '../../helpers/gates.ts';

const purpose =
  'A test that waits for others must say so, and must speak up on the day they deliver or something else breaks.';
const owed = {
  needs: 'the booking page to call us',
  owner: 'the website’s team',
  issue: 'https://tracker.test/41',
  since: '2025-12-01',
};
const twice = { ...owed, needs: 'one confirmation only', symptom: /received 2/ };
const gates = {
  '@blocked:booking': owed,
  '@blocked:twice': twice,
  '@blocked:faults': { ...owed, liftedBy: 'faults' as const },
  '@blocked:dates': { ...twice, onlyOn: '2.x' as const },
};
const closed: Circumstances = { gates, open: [], powers: () => new Set(), dialect: () => '1.x' };

/** A test's run by `decision`, with a body that fails with `message`, or passes. */
async function run(decision: Decision, message?: string) {
  const said: string[] = [];
  const errors: Array<{ message: string }> = [];
  const gated: GatedTest = {
    skip: (_, reason) => {
      throw new Error(`skipped: ${reason}`); // as Playwright does
    },
    fail: (_, reason) => said.push(reason),
    errors,
    expectedStatus: decision.kind === 'expect-failure' ? 'failed' : 'passed',
  };
  await runGated(decision, gated, async () => {
    if (message) errors.push({ message });
  }).catch((error: unknown) => said.push(String(error)));
  return { said: said.join('\n'), expectedStatus: gated.expectedStatus };
}

test.describe('gates', { tag: '@harness', annotation: about({ feature: 'Harness', purpose }) }, () => {
  test('a test without a gate runs, one with a closed gate is skipped and says what is missing', async () => {
    expect(decide(['@webhook'], closed)).toEqual({ kind: 'run' });

    const { said } = await run(decide(['@webhook', '@blocked:booking'], closed));

    expect(said).toContain('skipped: Blocked since 2025-12-01: needs the booking page to call us');
    expect(said).toContain('https://tracker.test/41');
  });

  test('a tag that is in no registry fails the test', async () => {
    const { said } = await run(decide(['@blocked:boooking'], closed));

    expect(said).toContain('No such gate in helpers/gates.ts: @blocked:boooking');
    expect(decide(['@blocked'], closed).kind).toBe('refuse');
    expect(decide(['@blocked:toString'], closed).kind).toBe('refuse');
  });

  test('a gate opens by its name, by "all", or by a power of the target', async () => {
    expect(decide(['@blocked:booking'], { ...closed, open: ['@blocked:booking'] }).kind).toBe('run');
    expect(decide(['@blocked:booking'], { ...closed, open: ['all'] }).kind).toBe('run');
    expect(decide(['@blocked:booking'], { ...closed, open: ['@blocked:twice'] }).kind).toBe('skip');
    expect(decide(['@blocked:faults'], closed).kind).toBe('skip');
    expect(decide(['@blocked:faults'], { ...closed, powers: () => new Set(['faults'] as const) }).kind).toBe(
      'run',
    );
  });

  test('a gate of one line of Kestra is closed on that line alone', async () => {
    expect(decide(['@blocked:dates'], { ...closed, dialect: () => '2.x' }).kind).toBe('expect-failure');
    expect(decide(['@blocked:dates'], { ...closed, dialect: () => '1.x' }).kind).toBe('run');
    expect(decide(['@blocked:dates'], { ...closed, dialect: () => undefined }).kind).toBe('run');
    expect(decide(['@blocked:dates'], { ...closed, dialect: () => '2.x', open: ['all'] }).kind).toBe('run');
  });

  test('with a symptom the test must fail, and in just this way', async () => {
    const decision = decide(['@blocked:twice'], closed);

    expect(await run(decision, 'expected 1, received 2')).toMatchObject({ expectedStatus: 'failed' });
    expect(await run(decision)).toMatchObject({ expectedStatus: 'failed' }); // Playwright: expected to fail, but passed
    expect(await run(decision, 'connect ECONNREFUSED')).toMatchObject({ expectedStatus: 'passed' });
  });

  test('something that is absent wins over something that is wrong', async () => {
    expect(decide(['@blocked:twice', '@blocked:booking'], closed).kind).toBe('skip');
    expect(decide(['@blocked:twice', '@blocked:misspelt'], closed).kind).toBe('refuse');
  });
});
