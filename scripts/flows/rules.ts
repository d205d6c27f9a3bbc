import { isMap, isScalar, isSeq, type YAMLMap } from 'yaml';
import type { Finding } from './finding.ts';
import {
  type Call,
  callsIn,
  type Flow,
  layersOf,
  lineAround,
  PLUGINS,
  PROGRAM,
  takeApart,
  texts,
} from './flow-model.ts';
import { type Expression, isTemplate, parseTemplate } from './pebble.ts';
import { type FlowSource, pairOf, SOURCE_NAMESPACE } from './source.ts';
import { COMMIT_LABEL } from './stamp.ts';
import { outsideDataIn, outsideDataOf, pathOf, scalarsIn, type Surroundings } from './trust.ts';

const { CORE, DOWNLOAD, FLOW_TRIGGER, HTTP, KV_SET, OWN_NAMESPACE, PYTHON, PROCESS, SUBFLOWS, WEBHOOK } =
  PLUGINS;

/** Core types that would undo the rules below. */
const REFUSED_TYPES = new Map([
  [`${CORE}templating.TemplatedTask`, 'it makes a task out of rendered text'],
  [`${CORE}flow.Template`, 'its tasks are kept outside this folder, where nothing checks them'],
  [`${CORE}storage.LocalFiles`, 'it fetches whatever address its inputs hold'],
]);

/** Rendered twice by Kestra 1.3.31, or deciding what is called or started: settings only. */
const SETTINGS_ONLY = [
  'env',
  'headers',
  'options',
  'contentType',
  'taskRunner',
  'containerImage',
  'dependencies',
  'docker',
];
/** Pebble functions no flow needs, each with the way to do it instead. */
const REFUSED_FUNCTIONS = new Map([
  ['http', `http() calls a server from inside an expression: use ${HTTP}Request`],
  ['subflow', 'subflow() starts an execution from inside an expression: use a Subflow task'],
  ['printContext', 'printContext() shows everything the execution knows'],
  ['fetchContext', 'fetchContext() shows everything the execution knows'],
]);
const FILE_FUNCTIONS = new Set(['read', 'fileURI', 'fileExists', 'fileSize', 'isFileEmpty']);

/**
 * What is wrong with one flow as far as its text tells: its form, what a stock Kestra could not load, and where outside
 * data could become code or read a secret. `siblings` are the ids of the flows deployed with it.
 */
export function checkFlow(source: FlowSource, siblings: ReadonlySet<string>): Finding[] {
  const flow = takeApart(source, siblings);
  return Array.isArray(flow) ? flow : RULES.flatMap((rule) => rule(flow));
}

const RULES: ReadonlyArray<(flow: Flow) => Finding[]> = [
  checkIdentity,
  checkLabels,
  checkTypes,
  checkTriggers,
  checkFlowTriggers,
  checkFunctions,
  checkPrograms,
  checkSettingsOnly,
  checkInputFiles,
  checkHttp,
  checkSecretAddresses,
  checkPythonRunner,
  checkSubflows,
  checkStoring,
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
    const isStock = type.startsWith(CORE) || type === PYTHON;
    const isDefaultOfStock = isDefault && [CORE, PYTHON].some((known) => known.startsWith(type));
    if (isStock || isDefaultOfStock) return [];
    const reason = `${type} is not a core type or ${PYTHON}: a stock Kestra may lack it`;
    return [source.finding(typeNode, 'type', reason)];
  });
}

function checkTriggers({ source, triggers, templates }: Flow): Finding[] {
  return triggers.flatMap(({ type, typeNode, properties }) => {
    const secrets = scalarsIn(properties)
      .flatMap(({ node }) => templates.find((template) => template.node === node) ?? [])
      .filter(({ pieces }) => callsIn(pieces).some(({ name }) => name === 'secret'))
      .map(({ node }) =>
        source.finding(node, 'trigger-secret', 'secret() in a trigger is read again at every look: use envs'),
      );
    const key = pairOf(properties, 'key');
    if (type !== WEBHOOK || isServerSetting(key?.value)) return secrets;
    const reason = `a webhook's key must be "{{ envs.<name> }}" and nothing else: it is the URL's only guard`;
    return [...secrets, source.finding(key?.key ?? typeNode, 'webhook-key', reason)];
  });
}

/** Without it one deployment would be started by the executions of all. */
function checkFlowTriggers({ source, triggers }: Flow): Finding[] {
  return triggers
    .filter(({ type }) => type === FLOW_TRIGGER)
    .filter(({ properties }) => {
      const conditions = properties.get('conditions');
      return !(isSeq(conditions) ? conditions.items : []).some(
        (condition) =>
          isMap(condition) &&
          condition.get('type') === OWN_NAMESPACE &&
          condition.get('namespace') === SOURCE_NAMESPACE &&
          condition.get('comparison') === 'EQUALS',
      );
    })
    .map(({ typeNode }) => {
      const reason = `it waits for every deployment's executions: add ${OWN_NAMESPACE} with namespace: ${SOURCE_NAMESPACE}, comparison: EQUALS`;
      return source.finding(typeNode, 'flow-trigger', reason);
    });
}

