import { isAlias, isMap, isScalar, isSeq, type Node, visit, type YAMLMap } from 'yaml';
import type { Finding } from './finding.ts';
import {
  type Expression,
  expressionsOf,
  isTemplate,
  parseTemplate,
  PebbleSyntaxError,
  type Piece,
  walk,
} from './pebble.ts';
import { type FlowSource, pairOf } from './source.ts';
import { scalarsIn, type Surroundings } from './trust.ts';

const CORE = 'io.kestra.plugin.core.';

/** The plugins that the rules know by name. `CORE` and `HTTP` are the beginnings of several. */
export const PLUGINS = {
  CORE,
  HTTP: `${CORE}http.`,
  KV_SET: `${CORE}kv.Set`,
  PYTHON: 'io.kestra.plugin.scripts.python.Script',
  PROCESS: `${CORE}runner.Process`,
  SUBFLOWS: [`${CORE}flow.Subflow`, `${CORE}flow.ForEachItem`],
  WEBHOOK: `${CORE}trigger.Webhook`,
  FLOW_TRIGGER: `${CORE}trigger.Flow`,
  OWN_NAMESPACE: `${CORE}condition.ExecutionNamespace`,
  DOWNLOAD: `${CORE}http.Download`,
  SET_VARIABLES: `${CORE}execution.SetVariables`,
};

/** A program's text: rendered data would become code, and a doubled brace of Python's own would be rendered. */
export const PROGRAM = ['script', 'commands', 'beforeCommands', 'interpreter'];

/** A map with a plugin's `type`: a task, a trigger, a task runner, or plugin defaults (then `properties` is `values`). */
export interface Plugin {
  type: string;
  typeNode: Node;
  properties: YAMLMap;
  isDefault: boolean;
}

/** One text of the flow that Kestra renders. */
interface Template {
  node: Node;
  pieces: Piece[];
}

/** One flow, taken apart for the rules. */
export interface Flow {
  source: FlowSource;
  root: YAMLMap;
  plugins: Plugin[];
  triggers: Plugin[];
  templates: Template[];
  surroundings: Surroundings;
  siblings: ReadonlySet<string>;
}

/** Takes a flow apart, or says why that cannot be done: then no rule could judge it. */
export function takeApart(source: FlowSource, siblings: ReadonlySet<string>): Flow | Finding[] {
  if (source.syntaxErrors.length > 0) return source.syntaxErrors;
  const { root } = source;
  if (!root || root.flow) {
    return [source.finding(0, 'yaml', 'a flow is a map of id, namespace, tasks and so on')];
  }
  const shared = sharedNodes(source, root);
  if (shared.length > 0) return shared;

  const plugins = pluginsIn(root);
  const programs = new Set(texts(plugins, PROGRAM).map(({ node }) => node));
  const { templates, findings } = readTemplates(source, root, programs);
  if (findings.length > 0) return findings;

  const variables = pairOf(root, 'variables')?.value;
  return {
    source,
    root,
    plugins,
    triggers: pluginsIn(pairOf(root, 'triggers')?.value),
    templates,
    surroundings: {
      variables: isMap(variables) ? variables : undefined,
      reassigned: reassignedVariables(plugins, variables),
    },
    siblings,
  };
}

/** The Python programs in a flow, each with the line of the file on which it begins. */
export function scriptsOf(source: FlowSource): Array<{ text: string; firstLine: number }> {
  const python = pluginsIn(source.root).filter(({ type }) => type === PLUGINS.PYTHON);
  return texts(python, ['script']).map(({ node, value }) => {
    const block = isScalar(node) && node.type?.startsWith('BLOCK_') === true;
    return { text: value, firstLine: source.lineOf(node) + (block ? 1 : 0) };
  });
}

/** The ids of the flows that a flow starts. */
export function subflowsOf(source: FlowSource): string[] {
  return pluginsIn(source.root)
    .filter(({ type }) => PLUGINS.SUBFLOWS.includes(type))
    .flatMap(({ properties }) => {
      const id = properties.get('flowId');
      return typeof id === 'string' ? [id] : [];
    });
}

/** True when a flow is started from outside: by a webhook or a schedule. */
export function hasTrigger(source: FlowSource): boolean {
  return source.root?.has('triggers') === true;
}

