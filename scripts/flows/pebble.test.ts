import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type Expression, expressionsOf, parseTemplate, PebbleSyntaxError, walk } from './pebble.ts';

/** An expression with a bracket around everything that binds together. */
function shape(expression: Expression): string {
  switch (expression.kind) {
    case 'literal':
      return JSON.stringify(expression.value);
    case 'name':
      return expression.name;
    case 'member':
      return `${shape(expression.object)}[${shape(expression.property)}]`;
    case 'call':
      return `${expression.name}(${shapes(expression.args)})`;
    case 'method':
      return `${shape(expression.object)}.${expression.name}(${shapes(expression.args)})`;
    case 'filter':
    case 'test':
      return `(${shape(expression.input)} ${expression.kind} ${expression.name}(${shapes(expression.args)}))`;
    case 'unary':
      return `(${expression.operator} ${shape(expression.operand)})`;
    case 'binary':
      return `(${shape(expression.left)} ${expression.operator} ${shape(expression.right)})`;
    case 'ternary':
      return `(${[expression.condition, expression.consequent, expression.alternative].map(shape).join(' ? ')})`;
    case 'list':
      return `[${expression.items.map(shape).join(', ')}]`;
    case 'map':
      return `{${expression.entries.map(({ key, value }) => `${shape(key)}: ${shape(value)}`).join(', ')}}`;
  }
}

function shapes(args: Array<{ name?: string; value: Expression }>): string {
  return args.map(({ name, value }) => `${name === undefined ? '' : `${name}=`}${shape(value)}`).join(', ');
}

const shapeOf = (text: string): string =>
  expressionsOf(parseTemplate(`{{ ${text} }}`))
    .map(shape)
    .join();

// Each was given to Pebble 4.1.2 with Kestra's operators, or follows from their binding strengths.
const READINGS: Array<[string, string]> = [
  ['a ~ b | sha256', '((a ~ b) filter sha256())'],
  ["a | upper ~ 'z'", '((a filter upper()) ~ "z")'],
  [
    "kv('X', namespace=flow.namespace) ?? envs.x ?? 'y'",
    '((kv("X", namespace=flow["namespace"]) ?? envs["x"]) ?? "y")',
  ],
  ['a ?? b ~ c', '((a ?? b) ~ c)'],
  ["a == 'x' ? b : c ? d : e", '((a == "x") ? b ? (c ? d ? e))'],
  ['not a is empty', '(not (a test empty()))'],
  ['a is not null or b contains c and d', '((a test null()) or ((b contains c) and d))'],
  ["{'a': [1, b.c['d']], 'e': {}} | toJson", '({"a": [1, b["c"]["d"]], "e": {}} filter toJson())'],
  ['(x.y | first).z', '(x["y"] filter first())["z"]'],
  ['x.substring(0, 2)', 'x.substring(0, 2)'],
  ["'it\\'s'", '"it\'s"'],
  ['-1 + 2', '((- 1) + 2)'],
  ['orders.isOpen', 'orders["isOpen"]'],
];

const UNREADABLE = [
  '{{ a }',
  '{{ }}',
  '{{ a b }}',
  "{{ a is not contains 'b' }}",
  '{{ a.0 }}',
  '{{ a ? b }}',
  '{{ (a }}',
  '{{ a) }}',
  "{{ 'a }}",
  '{{ "a #{b}" }}',
  '{{ a & b }}',
  '{# a',
  "{% include 'x' %}",
  '{% for x of y %}{% endfor %}',
  '{% raw %}{{ a }}',
];

describe('reading Pebble', () => {
  for (const [text, expected] of READINGS) {
    test(`binds as Pebble does: ${text}`, () => {
      assert.equal(shapeOf(text), expected);
    });
  }

  for (const template of UNREADABLE) {
    test(`is refused: ${template}`, () => {
      assert.throws(() => parseTemplate(template), PebbleSyntaxError);
    });
  }

  test('keeps text, outputs and tags apart', () => {
    const pieces = parseTemplate(
      'a {{- b -}} c{% if d %}e{% endif %}{# {{ f }} #}{% raw %}{{ g }}{% endraw %}',
    );

    assert.deepEqual(
      pieces.map(({ kind, source }) => [kind, source]),
      [
        ['text', 'a '],
        ['output', '{{- b -}}'],
        ['text', ' c'],
        ['tag', '{% if d %}'],
        ['text', 'e'],
        ['tag', '{% endif %}'],
        ['text', '{{ g }}'],
      ],
    );
  });

  test('a brace inside a string or a map does not end the expression', () => {
    const [first] = parseTemplate("{{ {'a': '}}'}}} rest");

    assert.equal(first?.source, "{{ {'a': '}}'}}}");
  });

  test('whatever comes, it is read or refused, and what is read is the whole text', () => {
    const word = fc.constantFrom(
      '{{',
      '}}',
      '{%',
      '%}',
      "'",
      '"',
      '(',
      ')',
      '.',
      '|',
      ' ',
      'a',
      'is',
      '1',
      '~',
      '\\',
      'set',
    );
    fc.assert(
      fc.property(
        fc.array(word).map((words) => words.join('')),
        (template) => {
          try {
            const pieces = parseTemplate(template);
            assert.equal(pieces.map(({ source }) => source).join(''), template);
            for (const expression of expressionsOf(pieces)) walk(expression, () => undefined);
          } catch (error) {
            assert.ok(error instanceof PebbleSyntaxError, String(error));
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
