import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { parse } from 'yaml';
import { FlowSource } from './source.ts';
import { forDeployment, forRepository } from './stamp.ts';

const PLAIN = `# what it is for
id: plan # stays
namespace: christmas   # christmas here stays christmas
description: "namespace: christmas is replaced once only"
tasks:
  - id: a
    type: io.kestra.plugin.core.log.Log
    message: "namespace: christmas"
`;

const deployed = (text: string): string =>
  forDeployment(new FlowSource('plan.yaml', text), { namespace: 'christmas.testing', commit: '12e4567' });

describe('a flow for one deployment', () => {
  test('has another namespace and the commit as a label, and is the same text elsewhere', () => {
    assert.equal(
      deployed(PLAIN),
      `${PLAIN.replace('namespace: christmas   #', 'namespace: christmas.testing   #')}labels:\n  commit: "12e4567"\n`,
    );
  });

  test('keeps a commit of digits a text', () => {
    assert.equal(parse(deployed(PLAIN)).labels.commit, '12e4567');
  });

  const LABELS = {
    'a block': 'labels:\n    # who\n    team: funnel # ours\n    area: mail\n',
    'a flow map': 'labels: { team: funnel }\n',
  };
  for (const [name, labels] of Object.entries(LABELS)) {
    test(`keeps the labels it has: ${name}`, () => {
      const text = PLAIN.replace('tasks:', `${labels}tasks:`);

      const { labels: parsed, namespace } = parse(deployed(text));

      assert.deepEqual(
        { ...parsed, area: undefined },
        { team: 'funnel', commit: '12e4567', area: undefined },
      );
      assert.equal(namespace, 'christmas.testing');
      assert.equal(forRepository(deployed(text)), text);
    });
  }

  test('waits for executions of its own namespace', () => {
    const condition = (namespace: string) =>
      `triggers:\n  - id: t\n    type: x.Flow\n    conditions:\n      - { namespace: ${namespace} } # here\n`;
    const text = PLAIN.replace('tasks:', `${condition('christmas')}tasks:`);

    assert.ok(deployed(text).includes(condition('christmas.testing')));
    assert.equal(forRepository(deployed(text)), text);
    const others = PLAIN.replace('tasks:', `${condition('christmas.other')}tasks:`);
    assert.ok(deployed(others).includes(condition('christmas.other')));
  });

  test('comes back as the source, whatever comments and quotes it has', () => {
    const quoted = fc.constantFrom('christmas', '"christmas"', "'christmas'");
    const comment = fc.constantFrom('', ' # c', '  # namespace: x');
    const labels = fc.constantFrom(
      '',
      'labels:\n  a: b # c\n',
      "labels:\n  'x': 1\n  # d\n  y: 2\n",
      'labels: {a: b}\n',
    );
    fc.assert(
      fc.property(quoted, comment, labels, fc.boolean(), (namespace, note, own, labelsFirst) => {
        const body = `tasks:${note}\n  - id: a\n    type: x.y\n`;
        const text = `id: plan${note}\nnamespace: ${namespace}${note}\n${labelsFirst ? own + body : body + own}`;

        const back = forRepository(deployed(text));

        assert.equal(back, text.replace(/namespace: ["']?christmas["']?/, 'namespace: christmas'));
      }),
    );
  });

  test('a source without a last line end gets one', () => {
    assert.ok(deployed(PLAIN.trimEnd()).endsWith('"namespace: christmas"\nlabels:\n  commit: "12e4567"\n'));
  });

  test('a text that was never stamped, or is no flow, comes back as it is', () => {
    assert.equal(forRepository(PLAIN), PLAIN);
    assert.equal(forRepository('- a\n- b\n'), '- a\n- b\n');
    assert.equal(forRepository('a: [\n'), 'a: [\n');
  });

  test('a commit label that is not the first goes with its line', () => {
    const edited = PLAIN.replace('tasks:', 'labels:\n  team: funnel\n  commit: abc\ntasks:');

    assert.equal(forRepository(edited), PLAIN.replace('tasks:', 'labels:\n  team: funnel\ntasks:'));
  });
});