/** The texts in the named properties of all plugins. */
export function texts(
  plugins: readonly Plugin[],
  names: readonly string[],
): Array<{ property: string; node: Node; value: string }> {
  return plugins.flatMap(({ properties }) =>
    names.flatMap((property) =>
      scalarsIn(pairOf(properties, property)?.value).map((scalar) => ({ property, ...scalar })),
    ),
  );
}

export type Call = Extract<Expression, { kind: 'call' }>;

/** The function calls in the expressions of a template. */
export function callsIn(pieces: readonly Piece[]): Call[] {
  const found: Call[] = [];
  for (const expression of expressionsOf(pieces)) {
    walk(expression, (node) => {
      if (node.kind === 'call') found.push(node);
    });
  }
  return found;
}

/** A plugin's own properties and those of the defaults that the flow gives plugins of its type. */
export function layersOf({ type, properties }: Plugin, plugins: readonly Plugin[]): YAMLMap[] {
  const defaults = plugins.filter((one) => one.isDefault && type.startsWith(one.type));
  return [properties, ...defaults.map((one) => one.properties)];
}

/** The line of `text` that holds `offset`. */
export function lineAround(text: string, offset: number): string {
  const from = text.lastIndexOf('\n', offset - 1) + 1;
  const to = text.indexOf('\n', offset);
  return text.slice(from, to < 0 ? undefined : to).trim();
}

/** Every text that is rendered, parsed; those that cannot be read become findings. Programs have a rule of their own. */
function readTemplates(
  source: FlowSource,
  root: YAMLMap,
  programs: ReadonlySet<Node>,
): { templates: Template[]; findings: Finding[] } {
  const templates: Template[] = [];
  const findings: Finding[] = [];
  for (const { node, value } of scalarsIn(root)) {
    if (!isTemplate(value) || programs.has(node)) continue;
    try {
      templates.push({ node, pieces: parseTemplate(value) });
    } catch (error) {
      if (!(error instanceof PebbleSyntaxError)) throw error;
      const reason = `expression not readable: ${error.message}`;
      findings.push(source.finding(node, 'pebble', reason, lineAround(value, error.offset)));
    }
  }
  return { templates, findings };
}

function pluginsIn(node: unknown, isDefault = false): Plugin[] {
  if (isSeq(node)) return node.items.flatMap((item) => pluginsIn(item, isDefault));
  if (!isMap(node)) return [];
  const type = node.get('type', true);
  const values = pairOf(node, 'values')?.value;
  const own =
    isScalar(type) && typeof type.value === 'string' && type.value.includes('.')
      ? [
          {
            type: type.value,
            typeNode: type,
            properties: isDefault && isMap(values) ? values : node,
            isDefault,
          },
        ]
      : [];
  const inner = node.items.flatMap(({ key, value }) =>
    pluginsIn(value, isDefault || (isScalar(key) && key.value === 'pluginDefaults')),
  );
  return [...own, ...inner];
}

/** Names that SetVariables gives a value; all of them when it takes its map from an expression. */
function reassignedVariables(plugins: readonly Plugin[], declared: unknown): Set<string> {
  const assigned = plugins
    .filter(
      ({ type, isDefault }) =>
        type === PLUGINS.SET_VARIABLES || (isDefault && PLUGINS.SET_VARIABLES.startsWith(type)),
    )
    .flatMap(({ properties }) => pairOf(properties, 'variables') ?? [])
    .map(({ value }) => (isMap(value) ? value : declared));
  return new Set(assigned.flatMap((map) => (isMap(map) ? map.items.map(({ key }) => String(key)) : [])));
}

/** Anchors, aliases, tags, merge keys: Kestra's parser would see a map that the rules do not. */
function sharedNodes(source: FlowSource, root: YAMLMap): Finding[] {
  const findings: Finding[] = [];
  visit(root, {
    Node(_key, node) {
      const anchored = isAlias(node) || node.anchor !== undefined;
      // The parser itself gives standard types a tag of this beginning.
      const tagged = node.tag !== undefined && !node.tag.startsWith('tag:yaml.org,2002:');
      const merging = isScalar(node) && node.value === '<<';
      if (!anchored && !tagged && !merging) return;
      const reason = 'anchors, aliases, tags and merge keys are not used in flows: write it out';
      findings.push(source.finding(node, 'yaml', reason));
    },
  });
  return findings;
}
