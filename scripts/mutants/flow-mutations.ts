import { isMap, isScalar, isSeq, type Scalar, visit } from 'yaml';
import { type FlowSource } from '../flows/source.ts';
import type { Mutation } from './generate.ts';

/** Lists whose items are tasks. */
const TASK_LISTS = ['tasks', 'then', 'else', 'errors', 'finally', 'afterExecution'];
/** Keys whose whole value is a condition. */
const CONDITIONS = ['runIf', 'condition', 'if'];
const SWITCHED: ReadonlyArray<readonly [pattern: RegExp, operator: string, replace: string]> = [
  [/==/g, 'comparison', '!='],
  [/!=/g, 'comparison', '=='],
  [/>=/g, 'comparison', '>'],
  [/<=/g, 'comparison', '<'],
  [/(?<![-=<>])>(?![=\d])/g, 'comparison', '>='],
  [/<(?!=)/g, 'comparison', '<='],
  [/\bis not\b/g, 'comparison', 'is'],
  [/\bis\b(?! not)/g, 'comparison', 'is not'],
  [/\band\b/g, 'condition', 'or'],
  [/\bor\b/g, 'condition', 'and'],
];

/** Each task left out, and each number, comparison, condition, truth value and property name of a flow changed once. */
export function flowMutations(source: FlowSource): Mutation[] {
  const { text, root } = source;
  if (!root) return [];
  const mutations: Mutation[] = [];
  visit(root, {
    Pair(_, { key, value }) {
      if (isScalar(key) && TASK_LISTS.includes(String(key.value)) && isSeq(value) && value.items.length > 1) {
        for (const item of value.items) {
          if (!isMap(item) || !item.range) continue;
          const from = text.lastIndexOf('\n', item.range[0]) + 1;
          // A node's range ends where the next one's line begins.
          mutations.push({ operator: 'task', from, find: text.slice(from, item.range[2]), replace: '' });
        }
      }
      if (isScalar(key) && isScalar(value)) mutations.push(...ofScalar(text, String(key.value), value));
      else if (isSeq(value))
        for (const item of value.items) if (isScalar(item)) mutations.push(...ofScalar(text, '', item));
    },
  });
  return mutations;
}

const TOLD = ['description', 'message', 'errorMessage', 'script', 'uri', 'id', 'type', 'namespace', 'key'];

/** How long it is until the next try, which no spec tells: none asserts a duration on a machine that others use. */
const PAUSES = ['interval', 'maxInterval', 'delayFactor'];

function ofScalar(text: string, key: string, scalar: Scalar): Mutation[] {
  if (!scalar.range || PAUSES.includes(key)) return [];
  const [start, end] = scalar.range;
  const said = text.slice(start, end);
  const at = (operator: string, offset: number, find: string, replace: string): Mutation => ({
    operator,
    from: start + offset,
    find,
    replace,
  });
  if (typeof scalar.value === 'number') return [at('number', 0, said, String(scalar.value + 1))];
  if (typeof scalar.value === 'boolean') return [at('value', 0, said, String(!scalar.value))];
  if (typeof scalar.value !== 'string') return [];
  const duration = /^"?(PT?)(\d+(?:\.\d+)?)([SMHD])"?$/.exec(said);
  if (duration) {
    const [, head = '', amount = '', unit = ''] = duration;
    return [at('number', said.indexOf(amount), amount + unit, `${Number(amount) * 10}${unit}`)].filter(
      () => head !== '',
    );
  }
  if (TOLD.includes(key)) return [];
  return [
    ...[...said.matchAll(/\{\{([\s\S]*?)\}\}/g)].flatMap((expression) =>
      inExpression(said, expression[1] ?? '', expression.index + 2, at),
    ),
    ...(CONDITIONS.includes(key) ? negated(said, at) : []),
  ];
}

type At = (operator: string, offset: number, find: string, replace: string) => Mutation;

/** The whole of `"{{ … }}"`, turned round. */
function negated(said: string, at: At): Mutation[] {
  const inner = /^"?\{\{ (?<inner>[\s\S]*) \}\}"?$/.exec(said)?.groups?.['inner'];
  // One sign alone is turned round already.
  if (inner === undefined || /^(?!.* (and|or) ).* (==|!=|is|is not) /.test(inner)) return [];
  return [at('condition', said.indexOf(inner), inner, `not (${inner})`)];
}

function inExpression(said: string, expression: string, offset: number, at: At): Mutation[] {
  // What stands in quotes is no code: blanked, so that places stay.
  const code = expression.replaceAll(/'[^']*'/g, (quoted) => `'${' '.repeat(quoted.length - 2)}'`);
  const found = (pattern: RegExp): RegExpExecArray[] => [...code.matchAll(pattern)];
  return [
    ...found(/(?<![\w.\]])\d+\b/g).map(({ 0: number, index }) =>
      at('number', offset + index, number, String(Number(number) + 1)),
    ),
    ...SWITCHED.flatMap(([pattern, operator, replace]) =>
      found(pattern).map(({ 0: sign, index }) => at(operator, offset + index, sign, replace)),
    ),
    ...found(/\bnot (?!\()/g)
      .filter(({ index }) => !/\bis $/.test(code.slice(0, index)))
      .map(({ 0: word, index }) => at('condition', offset + index, word, '')),
    // A property name is what NOTION_PROPERTIES falls back to.
    ...(said.includes('NOTION_PROPERTIES')
      ? [...expression.matchAll(/\?\? '([A-Z][\w ]*)'/g)].map(({ 0: whole, 1: name = '', index }) =>
          at('property', offset + index, whole, `?? '${name} 2'`),
        )
      : []),
    // `??` takes its right side when kv() throws as well (seen on 1.3.31), so before it errorOnMissing changes nothing.
    ...found(/\b(true|false)\b(?!\)[.\w]* \?\?)/g).map(({ 0: word, index }) =>
      at('value', offset + index, word, word === 'true' ? 'false' : 'true'),
    ),
  ];
}