function checkFunctions({ source, templates, surroundings }: Flow): Finding[] {
  return templates.flatMap(({ node, pieces }) =>
    pieces.flatMap((piece) =>
      callsIn([piece])
        .flatMap((call) => problemOfCall(call, surroundings) ?? [])
        .map(({ rule, reason }) => source.finding(node, rule, reason, piece.source)),
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
    const at = value.search(/\{\{|\{%|\{#/);
    if (at < 0) return [];
    const reason = `${property} holds a Pebble expression: hand data over as a JSON file (inputFiles), settings by env`;
    return [source.finding(node, 'program', reason, lineAround(value, at))];
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
  const calling = plugins.filter(
    ({ type, isDefault }) => type.startsWith(HTTP) || (isDefault && HTTP.startsWith(type)),
  );
  const hosts = texts(calling, ['uri']).flatMap(({ node, value }) => {
    const outside = outsideHost(value, surroundings);
    if (!outside) return [];
    return [
      source.finding(node, 'uri', `${outside}, and it stands where the host can end: put a / before it`),
    ];
  });
  const endless = calling
    .filter((plugin) => !plugin.isDefault && !layersOf(plugin, plugins).some(hasTimeout))
    .map(({ typeNode }) => {
      const reason = 'an HTTP task needs a timeout, or connectTimeout and readIdleTimeout in options.timeout';
      return source.finding(typeNode, 'timeout', reason);
    });
  return [...hosts, ...endless];
}

/** Kestra masks secrets in logs, but not in outputs, and all HTTP tasks but one put their uri there. */
function checkSecretAddresses({ source, plugins, templates }: Flow): Finding[] {
  const telling = plugins.filter(({ type }) => type.startsWith(HTTP) && type !== DOWNLOAD);
  return texts(telling, ['uri', 'params']).flatMap(({ property, node }) => {
    const pieces = templates.find((template) => template.node === node)?.pieces ?? [];
    if (!callsIn(pieces).some(({ name }) => name === 'secret')) return [];
    return [
      source.finding(node, 'secret-uri', `${property} is told in the task's outputs: use ${DOWNLOAD} for it`),
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
  return plugins
    .filter(({ type, isDefault }) => type === PYTHON && !isDefault)
    .filter((plugin) =>
      layersOf(plugin, plugins).every((layer) => layer.getIn(['taskRunner', 'type']) !== PROCESS),
    )
    .map(({ typeNode }) =>
      source.finding(typeNode, 'task-runner', `without taskRunner ${PROCESS} a stock Kestra starts Docker`),
    );
}

function checkSubflows({ source, plugins, siblings }: Flow): Finding[] {
  return plugins
    .filter(({ type, isDefault }) => SUBFLOWS.includes(type) && !isDefault)
    .flatMap(({ typeNode, properties }) => {
      const flowId = properties.get('flowId');
      const demands = {
        wait: {
          met: typeof properties.get('wait') === 'boolean',
          reason: 'say wait: true or wait: false: the default waits, for days if need be',
        },
        namespace: {
          met: isPath(properties.get('namespace'), 'flow.namespace'),
          reason:
            'namespace must be "{{ flow.namespace }}", or a test deployment would start production flows',
        },
        flowId: {
          met: typeof flowId === 'string' && siblings.has(flowId),
          reason: `flowId ${shown(flowId)} is none of ${[...siblings].join(', ')}`,
        },
      };
      return Object.entries(demands)
        .filter(([, { met }]) => !met)
        .map(([key, { reason }]) =>
          source.finding(pairOf(properties, key)?.key ?? typeNode, 'subflow', reason),
        );
    });
}

/** Kestra 1.3.31: of two executions that store a new key at the same moment, one fails on a unique index. */
function checkStoring({ source, plugins }: Flow): Finding[] {
  return plugins
    .filter(({ type, isDefault }) => type === KV_SET && !isDefault)
    .filter((plugin) => !layersOf(plugin, plugins).some((layer) => layer.has('retry')))
    .map(({ typeNode }) =>
      source.finding(
        typeNode,
        'kv-set',
        'storing a key that another execution stores too can fail: add a retry',
      ),
    );
}

function isJson(expression: Expression): boolean {
  return expression.kind === 'filter' && expression.name === 'toJson';
}

function isOwnVariable(expression: Expression, { variables, reassigned }: Surroundings): boolean {
  const [root, name] = pathOf(expression) ?? [];
  return root === 'vars' && name !== undefined && !reassigned.has(name) && variables?.has(name) === true;
}

function isServerSetting(node: unknown): boolean {
  const path = isScalar(node) ? onlyPath(node.value) : undefined;
  return path?.length === 2 && path[0] === 'envs' && path[1] !== undefined;
}

function isPath(text: unknown, wanted: string): boolean {
  return onlyPath(text)?.join('.') === wanted;
}

/** The path that a text consists of, when it is one `{{ a.b }}` and nothing else. */
function onlyPath(text: unknown): Array<string | undefined> | undefined {
  const [piece, ...rest] = typeof text === 'string' ? parseTemplate(text) : [];
  return piece?.kind === 'output' && rest.length === 0 ? pathOf(piece.expression) : undefined;
}

function shown(value: unknown): string {
  return value === undefined || value === '' ? 'missing' : JSON.stringify(value);
}
