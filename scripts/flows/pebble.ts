/** An argument of a call or of a filter; `name` only when it was given by name. */
export interface Argument {
  name?: string;
  value: Expression;
}

export type Expression =
  | { kind: 'literal'; value: string | number | boolean | null }
  | { kind: 'name'; name: string }
  | { kind: 'member'; object: Expression; property: Expression }
  | { kind: 'call'; name: string; args: Argument[] }
  | { kind: 'method'; object: Expression; name: string; args: Argument[] }
  | { kind: 'filter'; input: Expression; name: string; args: Argument[] }
  | { kind: 'test'; input: Expression; name: string; args: Argument[] }
  | { kind: 'unary'; operator: string; operand: Expression }
  | { kind: 'binary'; operator: string; left: Expression; right: Expression }
  | { kind: 'ternary'; condition: Expression; consequent: Expression; alternative: Expression }
  | { kind: 'list'; items: Expression[] }
  | { kind: 'map'; entries: Array<{ key: Expression; value: Expression }> };

/** One stretch of a template. `source` is its own text, delimiters included, for finding it again in a file. */
export type Piece =
  | { kind: 'text'; source: string }
  | { kind: 'output'; source: string; expression: Expression }
  | { kind: 'tag'; source: string; name: string; target?: string; expression?: Expression };

export class PebbleSyntaxError extends Error {
  /** Where in the template. */
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.name = 'PebbleSyntaxError';
    this.offset = offset;
  }
}

type TokenKind = 'operator' | 'name' | 'number' | 'string' | 'punctuation' | 'end';
interface Token {
  kind: TokenKind;
  text: string;
  offset: number;
}

/** Binding strengths as in Pebble's CoreExtension and Kestra's Extension: `~` and `??` bind tighter than `|`. */
const BINARY = new Map([
  ['or', 10],
  ['and', 15],
  ['is', 20],
  ['is not', 20],
  ['contains', 20],
  ['==', 30],
  ['equals', 30],
  ['!=', 30],
  ['>', 30],
  ['<', 30],
  ['>=', 30],
  ['<=', 30],
  ['+', 40],
  ['-', 40],
  ['*', 60],
  ['/', 60],
  ['%', 60],
  ['|', 100],
  ['~', 110],
  ['..', 120],
  ['??', 120],
  ['???', 120],
  ['isIn', 120],
]);
const UNARY = new Map([
  ['not', 5],
  ['+', 500],
  ['-', 500],
]);
const CONSTANTS = new Map([
  ['true', true],
  ['TRUE', true],
  ['false', false],
  ['FALSE', false],
  ['null', null],
  ['NULL', null],
  ['none', null],
  ['NONE', null],
]);

const LEXICON: Array<[TokenKind, RegExp]> = [
  [
    'operator',
    /is\s+not(?!\w)|(?:or|and|is|contains|equals|isIn|not)(?!\w)|\?\?\?|\?\?|==|!=|>=|<=|\.\.|[<>+\-*/%|~]/y,
  ],
  ['name', /[\p{L}_][\p{L}\p{N}_]*/uy],
  ['number', /\d+(?:\.\d+)?L?/y],
  ['string', /"(?:[^"\\]|\\[^])*"|'(?:[^'\\]|\\[^])*'/y],
  ['punctuation', /[()[\]{}?:.,=]/y],
];
const OPENING = /\{\{|\{%|\{#/g;
const CLOSING = { '{{': /-?\}\}/y, '{%': /-?%\}/y };
const VERBATIM = /\{%-?\s*(verbatim|raw)\s*-?%\}/y;

/** Reads a Pebble template as Kestra does. Throws PebbleSyntaxError on what it cannot read. */
export function parseTemplate(template: string): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  while (at < template.length) {
    OPENING.lastIndex = at;
    const opening = OPENING.exec(template);
    if (!opening) {
      pieces.push({ kind: 'text', source: template.slice(at) });
      break;
    }
    if (opening.index > at) pieces.push({ kind: 'text', source: template.slice(at, opening.index) });
    const { piece, end } = readPiece(template, opening.index, opening[0]);
    if (piece) pieces.push(piece);
    at = end;
  }
  return pieces;
}

/** The output expressions and the tags' expressions of a template, in order. */
export function expressionsOf(pieces: readonly Piece[]): Expression[] {
  return pieces.flatMap((piece) => (piece.kind === 'text' ? [] : (piece.expression ?? [])));
}

