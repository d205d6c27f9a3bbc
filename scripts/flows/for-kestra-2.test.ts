import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'yaml';
import { forKestra2 } from './for-kestra-2.ts';

const read = (text: string) => parse(forKestra2(text)) as Record<string, unknown>;

test('defaults go into the tasks they are meant for, at any depth, and a task keeps what it says itself', () => {
  const flow = read(`
pluginDefaults:
  - type: io.kestra.plugin.core.http.Request
    values: { timeout: PT90S, retry: { type: constant, maxAttempts: 3 } }
tasks:
  - id: both
    type: io.kestra.plugin.core.flow.Parallel
    tasks:
      - { id: a, type: io.kestra.plugin.core.http.Request }
      - { id: b, type: io.kestra.plugin.core.http.Request, retry: { type: constant, maxAttempts: 1 } }
`);

  assert.equal(flow['pluginDefaults'], undefined);
  assert.deepEqual(flow['tasks'], [
    {
      id: 'both',
      type: 'io.kestra.plugin.core.flow.Parallel',
      tasks: [
        {
          id: 'a',
          type: 'io.kestra.plugin.core.http.Request',
          timeout: 'PT90S',
          retry: { type: 'constant', maxAttempts: 3 },
        },
        {
          id: 'b',
          type: 'io.kestra.plugin.core.http.Request',
          retry: { type: 'constant', maxAttempts: 1 },
          timeout: 'PT90S',
        },
      ],
    },
  ]);
});

test('ForEach is a Loop, and its tasks read the item', () => {
  const text = forKestra2(`
tasks:
  - id: each
    type: io.kestra.plugin.core.flow.ForEach
    values: "{{ outputs.plan.vars.mails }}"
    tasks:
      - { id: mail, type: io.kestra.plugin.core.flow.Subflow, scheduleDate: "{{ fromJson(taskrun.value).at }}" }
`);

  assert.match(text, /type: io\.kestra\.plugin\.core\.flow\.Loop$/m);
  assert.match(text, /\{\{ fromJson\(item\.value\)\.at \}\}/);
  assert.doesNotMatch(text, /outputs:/, 'nobody reads what it did');
});

test('what is read of a ForEach by its values, the Loop hands out', () => {
  const [loop, judge] = read(`
tasks:
  - id: each
    type: io.kestra.plugin.core.flow.ForEach
    values: [a, b]
    tasks:
      - { id: asked, type: io.kestra.plugin.core.http.Request, uri: "https://x.test/{{ taskrun.value }}" }
  - { id: judge, type: io.kestra.plugin.core.debug.Return, format: "{{ outputs.asked ?? {} }}" }
`)['tasks'] as Array<Record<string, unknown>>;

  assert.deepEqual(loop?.['outputs'], [
    { id: 'asked', type: 'JSON', value: '{{ (outputs.asked ?? {}) | toJson }}' },
  ]);
  assert.equal(
    judge?.['format'],
    "{{ ((outputs.each.outputs ?? []) | jq('map({(.item.value): .outputs.asked}) | add // {}') | first) ?? {} }}",
  );
});

test('conditions of a trigger are one expression; what has no word in 2.x is an error', () => {
  const trigger = (conditions: string) => `
triggers:
  - id: failed
    type: io.kestra.plugin.core.trigger.Flow
    states: [FAILED]
    conditions:
${conditions}
`;

  const [failed] = read(
    trigger(`
      - { type: io.kestra.plugin.core.condition.ExecutionNamespace, namespace: christmas, comparison: EQUALS }
      - { type: io.kestra.plugin.core.condition.Expression, expression: "{{ envs.alerts ?? 'true' }}" }`),
  )['triggers'] as Array<Record<string, unknown>>;

  assert.equal(failed?.['conditions'], undefined);
  assert.equal(
    failed?.['when'],
    "{{ (flow.namespace == 'christmas') and (((envs.alerts ?? 'true') ~ '') == 'true') }}",
  );
  assert.throws(
    () => forKestra2(trigger('      - { type: io.kestra.plugin.core.condition.Weekend }')),
    /No word of Kestra 2\.x for the condition io\.kestra\.plugin\.core\.condition\.Weekend/,
  );
});

test('a truth value is BOOL', () => {
  assert.deepEqual(read('outputs: [{ id: paid, type: BOOLEAN, value: "{{ true }}" }]')['outputs'], [
    { id: 'paid', type: 'BOOL', value: '{{ true }}' },
  ]);
});
