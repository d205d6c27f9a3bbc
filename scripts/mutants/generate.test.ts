import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { FlowSource, readFlowFolder } from '../flows/source.ts';
import { flowMutations } from './flow-mutations.ts';
import { generatedMutants, readJustified, readSpecsOf } from './generate.ts';
import { mutated } from './mutant.ts';
import { pythonMutations } from './python-mutations.ts';

const flows = await readFlowFolder('flows/christmas');
const specsOf = await readSpecsOf();

/** Each changed text, without the rest of the file. */
const changes = (text: string, mutations: ReturnType<typeof pythonMutations>): string[] =>
  mutations.map(({ from, find, replace }) => {
    assert.equal(text.slice(from, from + find.length), find);
    return `${find} → ${replace}`;
  });

test('of Python each number, comparison, condition and truth value changes, and no text, comment or loop', () => {
  const text = `
def f(a, b):
    """1 == 2 in text"""
    for x in [1]:  # 3 in a comment
        if a >= 2 and b not in x:
            return {"k": True} if not (b) else "4"
    while x is not None:
        x = a if b else b
    return [y for y in x if y]
`;
  assert.deepEqual(changes(text, pythonMutations(text, false)), [
    '1 → 2',
    'a >= 2 and b not in x → not (a >= 2 and b not in x)',
    '>= → >',
    '2 → 3',
    'and → or',
    'not in → in',
    'True → False',
    'not  → ',
    'is not → is',
    'b → not (b)',
    'y → not (y)',
  ]);
});

test('of names each property name changes, and no type', () => {
  const text = 'A = {"contacts": {"email": ("Email", "email")}}\n';
  assert.deepEqual(changes(text, pythonMutations(text, true)), ['"Email" → "Email 2"']);
});

test('of a flow each task goes, and each number, duration, comparison, condition and truth value changes, but no pause between tries', () => {
  const text = `id: a
namespace: christmas
description: 7 days == a week
variables:
  name: "{{ kv('NOTION_PROPERTIES').contacts.email ?? 'Email' }}"
tasks:
  - id: one
    type: x.Y
    allowFailure: true
    timeout: PT2S
    retry: { interval: PT3S, maxAttempts: 3 }
    runIf: "{{ outputs.a.code != 429 and inputs.b is empty }}"
  - id: two
    type: x.Y
`;
  const told = changes(text, flowMutations(new FlowSource('a.yaml', text))).map((one) =>
    one.replaceAll(/\s+/g, ' '),
  );
  assert.deepEqual(told, [
    "?? 'Email' → ?? 'Email 2'",
    ` - id: one type: x.Y allowFailure: true timeout: PT2S retry: { interval: PT3S, maxAttempts: 3 } runIf: "{{ outputs.a.code != 429 and inputs.b is empty }}" → `,
    ' - id: two type: x.Y → ',
    'true → false',
    '2S → 20S',
    '3 → 4',
    '429 → 430',
    '!= → ==',
    'is → is not',
    'and → or',
    'outputs.a.code != 429 and inputs.b is empty → not (outputs.a.code != 429 and inputs.b is empty)',
  ]);
});

test('each generated mutant has an id of its own, changes its file, and every file has specs to get past', () => {
  const mutants = generatedMutants(flows, specsOf);
  assert.equal(new Set(mutants.map(({ id }) => id)).size, mutants.length);
  for (const mutant of mutants) {
    assert.ok(mutant.specs.length > 0, `${mutant.edits[0]?.file} stands in specs-of.yaml`);
    for (const spec of mutant.specs) assert.ok(existsSync(spec), `${spec} is there`);
    assert.notDeepEqual(mutated(flows, mutant), flows, mutant.id);
  }
});

test('the specs about a task come before those about its flow', () => {
  const all = specsOf('send-email.yaml', '');
  const [first, ...rest] = specsOf('send-email.yaml', 'keep_claim ttl: P90D');

  assert.equal(first, 'specs/resilience/each-mail-once.spec.ts');
  assert.deepEqual(
    rest,
    all.filter((spec) => spec !== first),
  );
});

test('a mutation knows its task, be it the task itself or a line of it', () => {
  const places: string[] = [];
  generatedMutants(flows, (file, place) => {
    places.push(`${file} ${place}`);
    return [];
  });

  assert.ok(places.some((place) => place.startsWith('send-email.yaml keep_claim - id: keep_claim')));
  assert.ok(places.some((place) => place.startsWith('send-email.yaml keep_claim ttl: P90D')));
});

test('what is justified is a mutant that exists', async () => {
  const ids = new Set(generatedMutants(flows, () => []).map(({ id }) => id));
  for (const id of (await readJustified()).keys())
    assert.ok(ids.has(id), `${id}: the line has changed; judge it anew`);
});
