import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeLead } from '../../helpers/factories/lead.ts';
import { TEST_MAILBOX } from '../../helpers/test-mailbox.ts';
import { drive, type Driver } from './drive.ts';
import { spreadOf } from './figures.ts';
import { dealt, factsOf, type Kind, mailsIn, readMix, USUAL_MIX } from './mix.ts';
import { estimated, type Plan } from './plan.ts';
import { furtherCostsOf, growthOf, growsTooMuch, repairedBy } from './report.ts';
import { heapIn } from './resources.ts';
import type { Result } from './run.ts';
import type { Visit } from './visit.ts';
import { type Look, untilQuiet } from './watch.ts';

test('500 leads of the usual mix are owed about 1900 mails, spread evenly', () => {
  const mix = readMix(USUAL_MIX);

  assert.equal(mailsIn(mix, 500), 1_910);
  assert.equal(mailsIn(mix, 50), 191);
  const kinds = dealt(mix, 100);
  assert.equal(kinds.filter((kind) => kind === 'assessment').length, 64);
  const first = kinds.slice(0, 50).filter((kind) => kind === 'onboarding').length;
  assert.equal(first, 3);
});

test('a mix that names no webhook, or does not make a hundred, is refused', () => {
  assert.throws(() => readMix('signup=50,booking=50'), /--mix: expected parts such as/);
  assert.throws(() => readMix('signup=50,assessment=49'), /the shares add up to 99; make them 100/);
});

test('every lead’s systems add up to eight', () => {
  for (let index = 0; index < 20; index += 1) {
    const { systems } = factsOf(index);
    assert.ok(systems);
    assert.equal(systems.red + systems.orange + systems.yellow + systems.green, 8);
  }
});

test('percentiles are those of the values', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);

  assert.deepEqual(spreadOf(hundred), { count: 100, p50: 51, p95: 95, p99: 99, max: 100 });
  assert.equal(spreadOf([]), undefined);
});

test('both generations of the heap count', () => {
  const text = [
    '4711:',
    ' DefNew     total 206464K, used 10240K [0x00000000c0000000, 0x00000000ce000000)',
    '  eden space 183552K,   0% used [0x00000000c0000000)',
    ' Tenured    total 174784K, used 102400K [0x00000000ce000000)',
    ' Metaspace       used 98304K, committed 99000K',
  ].join('\n');

  assert.equal(heapIn(text), 110);
  assert.equal(heapIn('garbage-first heap total 1K'), undefined);
});

const measured = (leads: number, perLeadS: number) =>
  ({ plan: { leads }, cpu: { perLeadS } }) as unknown as Result;

test('the cost per lead may grow by a fifth', () => {
  const within = [measured(500, 5.9), measured(50, 5)];
  assert.equal(growthOf(within)?.toFixed(2), '0.18');
  assert.equal(growsTooMuch(within), false);
  assert.equal(growsTooMuch([measured(50, 5), measured(500, 6.1)]), true);
  assert.equal(growthOf([measured(50, 5)]), undefined);
});

test('what the engine compiles at first does not hide that each further lead costs more', () => {
  const falling = [measured(50, 3), measured(150, 1.8), measured(500, 1.6)];

  assert.deepEqual(
    furtherCostsOf(falling).map((cost) => cost.toFixed(2)),
    ['1.20', '1.51'],
  );
  assert.equal(growsTooMuch(falling), true);
  assert.equal(growsTooMuch([measured(50, 3), measured(150, 1.8), measured(500, 1.3)]), false);
});

test('a repair is credited with what is no longer wrong', () => {
  assert.deepEqual(repairedBy({ fact: 9, row: 2, lost: 1 }, { fact: 2, lost: 1 }), { fact: 7, row: 2 });
});

test('Notion’s limit sets the length of a run that its calls fill', () => {
  const plan: Plan = {
    leads: 500,
    mix: readMix(USUAL_MIX),
    model: { kind: 'open', perMinute: 60 },
    minuteSeconds: 60,
    limits: false,
    outage: false,
    dueAtOnce: false,
    database: 'memory',
  };
  assert.equal(estimated(plan, 2, 4).totalS, 1_000);
  assert.equal(Math.round(estimated({ ...plan, limits: true }, 2, 4).totalS), 4_987);
  assert.equal(Math.round(estimated({ ...plan, leads: 2 }, 2, 4).totalS), 241);
});

