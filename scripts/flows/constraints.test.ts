import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { findingsOf } from './constraints.ts';
import { FlowSource } from './source.ts';

const flow = new FlowSource(
  'flows/a.yaml',
  `id: a
namespace: christmas

tasks:
  - id: first
    type: io.kestra.plugin.core.log.Log
    mesage: hi
  - id: group
    type: io.kestra.plugin.core.flow.Sequential
    tasks:
      - id: inner
        type: io.kestra.plugin.core.flow.Subflow
        flowId: ""
      - id: first
        type: io.kestra.plugin.core.log.Logg
        retry:
          type: constant
          interval: "{{ x }}"
concurrency:
  limit: 0
`,
);

// The texts are those of Kestra 1.3.31.
const CASES: Array<[string, string, Array<[number, RegExp]>]> = [
  [
    'an unknown type',
    'Validation error: Invalid type: io.kestra.plugin.core.log.Logg',
    [[15, /^Invalid type/]],
  ],
  [
    'an unknown field',
    'Validation error: Unrecognized field "mesage" (class io.kestra.plugin.core.log.Log), not marked as ignorable (2 known properties: "level", "message")',
    [[7, /^Unrecognized field "mesage" .*; known are \("level", "message"\)$/]],
  ],
  [
    'a value that cannot be read',
    'Validation error: Illegal flowwithsource source: YAML parsing error: Cannot deserialize value of type `java.time.Duration` from String "{{ x }}": Text cannot be parsed to a Duration\n at [Source: UNKNOWN; byte offset: #UNKNOWN] (through reference chain: io.kestra.core.models.flows.FlowWithSource["tasks"]->java.util.ArrayList[1]->io.kestra.plugin.core.flow.Sequential["tasks"]->java.util.ArrayList[1]->io.kestra.plugin.core.log.Log["retry"]->io.kestra.core.models.tasks.retrys.Constant["interval"]) (at line -1)',
    [[18, /^Cannot deserialize value .* Text cannot be parsed to a Duration$/]],
  ],
  [
    'two tasks of one id',
    'Validation error:  Invalid Flow: Duplicate task id with name [first]\n',
    [[14, /Duplicate task id/]],
  ],
  [
    'several constraints, by task id and by path',
    'Validation error: inner.inner.flowId: must not be empty\ninner.inner.namespace: must not be empty\ngroup.errors: is odd\nconcurrency.limit: must be greater than 0\ntasks[1].tasks[0].flowId: must not be empty\n',
    [
      [13, /^inner\.inner\.flowId: must not be empty$/],
      [11, /namespace/],
      [8, /group\.errors/],
      [20, /greater than 0/],
      [13, /^tasks\[1\]/],
    ],
  ],
  [
    'broken YAML, the one case with a line',
    "Validation error: Illegal Flow source: YAML parsing error: while parsing a block collection\n in 'reader', line 4, column 2:\n     - id: x\n at [Source: (StringReader); line: 5, column: 3] (at line 5)",
    [[5, /^while parsing a block collection/]],
  ],
  ['something new', 'Validation error: the moon is full', [[1, /^the moon is full$/]]],
];

describe('what Kestra says about a flow', () => {
  for (const [name, constraints, expected] of CASES) {
    test(`has a line: ${name}`, () => {
      const findings = findingsOf(constraints, flow);

      assert.deepEqual(
        findings.map(({ line }) => line),
        expected.map(([line]) => line),
      );
      for (const [index, [, reason]] of expected.entries()) {
        assert.match(findings[index]?.reason ?? '', reason);
        assert.equal(findings[index]?.file, 'flows/a.yaml');
      }
    });
  }
});