/** True when rendering would do more than copy the text. */
export function isTemplate(text: string): boolean {
  return /\{\{|\{%|\{#/.test(text);
}

/** Calls `visit` on the expression and on everything in it. */
export function walk(expression: Expression, visit: (node: Expression) => void): void {
  visit(expression);
  for (const child of childrenOf(expression)) walk(child, visit);
}

function childrenOf(node: Expression): Expression[] {
  switch (node.kind) {
    case 'literal':
    case 'name':
      return [];
    case 'member':
      return [node.object, node.property];
    case 'call':
      return node.args.map(({ value }) => value);
    case 'method':
      return [node.object, ...node.args.map(({ value }) => value)];
    case 'filter':
    case 'test':
      return [node.input, ...node.args.map(({ value }) => value)];
    case 'unary':
      return [node.operand];
    case 'binary':
      return [node.left, node.right];
    case 'ternary':
      return [node.condition, node.consequent, node.alternative];
    case 'list':
      return node.items;
    case 'map':
      return node.entries.flatMap(({ key, value }) => [key, value]);
  }
}

function readPiece(template: string, start: number, opening: string): { piece?: Piece; end: number } {
  if (opening === '{#') {
    const end = template.indexOf('#}', start);
    if (end < 0) throw new PebbleSyntaxError('a comment is not closed by #}', start);
    return { end: end + 2 };
  }
  VERBATIM.lastIndex = start;
  const verbatim = VERBATIM.exec(template);
  if (verbatim) {
    const closing = new RegExp(`\\{%-?\\s*end${verbatim[1]}\\s*-?%\\}`, 'g');
    closing.lastIndex = start + verbatim[0].length;
    const end = closing.exec(template);
    if (!end) throw new PebbleSyntaxError(`{% ${verbatim[1]} %} is not ended`, start);
    const source = template.slice(start + verbatim[0].length, end.index);
    return { piece: { kind: 'text', source }, end: closing.lastIndex };
  }
  const { tokens, end } = tokenize(template, start, opening as keyof typeof CLOSING);
  const source = template.slice(start, end);
  const parser = new Parser(tokens);
  const piece: Piece =
    opening === '{{'
      ? { kind: 'output', source, expression: parser.whole() }
      : { kind: 'tag', source, ...parser.tag() };
  return { piece, end };
}

function tokenize(
  template: string,
  start: number,
  opening: keyof typeof CLOSING,
): { tokens: Token[]; end: number } {
  const closing = CLOSING[opening];
  const tokens: Token[] = [];
  let at = start + 2;
  if (template[at] === '-') at += 1;
  let depth = 0;
  for (;;) {
    while (/\s/.test(template[at] ?? '')) at += 1;
    if (at >= template.length) throw new PebbleSyntaxError(`${opening} is not closed`, start);
    closing.lastIndex = at;
    const end = depth === 0 ? closing.exec(template) : null;
    if (end) {
      tokens.push({ kind: 'end', text: end[0], offset: at });
      return { tokens, end: closing.lastIndex };
    }
    const token = nextToken(template, at);
    if ('([{'.includes(token.text)) depth += 1;
    if (')]}'.includes(token.text)) depth -= 1;
    if (depth < 0) throw new PebbleSyntaxError(`${token.text} closes nothing`, at);
    tokens.push(token);
    at += token.text.length;
  }
}

function nextToken(template: string, offset: number): Token {
  for (const [kind, pattern] of LEXICON) {
    pattern.lastIndex = offset;
    const match = pattern.exec(template);
    if (match) return { kind, text: match[0], offset };
  }
  throw new PebbleSyntaxError(`${JSON.stringify(template[offset])} has no meaning in an expression`, offset);
}

class Parser {
  readonly #tokens: Token[];
  #index = 0;

  constructor(tokens: Token[]) {
    this.#tokens = tokens;
  }

  whole(): Expression {
    const expression = this.#expression(0);
    this.#end();
    return expression;
  }

  tag(): { name: string; target?: string; expression?: Expression } {
    const name = this.#name('the name of a tag');
    switch (name) {
      case 'if':
      case 'elseif':
        return { name, expression: this.whole() };
      case 'for': {
        const target = this.#name('a variable');
        if (this.#name('in') !== 'in') throw this.#unexpected('in');
        return { name, target, expression: this.whole() };
      }
      case 'set': {
        const target = this.#name('a variable');
        this.#expect('=');
        return { name, target, expression: this.whole() };
      }
      case 'else':
      case 'endif':
      case 'endfor':
        this.#end();
        return { name };
      default:
        // include, import, macro, cache … load or run what this check cannot see.
        throw new PebbleSyntaxError(
          `the tag ${name} is not used in these flows`,
          this.#tokens[0]?.offset ?? 0,
        );
    }
  }

  #expression(least: number): Expression {
    let left = this.#operand();
    for (;;) {
      const { kind, text } = this.#current();
      const operator = text.replace(/\s+/, ' ');
      const strength = kind === 'operator' ? BINARY.get(operator) : undefined;
      if (strength === undefined || strength < least) break;
      this.#index += 1;
      left = this.#binary(left, operator, strength);
    }
    return least === 0 && this.#skip('?') ? this.#ternary(left) : left;
  }

  #binary(left: Expression, operator: string, strength: number): Expression {
    switch (operator) {
      case '|':
        return { kind: 'filter', input: left, name: this.#name('a filter'), args: this.#optionalArguments() };
      case 'is':
      case 'is not':
        return { kind: 'test', input: left, name: this.#name('a test'), args: this.#optionalArguments() };
      default:
        return { kind: 'binary', operator, left, right: this.#expression(strength + 1) };
    }
  }

  #ternary(condition: Expression): Expression {
    const consequent = this.#expression(0);
    this.#expect(':');
    return { kind: 'ternary', condition, consequent, alternative: this.#expression(0) };
  }

  #operand(): Expression {
    const { kind, text } = this.#current();
    const unary = kind === 'operator' ? UNARY.get(text) : undefined;
    if (unary !== undefined) {
      this.#index += 1;
      return { kind: 'unary', operator: text, operand: this.#expression(unary) };
    }
    if (this.#skip('(')) {
      const inner = this.#expression(0);
      this.#expect(')');
      return this.#postfix(inner);
    }
    if (this.#skip('[')) return { kind: 'list', items: this.#separated(']', () => this.#expression(0)) };
    if (this.#skip('{')) return { kind: 'map', entries: this.#separated('}', () => this.#entry()) };
    return this.#postfix(this.#simple());
  }

  #simple(): Expression {
    const { kind, text, offset } = this.#current();
    this.#index += 1;
    switch (kind) {
      case 'string':
        if (text.startsWith('"') && text.includes('#{')) {
          throw new PebbleSyntaxError(
            'string interpolation #{…} is not used in these flows: join with ~',
            offset,
          );
        }
        return { kind: 'literal', value: text.slice(1, -1).replaceAll(/\\([^])/g, '$1') };
      case 'number':
        return { kind: 'literal', value: Number.parseFloat(text) };
      case 'name': {
        const constant = CONSTANTS.get(text);
        if (constant !== undefined) return { kind: 'literal', value: constant };
        return this.#skip('(')
          ? { kind: 'call', name: text, args: this.#arguments() }
          : { kind: 'name', name: text };
      }
      case 'operator':
      case 'punctuation':
      case 'end':
        this.#index -= 1;
        throw this.#unexpected('a value');
    }
  }

  #postfix(object: Expression): Expression {
    if (this.#skip('.')) {
      const name = this.#name('a property');
      if (this.#skip('(')) {
        return this.#postfix({ kind: 'method', object, name, args: this.#arguments() });
      }
      return this.#postfix({ kind: 'member', object, property: { kind: 'literal', value: name } });
    }
    if (this.#skip('[')) {
      const property = this.#expression(0);
      this.#expect(']');
      return this.#postfix({ kind: 'member', object, property });
    }
    return object;
  }

  #entry(): { key: Expression; value: Expression } {
    const key = this.#expression(0);
    this.#expect(':');
    return { key, value: this.#expression(0) };
  }

  #optionalArguments(): Argument[] {
    return this.#skip('(') ? this.#arguments() : [];
  }

  #arguments(): Argument[] {
    return this.#separated(')', () => {
      const [first, second] = this.#tokens.slice(this.#index, this.#index + 2);
      if (first?.kind !== 'name' || second?.text !== '=') return { value: this.#expression(0) };
      this.#index += 2;
      return { name: first.text, value: this.#expression(0) };
    });
  }

  #separated<T>(closing: string, item: () => T): T[] {
    const items: T[] = [];
    if (this.#skip(closing)) return items;
    do items.push(item());
    while (this.#skip(','));
    this.#expect(closing);
    return items;
  }

  #current(): Token {
    const token = this.#tokens[this.#index] ?? this.#tokens.at(-1);
    if (!token) throw new PebbleSyntaxError('the expression is empty', 0);
    return token;
  }

  #skip(punctuation: string): boolean {
    const { kind, text } = this.#current();
    if (kind !== 'punctuation' || text !== punctuation) return false;
    this.#index += 1;
    return true;
  }

  #expect(punctuation: string): void {
    if (!this.#skip(punctuation)) throw this.#unexpected(punctuation);
  }

  #name(wanted: string): string {
    const { kind, text } = this.#current();
    if (kind !== 'name') throw this.#unexpected(wanted);
    this.#index += 1;
    return text;
  }

  #end(): void {
    if (this.#current().kind !== 'end') throw this.#unexpected('the end of the expression');
  }

  #unexpected(wanted: string): PebbleSyntaxError {
    const { kind, text, offset } = this.#current();
    const found = kind === 'end' ? 'the expression ends' : `there is ${text}`;
    return new PebbleSyntaxError(`${wanted} is missing: ${found}`, offset);
  }
}
