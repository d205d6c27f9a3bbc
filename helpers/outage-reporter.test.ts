import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Outage } from './outage-file.ts';
import { Watch } from './outage-reporter.ts';
import { type Service, troubleOf } from './services.ts';

const service = (name: Service['name'], ...answers: Array<number | 'none'>): Service => {
  let asked = 0;
  return {
    name,
    ask: async () => {
      const answer = answers[Math.min(asked++, answers.length - 1)];
      if (typeof answer !== 'number') throw new Error('connect ECONNREFUSED');
      return Promise.resolve(answer);
    },
  };
};
const told: Outage[] = [];
const watch = (...services: Service[]) => {
  told.length = 0;
  return new Watch(services, (outage) => told.push(outage), 300);
};

test('any answer shows a service alive, but one of its own trouble; a limit of our rate is not the end of it', async () => {
  assert.equal(await troubleOf([service('Kestra', 401), service('Notion', 404)]), undefined);
  assert.deepEqual(await troubleOf([service('Kestra', 200), service('Notion', 503)]), {
    service: 'Notion',
    what: 'answered 503',
    down: true,
  });
  assert.equal((await troubleOf([service('Resend', 429)]))?.down, false);
  assert.deepEqual(
    await troubleOf([service('Resend', 429), service('Kestra', 'none')]),
    { service: 'Kestra', what: 'gave no answer', down: true },
    'what is gone goes before what is slow',
  );
});

test('a service that stays away is told once, with the moment at which it was well', async () => {
  const kestra = watch(service('Kestra', 200, 'none'));
  await kestra.look();
  const well = Date.now();
  await Promise.all([kestra.look(), kestra.look()]);
  await kestra.look();

  assert.equal(told.length, 1);
  const [outage] = told;
  assert.equal(outage?.service, 'Kestra');
  assert.ok(Date.parse(outage?.wellAt ?? '') <= well);
  assert.ok(Date.parse(outage?.seenAt ?? '') >= Date.parse(outage?.wellAt ?? ''));
});

test('a service that is back in a moment, or limits our rate, is no outage', async () => {
  const back = watch(service('Kestra', 'none', 200));
  await back.look();
  assert.deepEqual(told, []);

  const slow = watch(service('Notion', 429));
  await slow.look();
  assert.deepEqual(told, []);
});

test('when the run is over nobody is told', async () => {
  const gone = watch(service('Kestra', 'none'));
  await gone.end();
  await gone.look();

  assert.deepEqual(told, []);
});