const looks = (...all: Look[]) => {
  const left = [...all];
  return async (): Promise<Look> => (left.length > 1 ? left.shift() : left[0]) ?? { mails: 0, open: 0 };
};
const past = new Date(0);

test('it is quiet when two looks after the last webhook find nothing open', async () => {
  const seen: number[] = [];
  const before = { mails: 0, open: 0 };
  const read = looks(before, before, { mails: 1, open: 2 }, { mails: 2, open: 0 });
  let asked = 0;

  const stalled = await untilQuiet({
    read,
    over: () => (asked += 1) > 2,
    due: () => past,
    onLook: ({ open }) => seen.push(open),
    everyMs: 1,
  });

  assert.equal(stalled, undefined);
  assert.deepEqual(seen, [0, 0, 2, 0, 0]);
});

test('what stands still after its time is told, not waited for', async () => {
  const stalled = await untilQuiet({
    read: looks({ mails: 3, open: 1 }),
    over: () => true,
    due: () => past,
    everyMs: 1,
    stalledMs: 50,
  });

  assert.match(stalled ?? '', /^1 executions have not ended, and nothing has changed for 0\.05 s$/);
});

const visitsOf = (...kinds: Kind[]): Visit[] =>
  kinds.map((kind) => ({ lead: makeLead(TEST_MAILBOX), kind, calls: [] }));

/** A Kestra whose handlers end when they are told to. */
function fakeKestra(): Driver & { log: string[]; end: (id: string, why?: string) => void } {
  const log: string[] = [];
  const waiting = new Map<string, (why: string | undefined) => void>();
  return {
    log,
    send: async (webhook) => {
      log.push(webhook);
      return { status: 200, executionId: `${webhook}${log.length}` };
    },
    ended: (id) => new Promise((resolve) => waiting.set(id, resolve)),
    end: (id, why) => waiting.get(id)?.(why),
  };
}

const turn = () => new Promise((resolve) => setTimeout(resolve, 20));

test('closed: the next lead comes when the handlers of one before have ended', async () => {
  const kestra = fakeKestra();
  const done = drive(visitsOf('signup', 'signup', 'signup'), { kind: 'closed', atOnce: 2 }, kestra);

  await turn();
  assert.equal(kestra.log.length, 2);
  kestra.end('signup2');
  await turn();
  assert.equal(kestra.log.length, 3);
  kestra.end('signup1');
  kestra.end('signup3');
  await done;
});

test('open: leads arrive whatever becomes of those before, and each waits for its own handler alone', async () => {
  const kestra = fakeKestra();
  const visits = visitsOf('assessment', 'signup', 'signup');
  const done = drive(visits, { kind: 'open', perMinute: 60_000 }, kestra);

  await turn();
  assert.deepEqual(kestra.log, ['signup', 'signup', 'signup']);
  kestra.end('signup1');
  await done;
  assert.deepEqual(
    visits[0]?.calls.map(({ webhook }) => webhook),
    ['signup', 'assessment'],
  );
  assert.ok(visits[0]?.email1SentAt);
});

test('a story whose handler does not end, or whose webhook is refused, stops and says so', async () => {
  const kestra = fakeKestra();
  const [stuck, refused] = visitsOf('assessment', 'assessment');
  assert.ok(stuck && refused);
  const going = drive([stuck], { kind: 'closed', atOnce: 1 }, kestra);
  await turn();
  kestra.end('signup1', 'it is QUEUED after 1800 s');
  await going;
  await drive([refused], { kind: 'closed', atOnce: 1 }, { ...kestra, send: async () => ({ status: 503 }) });

  assert.equal(stuck.trouble, 'the handler of signup: it is QUEUED after 1800 s');
  assert.equal(refused.trouble, 'signup was not taken');
  assert.equal(refused.calls[0]?.status, 503);
});
