import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ALIASES, FIELDS, hostileBodies } from '../../helpers/factories/hostile-payloads.ts';
import { makeLead } from '../../helpers/factories/lead.ts';
import { honestBodies } from '../../helpers/factories/payloads.ts';
import { SEED } from '../../helpers/seed.ts';
import { TEST_MAILBOX } from '../../helpers/test-mailbox.ts';
import { probePayloads } from './payload-probe.ts';

const COUNT = 400;
const honest = honestBodies(makeLead(TEST_MAILBOX), '2025-11-29T10:30:00Z');

// The same bodies in hundreds, without an engine: of what a spec posts, some are of these.
for (const webhook of Object.keys(honest) as (keyof typeof honest)[]) {
  test(`${webhook}: hostile payloads go for the fields that its flow reads, and for all of them`, () => {
    const named = [...FIELDS[webhook].text, ...FIELDS[webhook].strict];
    const bodies = [
      honest[webhook],
      ...named.filter((name) => name in ALIASES).map((name) => ({ [name]: 'x' })),
    ];
    const asked = probePayloads(
      webhook,
      bodies.map((body) => JSON.stringify(body)),
    ).flatMap((probe) => probe.asked);

    assert.deepEqual(new Set(asked), new Set(['email', ...named]));
  });

  test(`${webhook}: every hostile payload is refused with reasons, or accepted as clean data`, () => {
    const bodies = hostileBodies(webhook, honest[webhook], COUNT, SEED);
    const probes = probePayloads(webhook, bodies);

    const accepted = probes.filter(({ reasons }) => reasons.length === 0);
    assert.ok(accepted.length > COUNT / 20, `seed ${SEED}: only ${accepted.length} accepted`);
    assert.ok(probes.length - accepted.length > COUNT / 20, `seed ${SEED}: hardly any refused`);
    for (const [index, { values, reasons }] of probes.entries()) {
      const where = `seed ${SEED}: ${bodies[index]?.slice(0, 300)}`;
      for (const reason of reasons) assert.match(reason, /^[a-z_0-9]+: expected .+; .+/, where);
      for (const text of textsIn(values)) {
        assert.doesNotMatch(text, CONTROL, where);
        assert.doesNotMatch(text, HALF_A_PAIR, where);
        assert.ok(text.length <= 2_000, where);
      }
    }
  });
}

// eslint-disable-next-line no-control-regex -- what it is for
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;
const HALF_A_PAIR = /\p{Surrogate}/u;

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
