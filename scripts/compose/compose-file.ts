import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse, type ScalarTag, type CollectionTag, type YAMLMap, type YAMLSeq } from 'yaml';
import { root } from '../../stack/paths.ts';

export type Value = string | number | boolean | null | Marked | Value[] | { [key: string]: Value };
export type Mapping = Record<string, Value>;
export type Variables = Readonly<Record<string, string>>;

/** A value with Compose's tag: `!reset` takes away what an earlier file says, `!override` puts this in its place. */
class Marked {
  readonly how: 'reset' | 'override';
  readonly value: Value;

  constructor(how: 'reset' | 'override', value: Value) {
    this.how = how;
    this.value = value;
  }
}

/**
 * The project that these files of this repository make together, the later ones over the earlier, as Compose would
 * read them with these variables. Knows the rules that our files use, and throws at a variable that must be given.
 */
export function readProject(files: readonly string[], variables: Variables): Mapping {
  const documents = files.map((file) => loaded(file, variables));
  return settled(documents.reduce((below, above) => merged(below, above) as Mapping, {})) as Mapping;
}

function loaded(file: string, variables: Variables): Mapping {
  const source = readFileSync(join(root, file), 'utf8');
  const document = mapping(
    interpolated(parse(source, { merge: true, customTags: TAGS }) as Value, variables),
  );
  const services = Object.entries(mapping(document['services'] ?? {})).map(([name, service]) => [
    name,
    extended(file, mapping(service), variables),
  ]);
  return { ...document, services: Object.fromEntries(services) as Mapping };
}

/** A service with what it extends below it. */
function extended(file: string, service: Mapping, variables: Variables): Mapping {
  const { extends: base, ...own } = service;
  if (base === undefined) return normal(own);
  const { file: other = file, service: name } = mapping(base);
  const path = join(dirname(file), text(other));
  const document = loaded(path, variables);
  const below = mapping(document['services'] ?? {})[text(name ?? null)];
  if (below === undefined) throw new Error(`${path} has no service ${text(name ?? null)}`);
  return merged(below, normal(own)) as Mapping;
}

/** The short forms of what Compose merges by name, as their long ones. */
function normal(service: Mapping): Mapping {
  const result = { ...service };
  for (const key of ['depends_on', 'networks', 'environment', 'labels']) {
    const value = result[key];
    if (Array.isArray(value)) result[key] = namedBy(key, value);
  }
  for (const key of ['env_file', 'command', 'entrypoint']) {
    const value = result[key];
    if (typeof value === 'string' && key === 'env_file') result[key] = [value];
  }
  return result;
}

function namedBy(key: string, list: Value[]): Mapping {
  return Object.fromEntries(
    list.map((one) => {
      if (key === 'depends_on') return [text(one), { condition: 'service_started' }];
      if (key === 'networks') return [text(one), {}];
      const [name = '', ...rest] = text(one).split('=');
      return [name, rest.join('=')];
    }),
  );
}

/** Lists that a later file replaces; all others it adds to. */
const REPLACED = new Set(['command', 'entrypoint', 'test']);
/** Lists in which the entries of one place inside the container are one. */
const BY_TARGET: Record<string, (one: Value) => string> = {
  volumes: (one) =>
    typeof one === 'string' ? (one.split(':')[1] ?? one) : text(mapping(one)['target'] ?? null),
  configs: (one) => text(typeof one === 'string' ? one : (mapping(one)['target'] ?? null)),
  ports: (one) => JSON.stringify(one),
};

function merged(below: Value | undefined, above: Value, key = ''): Value {
  if (above instanceof Marked || below === undefined || below instanceof Marked) return above;
  if (Array.isArray(above) && Array.isArray(below)) {
    if (REPLACED.has(key)) return above;
    const target = BY_TARGET[key];
    if (!target) return [...below, ...above];
    return [...new Map([...below, ...above].map((one) => [target(one), one])).values()];
  }
  if (isMapping(above) && isMapping(below)) {
    const keys = [...new Set([...Object.keys(below), ...Object.keys(above)])];
    return Object.fromEntries(
      keys.map((name) => {
        const value = above[name];
        return [name, value === undefined ? (below[name] as Value) : merged(below[name], value, name)];
      }),
    );
  }
  return above;
}

/** Without the marks: what they take away is gone. */
function settled(value: Value): Value {
  if (value instanceof Marked) return settled(value.value);
  if (Array.isArray(value)) return value.map(settled);
  if (!isMapping(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, one]) =>
      one instanceof Marked && one.how === 'reset' ? [] : [[key, settled(one)]],
    ),
  );
}

/** `${NAME}`, `${NAME:-default}`, `${NAME:?why}`, and `$$` for a dollar. */
const VARIABLE = /\$(?:\$|\{([A-Z][A-Z0-9_]*)(?:(:?[-?])([^}]*))?\})/g;

function interpolated(value: Value, variables: Variables): Value {
  if (value instanceof Marked) return new Marked(value.how, interpolated(value.value, variables));
  if (Array.isArray(value)) return value.map((one) => interpolated(one, variables));
  if (isMapping(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, interpolated(one, variables)]));
  }
  if (typeof value !== 'string') return value;
  return value.replace(VARIABLE, (whole, name?: string, operator?: string, argument?: string) => {
    if (name === undefined) return '$';
    const given = variables[name];
    if (given !== undefined && given !== '') return given;
    if (operator?.endsWith('?')) throw new Error(`${name} is missing: ${argument}`);
    if (operator?.endsWith('-')) return argument ?? '';
    throw new Error(`${whole} has no default: it would become nothing without a word`);
  });
}

/** The variables that a file's text takes from the environment. */
export const variablesIn = (source: string): string[] => [
  ...new Set([...source.matchAll(VARIABLE)].flatMap(([, name]) => name ?? [])),
];

const tag = (how: 'reset' | 'override') => ({
  scalar: {
    tag: `!${how}`,
    resolve: (source: string) => new Marked(how, source || null),
  } as unknown as ScalarTag,
  seq: {
    tag: `!${how}`,
    collection: 'seq',
    resolve: (node: YAMLMap | YAMLSeq) => new Marked(how, node.toJSON() as Value),
  } as unknown as CollectionTag,
  map: {
    tag: `!${how}`,
    collection: 'map',
    resolve: (node: YAMLMap | YAMLSeq) => new Marked(how, node.toJSON() as Value),
  } as unknown as CollectionTag,
});
const TAGS = (['reset', 'override'] as const).flatMap((how) => Object.values(tag(how)));

export const isMapping = (value: Value | undefined): value is Mapping =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Marked);

/** The value as a mapping; throws when it is none. */
export function mapping(value: Value | undefined): Mapping {
  if (!isMapping(value)) throw new Error(`a mapping is needed, not ${JSON.stringify(value)}`);
  return value;
}

/** The value as a text; throws when it is none. */
export function text(value: Value | undefined): string {
  if (typeof value !== 'string') throw new Error(`a text is needed, not ${JSON.stringify(value)}`);
  return value;
}
