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
import { type FlowSource, pairOf, SOURCE_NAMESPACE } from './source.ts';
import { COMMIT_LABEL } from './stamp.ts';
import { outsideDataIn, outsideDataOf, pathOf, scalarsIn, type Surroundings } from './trust.ts';

const CORE = 'io.kestra.plugin.core.';
const HTTP = `${CORE}http.`;
const PYTHON = 'io.kestra.plugin.scripts.python.Script';
const PROCESS = `${CORE}runner.Process`;
const SUBFLOWS = [`${CORE}flow.Subflow`, `${CORE}flow.ForEachItem`];
const WEBHOOK = `${CORE}trigger.Webhook`;
const SET_VARIABLES = `${CORE}execution.SetVariables`;

/** Core types that would undo the rules below. */
const REFUSED_TYPES = new Map([
  [`${CORE}templating.TemplatedTask`, 'it makes a task out of rendered text'],
  [`${CORE}flow.Template`, 'its tasks are kept outside this folder, where nothing checks them'],
  [`${CORE}storage.LocalFiles`, 'it fetches whatever address its inputs hold'],
]);

/** A program's text: rendered data would become code, and a doubled brace of Python's own would be rendered. */
const PROGRAM = ['script', 'commands', 'beforeCommands', 'interpreter'];
/** Rendered twice by Kestra 1.3.31, or deciding what is called or started: settings only. */
const SETTINGS_ONLY = [
  'env',
  'headers',
  'options',
  'contentType',
  'taskRunner',
  'containerImage',
  'dependencies',
];
/** Pebble functions no flow needs, each with the way to do it instead. */
const REFUSED_FUNCTIONS = new Map([
  ['http', `http() calls a server from inside an expression: use ${HTTP}Request`],
  ['subflow', 'subflow() starts an execution from inside an expression: use a Subflow task'],
  ['printContext', 'printContext() shows everything the execution knows'],
  ['fetchContext', 'fetchContext() shows everything the execution knows'],
]);
const FILE_FUNCTIONS = new Set(['read', 'fileURI', 'fileExists', 'fileSize', 'isFileEmpty']);

