import type { Mutation } from './generate.ts';

interface Token {
  text: string;
  from: number;
  kind: 'word' | 'number' | 'sign' | 'string' | 'line';
  /** How many brackets are open before it. */
  depth: number;
}

const COMPARISONS: Readonly<Record<string, string>> = {
  '==': '!=',
  '!=': '==',
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
};
const TOKEN =
  /(?<string>[rbfRBF]{0,2}(?:"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'))|(?<comment>#[^\n]*)|(?<number>\b\d+(?:\.\d+)?\b)|(?<word>[A-Za-z_]\w*)|(?<line>\n)|(?<sign>==|!=|<=|>=|->|\*\*|\/\/|\S)/g;

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let depth = 0;
  for (const found of text.matchAll(TOKEN)) {
    const { string, comment, number, word, line } = found.groups ?? {};
    if (comment !== undefined) continue;
    if (line !== undefined && depth > 0) continue;
    if (/^[)\]}]$/.test(found[0])) depth -= 1;
    const kind =
      string !== undefined
        ? 'string'
        : number !== undefined
          ? 'number'
          : word !== undefined
            ? 'word'
            : line !== undefined
              ? 'line'
              : 'sign';
    tokens.push({ text: found[0], from: found.index, kind, depth });
    if (/^[([{]$/.test(found[0])) depth += 1;
  }
  return tokens;
}

/** Each number, comparison, condition and truth value of a Python module, and `names`' property names, changed once. */
export function pythonMutations(text: string, propertyNames: boolean): Mutation[] {
  const tokens = tokensOf(text);
  const loops: number[] = []; // the depths at which a `for` waits for its `in`
  return tokens.flatMap((token, index): Mutation[] => {
    const { text: said, from, kind, depth } = token;
    const next = tokens[index + 1];
    const before = tokens[index - 1];
    const change = (operator: string, replace: string, find = said): Mutation => ({
      operator,
      from,
      find,
      replace,
    });
    if (kind === 'number') return [change('number', String(Number(said) + 1))];
    if (kind === 'sign' && said in COMPARISONS) return [change('comparison', COMPARISONS[said] ?? said)];
    if (kind === 'string' && propertyNames && before?.text === '(' && next?.text === ',')
      return [change('property', `${said.slice(0, -1)} 2"`)];
    if (kind !== 'word') return [];
    const withNext = (word: string): string => text.slice(from, (next?.from ?? from) + word.length);
    switch (said) {
      case 'for':
        loops.push(depth);
        return [];
      case 'in':
        if (before?.text === 'not') return [];
        if (loops.at(-1) === depth) {
          loops.pop();
          return [];
        }
        return [change('comparison', 'not in')];
      case 'is':
        return next?.text === 'not'
          ? [change('comparison', 'is', withNext('not'))]
          : [change('comparison', 'is not')];
      case 'not':
        if (before?.text === 'is') return [];
        return next?.text === 'in'
          ? [change('comparison', 'in', withNext('in'))]
          : [change('condition', '', text.slice(from, next?.from ?? from))];
      case 'and':
        return [change('condition', 'or')];
      case 'or':
        return [change('condition', 'and')];
      case 'True':
        return [change('value', 'False')];
      case 'False':
        return [change('value', 'True')];
      case 'if':
      case 'elif': {
        const end = tokens
          .slice(index + 1)
          .find(
            (one) =>
              one.depth < depth ||
              (one.depth === depth && (one.kind === 'line' || ['else', 'for', ':', ','].includes(one.text))),
          );
        if (!end || !next) return [];
        const condition = text.slice(next.from, end.from).trimEnd();
        const within = tokens.filter(({ from: at }) => at >= next.from && at < end.from);
        if (turnedByOneSign(within.filter((one) => one.depth === depth).map((one) => one.text))) return [];
        return [{ operator: 'condition', from: next.from, find: condition, replace: `not (${condition})` }];
      }
      default:
        return [];
    }
  });
}

/** Whether changing the one sign of a condition says the same as turning all of it round. */
const turnedByOneSign = (words: readonly string[]): boolean =>
  words
    .filter((word) => ['and', 'or', 'not', '==', '!=', 'in', 'is', '<', '>', '<=', '>='].includes(word))
    .join(' ')
    .match(/^(==|!=|in|not in|is|is not|not)$/) !== null;
