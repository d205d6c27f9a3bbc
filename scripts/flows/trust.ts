import { isCollection, isMap, isScalar, type Node, type YAMLMap } from 'yaml';
import { type Argument, type Expression, isTemplate, parseTemplate, type Piece } from './pebble.ts';
import { isNode, pairOf } from './source.ts';

/*
 * Outside data is whatever a stranger may have chosen: a webhook's body, Notion's answers, and all that is made of them.
 * Kestra renders some properties twice, so outside data there is run as a template and can read any secret. This module
 * says whether an expression may hold some. Whatever it does not know counts as outside.
 */

/** What the flow itself says about its variables. */
export interface Surroundings {
  /** The flow's `variables:`. */
  variables: YAMLMap | undefined;
  /** Names that a SetVariables task gives a value while the flow runs. */
  reassigned: ReadonlySet<string>;
}

/** Context that the engine, the operator or the flow's author fills, never a caller. */
const TRUSTED_ROOTS = new Set(['envs', 'flow', 'globals', 'kestra', 'task']);
const TRUSTED_EXECUTION = new Set(['id', 'originalId', 'startDate', 'state', 'namespace', 'flowId']);
/** Functions whose result is as trustworthy as their arguments. */
const NEUTRAL_FUNCTIONS = new Set([
  'now',
  'uuid',
  'id',
  'ksuid',
  'nanoId',
  'randomInt',
  'max',
  'min',
  'range',
  'fromJson',
  'json',
  'yaml',
]);
/** After these nothing of a template is left: only hexadecimal digits or a number. */
const HARMLESS_RESULT = new Set(['sha256', 'sha512', 'length']);
const YIELDS_BOOLEAN = new Set(['or', 'and', 'contains', 'isIn', '==', 'equals', '!=', '>', '<', '>=', '<=']);

/** What in `text`, once rendered, may be outside data: one phrase each. Empty when there is none. */
export function outsideDataIn(text: string, surroundings: Surroundings): string[] {
  return new Judge(surroundings).ofText(text);
}

/** The same for one expression. */
export function outsideDataOf(expression: Expression, surroundings: Surroundings): string[] {
  return new Judge(surroundings).of(expression);
}

class Judge {
  readonly #surroundings: Surroundings;
  readonly #locals = new Map<string, string[]>();
  /** Variables being judged, so that two that name each other end. */
  readonly #open: Set<string>;

  constructor(surroundings: Surroundings, open = new Set<string>()) {
    this.#surroundings = surroundings;
    this.#open = open;
  }

  ofPieces(pieces: readonly Piece[]): string[] {
    for (const piece of pieces) {
      if (piece.kind !== 'tag' || piece.target === undefined || !piece.expression) continue;
      const known = this.#locals.get(piece.target) ?? [];
      this.#locals.set(piece.target, [...known, ...this.of(piece.expression)]);
    }
    const shown = pieces.flatMap((piece) => (piece.kind === 'output' ? [piece.expression] : []));
    return [...new Set(shown.flatMap((expression) => this.of(expression)))];
  }

  of(expression: Expression): string[] {
    switch (expression.kind) {
      case 'literal':
      case 'test':
        return [];
      case 'name':
      case 'member':
        return this.#ofPath(expression);
      case 'call':
        return this.#ofCall(expression.name, expression.args);
      case 'method':
        return this.#ofAll([expression.object, ...valuesOf(expression.args)]);
      case 'filter':
        return HARMLESS_RESULT.has(expression.name)
          ? []
          : this.#ofAll([expression.input, ...valuesOf(expression.args)]);
      case 'unary':
        return expression.operator === 'not' ? [] : this.of(expression.operand);
      case 'binary':
        return YIELDS_BOOLEAN.has(expression.operator)
          ? []
          : this.#ofAll([expression.left, expression.right]);
      case 'ternary':
        return this.#ofAll([expression.consequent, expression.alternative]);
      case 'list':
        return this.#ofAll(expression.items);
      case 'map':
        return this.#ofAll(expression.entries.flatMap(({ key, value }) => [key, value]));
    }
  }

  #ofAll(expressions: readonly Expression[]): string[] {
    return expressions.flatMap((expression) => this.of(expression));
  }

  #ofPath(expression: Expression): string[] {
    const path = pathOf(expression);
    if (!path) return expression.kind === 'member' ? this.of(expression.object) : [];
    const [root, first] = path;
    const outside = [`${path.map((step) => step ?? '[…]').join('.')} is outside data`];
    const local = root === undefined ? undefined : this.#locals.get(root);
    if (local) return local;
    switch (root) {
      case 'execution':
        return first !== undefined && TRUSTED_EXECUTION.has(first) ? [] : outside;
      case 'taskrun':
        return first !== undefined && first !== 'value' ? [] : outside;
      case 'labels':
        return first === 'system' || first?.startsWith('system.') ? [] : outside;
      case 'vars':
        return this.#ofVariable(path.slice(1), outside);
      case undefined:
        return outside;
      default:
        return TRUSTED_ROOTS.has(root) ? [] : outside;
    }
  }

  #ofCall(name: string, args: readonly Argument[]): string[] {
    const fromArguments = this.#ofAll(valuesOf(args));
    switch (name) {
      case 'secret':
      case 'kv':
      case 'render':
      case 'renderOnce':
        return fromArguments;
      default:
        return NEUTRAL_FUNCTIONS.has(name) ? fromArguments : [`the result of ${name}() is outside data`];
    }
  }

  /** A variable holds a text to render: what it names is what comes out. */
  #ofVariable(path: ReadonlyArray<string | undefined>, outside: string[]): string[] {
    const { variables, reassigned } = this.#surroundings;
    const [name] = path;
    if (name === undefined || reassigned.has(name)) return outside;
    let node: unknown = variables;
    for (const step of path) {
      if (!isMap(node)) break;
      // An index that is not written down may pick any entry: judge them all.
      if (step === undefined) break;
      const pair = pairOf(node, step);
      if (!pair) return outside;
      node = pair.value;
    }
    if (!isNode(node) || node === variables) return outside;
    if (this.#open.has(name)) return [];
    const inner = new Judge(this.#surroundings, new Set([...this.#open, name]));
    return [...new Set(scalarsIn(node).flatMap(({ value }) => inner.ofText(value)))];
  }

  ofText(text: string): string[] {
    return isTemplate(text) ? this.ofPieces(parseTemplate(text)) : [];
  }
}

/** `outputs.a['b'].c` as its steps, undefined for a computed one; undefined when it does not begin with a name. */
export function pathOf(expression: Expression): Array<string | undefined> | undefined {
  if (expression.kind === 'name') return [expression.name];
  if (expression.kind !== 'member') return undefined;
  const before = pathOf(expression.object);
  const { property } = expression;
  return before && [...before, property.kind === 'literal' ? String(property.value) : undefined];
}

/** All text scalars in a node, keys included. */
export function scalarsIn(node: unknown): Array<{ node: Node; value: string }> {
  if (isScalar(node)) return typeof node.value === 'string' ? [{ node, value: node.value }] : [];
  if (isMap(node)) return node.items.flatMap(({ key, value }) => [...scalarsIn(key), ...scalarsIn(value)]);
  return isCollection(node) ? node.items.flatMap((item) => scalarsIn(item)) : [];
}

function valuesOf(args: readonly Argument[]): Expression[] {
  return args.map(({ value }) => value);
}