/** A map with a plugin's `type`: a task, a trigger, a task runner, or plugin defaults (then `properties` is `values`). */
interface Plugin {
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

interface Flow {
  source: FlowSource;
  root: YAMLMap;
  plugins: Plugin[];
  triggers: Plugin[];
  templates: Template[];
  surroundings: Surroundings;
  siblings: ReadonlySet<string>;
}

/**
 * What is wrong with one flow as far as its text tells: its form, what a stock Kestra could not load, and where outside
 * data could become code or read a secret. `siblings` are the ids of the flows deployed with it.
 */
export function checkFlow(source: FlowSource, siblings: ReadonlySet<string>): Finding[] {
  if (source.syntaxErrors.length > 0) return source.syntaxErrors;
  const { root } = source;
  if (!root || root.flow)
    return [source.finding(0, 'yaml', 'a flow is a map of id, namespace, tasks and so on')];
  const shared = sharedNodes(source, root);
  if (shared.length > 0) return shared;
  const plugins = pluginsIn(root);
  const { templates, findings } = readTemplates(
    source,
    root,
    new Set(texts(plugins, PROGRAM).map(({ node }) => node)),
  );
  // Without knowing what every text does the other rules could only guess.
  if (findings.length > 0) return findings;

  const variables = pairOf(root, 'variables')?.value;
  const flow: Flow = {
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
  return RULES.flatMap((rule) => rule(flow));
}

/** The Python programs in a flow, each with the line of the file on which it begins. */
export function scriptsOf(source: FlowSource): Array<{ text: string; firstLine: number }> {
  const python = pluginsIn(source.root).filter(({ type }) => type === PYTHON);
  return texts(python, ['script']).map(({ node, value }) => {
    const block = isScalar(node) && node.type?.startsWith('BLOCK_') === true;
    return { text: value, firstLine: source.lineOf(node) + (block ? 1 : 0) };
  });
}

/** The ids of the flows that a flow starts. */
export function subflowsOf(source: FlowSource): string[] {
  return pluginsIn(source.root)
    .filter(({ type }) => SUBFLOWS.includes(type))
    .flatMap(({ properties }) => {
      const id = properties.get('flowId');
      return typeof id === 'string' ? [id] : [];
    });
}

/** True when a flow is started from outside: by a webhook or a schedule. */
export function hasTrigger(source: FlowSource): boolean {
  return source.root?.has('triggers') === true;
}

const RULES: ReadonlyArray<(flow: Flow) => Finding[]> = [
  checkIdentity,
  checkLabels,
  checkTypes,
  checkTriggers,
  checkFunctions,
  checkPrograms,
  checkSettingsOnly,
  checkInputFiles,
  checkHttp,
  checkPythonRunner,
  checkSubflows,
];

function checkIdentity({ source, root }: Flow): Finding[] {
  const expected = { id: source.id, namespace: SOURCE_NAMESPACE };
  return Object.entries(expected).flatMap(([key, wanted]) => {
    const pair = pairOf(root, key);
    const value = isScalar(pair?.value) ? pair.value.value : undefined;
    if (value === wanted) return [];
    const reason =
      key === 'id'
        ? `the id is ${shown(value)}, the file's name says ${wanted}`
        : `the namespace is ${shown(value)}; sources say ${wanted}, and deploying replaces it`;
    return [source.finding(pair?.key ?? root, key, reason)];
  });
}

function checkLabels({ source, root }: Flow): Finding[] {
  const pair = pairOf(root, 'labels');
  if (!pair) return [];
  if (!isMap(pair.value) || pair.value.items.length === 0) {
    return [source.finding(pair.key, 'labels', 'labels must be a map with an entry, or be left out')];
  }
  const commit = pairOf(pair.value, COMMIT_LABEL);
  return commit
    ? [source.finding(commit.key, 'labels', `the label ${COMMIT_LABEL} belongs to deploying: remove it`)]
    : [];
}

function checkTypes({ source, plugins }: Flow): Finding[] {
  return plugins.flatMap(({ type, typeNode, isDefault }) => {
    const refused = REFUSED_TYPES.get(type);
    if (refused) return [source.finding(typeNode, 'type', `${type} is not used in these flows: ${refused}`)];
    const stock =
      type.startsWith(CORE) ||
      type === PYTHON ||
      (isDefault && [CORE, PYTHON].some((known) => known.startsWith(type)));
    return stock
      ? []
      : [
          source.finding(
            typeNode,
            'type',
            `${type} is not a core type or ${PYTHON}: a stock Kestra may lack it`,
          ),
        ];
  });
}

function checkTriggers({ source, triggers, templates }: Flow): Finding[] {
  return triggers.flatMap(({ type, typeNode, properties }) => {
    const secrets = scalarsIn(properties)
      .filter(({ node }) =>
        callsIn(templates.find((one) => one.node === node)).some(({ name }) => name === 'secret'),
      )
      .map(({ node }) =>
        source.finding(node, 'trigger-secret', 'secret() in a trigger is read again at every look: use envs'),
      );
    if (type !== WEBHOOK) return secrets;
    const key = pairOf(properties, 'key');
    return isSettingOfServer(key?.value)
      ? secrets
      : [
          ...secrets,
          source.finding(
            key?.key ?? typeNode,
            'webhook-key',
            `a webhook's key must be "{{ envs.<name> }}" and nothing else: it is the URL's only guard`,
          ),
        ];
  });
}

function checkFunctions({ source, templates, surroundings }: Flow): Finding[] {
  return templates.flatMap(({ node, pieces }) =>
    pieces.flatMap((piece) =>
      callsIn({ pieces: [piece] }).flatMap((call) => {
        const problem = problemOfCall(call, surroundings);
        return problem
          ? [
              {
                ...source.finding(node, problem.rule, problem.reason),
                line: source.lineWithin(node, piece.source),
              },
            ]
          : [];
      }),
    ),
  );
}

function problemOfCall(
  { name, args }: Call,
  surroundings: Surroundings,
): { rule: string; reason: string } | undefined {
  const refused = REFUSED_FUNCTIONS.get(name);
  if (refused) return { rule: 'function', reason: refused };
  const first = args[0]?.value;
  const literal = first?.kind === 'literal';
  const outside = args.flatMap(({ value }) => outsideDataOf(value, surroundings))[0];
  switch (name) {
    case 'render':
      return literal
        ? undefined
        : { rule: 'render', reason: 'render() renders what it rendered: use renderOnce(vars.<name>)' };
    case 'renderOnce':
      return !first || literal || isOwnVariable(first, surroundings) || !outside
        ? undefined
        : { rule: 'render', reason: `renderOnce() would run data as a template: ${outside}` };
    case 'secret':
      return literal
        ? undefined
        : { rule: 'secret', reason: "secret() takes a written name: secret('NAME')" };
    case 'kv': {
      const namespace = args.find((argument) => argument.name === 'namespace')?.value;
      return namespace && pathOf(namespace)?.join('.') === 'flow.namespace'
        ? undefined
        : { rule: 'kv', reason: "kv() without namespace=flow.namespace takes the parent namespace's value" };
    }
    default:
      return FILE_FUNCTIONS.has(name) && outside
        ? { rule: 'function', reason: `${name}() would open a file of a stranger's choice: ${outside}` }
        : undefined;
  }
}

function checkPrograms({ source, plugins }: Flow): Finding[] {
  return texts(plugins, PROGRAM).flatMap(({ property, node, value }) => {
    const at = /\{\{|\{%|\{#/.exec(value);
    if (!at) return [];
    const reason = `${property} holds a Pebble expression: hand data over as a JSON file (inputFiles), settings by env`;
    return [
      {
        ...source.finding(node, 'program', reason),
        line: source.lineWithin(node, lineAround(value, at.index)),
      },
    ];
  });
}

function checkSettingsOnly({ source, plugins, surroundings }: Flow): Finding[] {
  return texts(plugins, SETTINGS_ONLY).flatMap(({ property, node, value }) =>
    outsideDataIn(value, surroundings).map((phrase) => {
      const remedy = property === 'headers' ? 'hash it (| sha256) or leave it out' : 'settings only';
      return source.finding(node, property, `${property} may be rendered twice, and ${phrase}: ${remedy}`);
    }),
  );
}

function checkInputFiles({ source, plugins, surroundings }: Flow): Finding[] {
  return plugins.flatMap(({ properties }) => {
    const pair = pairOf(properties, 'inputFiles');
    if (!pair) return [];
    if (!isMap(pair.value)) {
      return [source.finding(pair.key, 'input-files', 'inputFiles must be a map of file name and content')];
    }
    return pair.value.items.flatMap(({ key, value }) => {
      const name = isScalar(key) ? String(key.value) : '';
      const problem = problemOfInputFile(name, value, surroundings);
      return problem
        ? [source.finding(isScalar(key) ? key : pair.key, 'input-files', `${name}: ${problem}`)]
        : [];
    });
  });
}

function problemOfInputFile(name: string, content: unknown, surroundings: Surroundings): string | undefined {
  if (isTemplate(name)) return 'a file name must be written, not rendered';
  if (!isScalar(content)) return 'the content must be one text';
  if (typeof content.value !== 'string' || !isTemplate(content.value)) return undefined;
  if (!name.endsWith('.json')) return 'rendered data goes into a file named *.json';
  const pieces = parseTemplate(content.value).filter(
    ({ kind, source }) => kind !== 'text' || source.trim() !== '',
  );
  const outputs = pieces.flatMap((piece) => (piece.kind === 'output' ? [piece.expression] : []));
  const [first] = pieces;
  const wholeExpression = pieces.length === 1 && first?.kind === 'output';
  const jsonText = first?.kind === 'text' && /^\s*[[{]/.test(first.source);
  const asJson = outputs.every(
    (output) => isJson(output) || (jsonText && outsideDataOf(output, surroundings).length === 0),
  );
  return (wholeExpression || jsonText) && asJson && !pieces.some(({ kind }) => kind === 'tag')
    ? undefined
    : 'a field that reads file:///… is fetched: give a whole object as "{{ … | toJson }}"';
}

function checkHttp({ source, plugins, surroundings }: Flow): Finding[] {
  const defaults = plugins.filter(({ isDefault }) => isDefault);
  return plugins
    .filter(({ type, isDefault }) => type.startsWith(HTTP) || (isDefault && HTTP.startsWith(type)))
    .flatMap(({ type, typeNode, properties, isDefault }) => {
      const uri = pairOf(properties, 'uri')?.value;
      const host =
        isScalar(uri) && typeof uri.value === 'string' ? outsideHost(uri.value, surroundings) : undefined;
      const layers = [
        properties,
        ...defaults.filter((one) => type.startsWith(one.type)).map((one) => one.properties),
      ];
      return [
        ...(host && isScalar(uri)
          ? [source.finding(uri, 'uri', `${host}, and it stands where the host can end: put a / before it`)]
          : []),
        ...(isDefault || layers.some(hasTimeout)
          ? []
          : [
              source.finding(
                typeNode,
                'timeout',
                'an HTTP task needs a timeout, or connectTimeout and readIdleTimeout in options.timeout',
              ),
            ]),
      ];
    });
}

function hasTimeout(properties: YAMLMap): boolean {
  return (
    properties.has('timeout') ||
    ['connectTimeout', 'readIdleTimeout'].every((name) => properties.hasIn(['options', 'timeout', name]))
  );
}

/** The phrase of the outside data that has a say in the host of `uri`, if any has. */
function outsideHost(uri: string, surroundings: Surroundings): string | undefined {
  let known = '';
  for (const piece of parseTemplate(uri)) {
    if (/^(?:SETTING|https?:\/\/[^/?#]+)[/?#]/.test(known)) return undefined;
    if (piece.kind === 'text') known += piece.source.trimStart();
    if (piece.kind !== 'output') continue;
    const [outside] = outsideDataOf(piece.expression, surroundings);
    if (outside) return outside;
    known += 'SETTING';
  }
  return undefined;
}

function checkPythonRunner({ source, plugins }: Flow): Finding[] {
  const defaults = plugins.filter(({ isDefault }) => isDefault);
  return plugins
    .filter(({ type, isDefault }) => type === PYTHON && !isDefault)
    .filter(({ properties }) =>
      [
        properties,
        ...defaults.filter((one) => PYTHON.startsWith(one.type)).map((one) => one.properties),
      ].every((layer) => layer.getIn(['taskRunner', 'type']) !== PROCESS),
    )
    .map(({ typeNode }) =>
      source.finding(typeNode, 'task-runner', `without taskRunner ${PROCESS} a stock Kestra starts Docker`),
    );
}

function checkSubflows({ source, plugins, siblings }: Flow): Finding[] {
  return plugins
    .filter(({ type, isDefault }) => SUBFLOWS.includes(type) && !isDefault)
    .flatMap(({ typeNode, properties }) => {
      const at = (key: string) => pairOf(properties, key)?.key ?? typeNode;
      const text = (key: string) => {
        const value = properties.get(key);
        return typeof value === 'string' ? value : '';
      };
      const flowId = text('flowId');
      return [
        ...(typeof properties.get('wait') === 'boolean'
          ? []
          : [
              source.finding(
                at('wait'),
                'subflow',
                'say wait: true or wait: false: the default waits, for days if need be',
              ),
            ]),
        ...(isPath(text('namespace'), 'flow.namespace')
          ? []
          : [
              source.finding(
                at('namespace'),
                'subflow',
                'namespace must be "{{ flow.namespace }}", or a test deployment would start production flows',
              ),
            ]),
        ...(siblings.has(flowId)
          ? []
          : [
              source.finding(
                at('flowId'),
                'subflow',
                `flowId ${shown(flowId)} is none of ${[...siblings].join(', ')}`,
              ),
            ]),
      ];
    });
}

/** Anchors, aliases and tags: two places that share a node would be judged by one of them. */
function sharedNodes(source: FlowSource, root: YAMLMap): Finding[] {
  const findings: Finding[] = [];
  visit(root, {
    Node(_key, node) {
      const anchored = isAlias(node) || node.anchor !== undefined;
      // `tag` is set by the parser on standard types too; only a written one begins with "!" or is no core tag.
      const tagged = node.tag !== undefined && !node.tag.startsWith('tag:yaml.org,2002:');
      if (anchored || tagged) {
        findings.push(
          source.finding(node, 'yaml', 'anchors, aliases and tags are not used in flows: write it out'),
        );
      }
    },
  });
  return findings;
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
      const line = source.lineWithin(node, lineAround(value, error.offset));
      findings.push({ ...source.finding(node, 'pebble', `expression not readable: ${error.message}`), line });
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
    .filter(({ type, isDefault }) => type === SET_VARIABLES || (isDefault && SET_VARIABLES.startsWith(type)))
    .flatMap(({ properties }) => pairOf(properties, 'variables') ?? [])
    .map(({ value }) => (isMap(value) ? value : declared));
  return new Set(assigned.flatMap((map) => (isMap(map) ? map.items.map(({ key }) => String(key)) : [])));
}

/** The texts in the named properties of all plugins. */
function texts(
  plugins: readonly Plugin[],
  names: readonly string[],
): Array<{ property: string; node: Node; value: string }> {
  return plugins.flatMap(({ properties }) =>
    names.flatMap((property) =>
      scalarsIn(pairOf(properties, property)?.value).map((scalar) => ({ property, ...scalar })),
    ),
  );
}

type Call = Extract<Expression, { kind: 'call' }>;

function callsIn(template: Pick<Template, 'pieces'> | undefined): Call[] {
  const found: Call[] = [];
  for (const expression of expressionsOf(template?.pieces ?? [])) {
    walk(expression, (node) => {
      if (node.kind === 'call') found.push(node);
    });
  }
  return found;
}

function isJson(expression: Expression): boolean {
  return expression.kind === 'filter' && expression.name === 'toJson';
}

function isOwnVariable(expression: Expression, { variables, reassigned }: Surroundings): boolean {
  const [root, name] = pathOf(expression) ?? [];
  return root === 'vars' && name !== undefined && !reassigned.has(name) && variables?.has(name) === true;
}

function isSettingOfServer(node: unknown): boolean {
  const text = isScalar(node) && typeof node.value === 'string' ? node.value : '';
  const path = onlyPath(text);
  return path?.length === 2 && path[0] === 'envs' && path[1] !== undefined;
}

function isPath(text: string, wanted: string): boolean {
  return onlyPath(text)?.join('.') === wanted;
}

/** The path that a text consists of, when it is one `{{ a.b }}` and nothing else. */
function onlyPath(text: string): Array<string | undefined> | undefined {
  const [piece, ...rest] = isTemplate(text) ? parseTemplate(text) : [];
  return piece?.kind === 'output' && rest.length === 0 ? pathOf(piece.expression) : undefined;
}

function lineAround(text: string, offset: number): string {
  const from = text.lastIndexOf('\n', offset - 1) + 1;
  const to = text.indexOf('\n', offset);
  return text.slice(from, to < 0 ? undefined : to).trim();
}

function shown(value: unknown): string {
  return value === undefined || value === '' ? 'missing' : JSON.stringify(value);
}
