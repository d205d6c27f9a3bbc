import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { subflowsOf } from './flow-model.ts';
import { checkFlow } from './rules.ts';
import { FlowSource } from './source.ts';

const SIBLINGS = new Set(['plan', 'send-email']);
const HEAD = 'id: plan\nnamespace: christmas\n';
const LOG = 'io.kestra.plugin.core.log.Log';
const HTTP = 'io.kestra.plugin.core.http.Request';
const PYTHON = 'io.kestra.plugin.scripts.python.Script';
const PROCESS = 'taskRunner: { type: io.kestra.plugin.core.runner.Process }';
const DEFAULT_TASKS = `tasks:\n  - { id: a, type: ${LOG}, message: hi }\n`;

const check = (text: string) => checkFlow(new FlowSource('flows/plan.yaml', text), SIBLINGS);
const flow = (...parts: string[]): string => [HEAD, ...parts].join('');
/** One task with these properties, one a line. */
const task = (type: string, ...properties: string[]): string =>
  ['tasks:', '  - id: a', `    type: ${type}`, ...properties.map((line) => `    ${line}`), ''].join('\n');
const http = (...properties: string[]): string => task(HTTP, 'timeout: PT5S', ...properties);
const python = (...properties: string[]): string => task(PYTHON, PROCESS, ...properties);
const header = (value: string): string =>
  http('uri: https://x.test/', 'headers:', `  X-One: ${JSON.stringify(value)}`);
const env = (value: string): string => python('script: pass', 'env:', `  ONE: ${JSON.stringify(value)}`);
const inputFile = (value: string, name = 'input.json'): string =>
  python('script: pass', 'inputFiles:', `  ${name}: ${JSON.stringify(value)}`);
const message = (value: string): string => task(LOG, `message: ${JSON.stringify(value)}`);
const webhook = (key: string): string =>
  `${DEFAULT_TASKS}triggers:\n  - { id: w, type: io.kestra.plugin.core.trigger.Webhook, key: ${JSON.stringify(key)} }\n`;
const onFailure = (condition: string): string =>
  `${DEFAULT_TASKS}triggers:\n  - id: f\n    type: io.kestra.plugin.core.trigger.Flow\n    conditions:\n      - { type: io.kestra.plugin.core.condition.${condition} }\n`;
const subflow = (properties: string): string =>
  task('io.kestra.plugin.core.flow.Subflow', ...properties.split('\n'));
const SUBFLOW = 'namespace: "{{ flow.namespace }}"\nflowId: send-email\nwait: false';
const uri = (value: string): string => http(`uri: ${JSON.stringify(value)}`);

const VARIABLES = `variables:
  base: "{{ kv('BASE', namespace=flow.namespace, errorOnMissing=false) ?? envs.base ?? 'https://api.test' }}"
  mail: "{{ inputs.lead.email }}"
  claim: "{{ [flow.namespace, inputs.lead.email] | toJson | sha256 }}"
  nested: { good: a, bad: "{{ trigger.body.x }}" }
  over: "{{ renderOnce(vars.mail) }}"
  again: "{{ renderOnce(vars.again) }}"
`;

const SOUND: Record<string, string> = {
  'a literal header': header('application/json'),
  'a secret in a header': header("Bearer {{ secret('TOKEN') }}"),
  'the correlation id in a header': header('{{ labels.system.correlationId }}'),
  'the execution in a header': header('{{ execution.id }}-{{ flow.namespace }}-{{ taskrun.id }}'),
  'a setting in a header': header("{{ kv('A', namespace=flow.namespace) ?? envs.a }}"),
  'hashed outside data in a header': header('{{ (inputs.lead.email ~ flow.namespace) | sha256 }}'),
  'hashed outside data without brackets': header('{{ inputs.lead.email ~ flow.namespace | sha256 }}'),
  'a settings variable in a header': VARIABLES + header('{{ renderOnce(vars.base) }}'),
  'a variable of hashed outside data in a header': VARIABLES + header('{{ renderOnce(vars.claim) }}'),
  'an entry of a variable in a header': VARIABLES + header('{{ renderOnce(vars.nested.good) }}'),
  'a choice by outside data between literals in a header': header("{{ outputs.a.code == 200 ? 'x' : 'y' }}"),
  'a local of settings in a header': header('{% set x = envs.a %}{{ x }}'),
  'settings in env': env("{{ secret('A') }}{{ envs.b }}"),
  'a script without expressions': python('script: |', '  from lib.tasks import plan', '  plan()'),
  'a whole object as an input file': inputFile('{{ {"lead": inputs.lead} | toJson }}'),
  'a whole body as an input file': inputFile(' {{ trigger.body | toJson }}\n'),
  'JSON text with values as JSON': inputFile(
    '{"lead": {{ inputs.lead | toJson }}, "at": "{{ execution.startDate }}"}',
  ),
  'a literal input file': inputFile('just text', 'note.txt'),
  'outside data in a body, a query and a log':
    http('uri: https://x.test/', 'body: "{{ trigger.body | toJson }}"', 'params: { q: "{{ inputs.q }}" }') +
    `  - { id: b, type: ${LOG}, message: "{{ trigger.body.name }}" }\n`,
  'outside data behind a host': uri('https://x.test/v1/{{ inputs.id }}'),
  'outside data behind a host from settings':
    VARIABLES + uri('{{ renderOnce(vars.base) }}/{{ outputs.a.path }}'),
  'a host from settings and nothing else': uri('{{ envs.base }}'),
  'time-outs in options': task(
    HTTP,
    'uri: https://x.test/',
    'options: { timeout: { connectTimeout: PT1S, readIdleTimeout: PT1S } }',
  ),
  'a time-out by plugin defaults': `pluginDefaults:\n  - type: ${HTTP}\n    values: { timeout: PT9S }\n${task(HTTP, 'uri: https://x.test/')}`,
  'a task runner by plugin defaults': `pluginDefaults:\n  - type: io.kestra.plugin.scripts\n    values: { ${PROCESS} }\n${task(PYTHON, 'script: pass')}`,
  'a stored key with a retry': task(
    'io.kestra.plugin.core.kv.Set',
    'key: a',
    'value: b',
    'retry: { type: constant, interval: PT1S, maxAttempts: 3 }',
  ),
  'a webhook key of the server': webhook('{{ envs.webhook_key_signup }}'),
  'a trigger by executions of its own namespace': onFailure(
    'ExecutionNamespace, namespace: christmas, comparison: EQUALS',
  ),
  'a secret address of a download': task(
    'io.kestra.plugin.core.http.Download',
    'timeout: PT5S',
    `uri: "{{ secret('HOOK') }}"`,
  ),
  'a subflow that says all': subflow(SUBFLOW),
  'a written name to render': message("{{ render('x') }}"),
  'labels of its own': `labels:\n  team: funnel\n${DEFAULT_TASKS}`,
  'a file function on a written path': message("{{ read('lib/x.txt') }}"),
};

const BROKEN: Record<string, { text: string; rule: string; line: number; reason: RegExp }> = {
  'YAML that does not parse': { text: 'id: plan\ntasks: [\n', rule: 'yaml', line: 3, reason: /./ },
  'a key given twice': { text: flow('id: plan\n', DEFAULT_TASKS), rule: 'yaml', line: 3, reason: /unique/ },
  'a list': { text: '- a\n', rule: 'yaml', line: 1, reason: /a flow is a map/ },
  'an alias': {
    text: flow('labels: &a { b: c }\nvariables: *a\n', DEFAULT_TASKS),
    rule: 'yaml',
    line: 3,
    reason: /anchors/,
  },
  'a tag': {
    text: flow('labels: { b: !!str c }\n', DEFAULT_TASKS).replace('!!str', '!x'),
    rule: 'yaml',
    line: 3,
    reason: /tag/i,
  },
  'a merge key': {
    text: flow('labels:\n  <<: { b: c }\n', DEFAULT_TASKS),
    rule: 'yaml',
    line: 4,
    reason: /merge/,
  },
  'another id than the file': {
    text: flow(DEFAULT_TASKS).replace('plan', 'other'),
    rule: 'id',
    line: 1,
    reason: /"other".*says plan/,
  },
  'another namespace': {
    text: flow(DEFAULT_TASKS).replace('christmas', 'x'),
    rule: 'namespace',
    line: 2,
    reason: /"x"/,
  },
  'no namespace': { text: `id: plan\n${DEFAULT_TASKS}`, rule: 'namespace', line: 1, reason: /missing/ },
  'a commit label': {
    text: flow('labels:\n  a: b\n  commit: x\n', DEFAULT_TASKS),
    rule: 'labels',
    line: 5,
    reason: /belongs to deploying/,
  },
  'empty labels': { text: flow('labels: {}\n', DEFAULT_TASKS), rule: 'labels', line: 3, reason: /left out/ },
  'a type of another plugin': {
    text: flow(task('io.kestra.plugin.notion.page.Create')),
    rule: 'type',
    line: 5,
    reason: /stock Kestra may lack/,
  },
  'a templated task': {
    text: flow(task('io.kestra.plugin.core.templating.TemplatedTask', 'spec: x')),
    rule: 'type',
    line: 5,
    reason: /out of rendered text/,
  },
  'a task runner of another plugin': {
    text: flow(task(PYTHON, 'script: pass', 'taskRunner:', '  type: io.kestra.plugin.ee.aws.runner.Batch')),
    rule: 'type',
    line: 8,
    reason: /Batch/,
  },
  'a secret as a webhook key': {
    text: flow(webhook("{{ secret('KEY') }}")),
    rule: 'trigger-secret',
    line: 6,
    reason: /use envs/,
  },
  'a written webhook key': {
    text: flow(webhook('signup')),
    rule: 'webhook-key',
    line: 6,
    reason: /only guard/,
  },
  'a webhook key with a fall-back': {
    text: flow(webhook("{{ envs.key ?? 'signup' }}")),
    rule: 'webhook-key',
    line: 6,
    reason: /only guard/,
  },
  'a webhook key with text around': {
    text: flow(webhook('x{{ envs.key }}')),
    rule: 'webhook-key',
    line: 6,
    reason: /only guard/,
  },
  'a secret in a trigger condition': {
    text: flow(
      DEFAULT_TASKS,
      `triggers:\n  - id: s\n    type: io.kestra.plugin.core.trigger.Schedule\n    cron: "{{ secret('CRON') }}"\n`,
    ),
    rule: 'trigger-secret',
    line: 8,
    reason: /use envs/,
  },
  'a trigger by executions of namespaces below its own': {
    text: flow(onFailure('ExecutionNamespace, namespace: christmas, comparison: PREFIX')),
    rule: 'flow-trigger',
    line: 7,
    reason: /comparison: EQUALS/,
  },
  'a trigger by executions of a flow in any namespace': {
    text: flow(onFailure('ExecutionFlow, namespace: christmas, flowId: plan')),
    rule: 'flow-trigger',
    line: 7,
    reason: /every deployment/,
  },
  'a secret in the address of a request': {
    text: flow(http(`uri: "https://x.test/{{ secret('TOKEN') }}"`)),
    rule: 'secret-uri',
    line: 7,
    reason: /Download/,
  },
  'a secret in the query of a request': {
    text: flow(http('uri: https://x.test/', `params: { key: "{{ secret('TOKEN') }}" }`)),
    rule: 'secret-uri',
    line: 8,
    reason: /params/,
  },
  'outside data in a script': {
    text: flow(python('script: |', '  x = 1', '  y = "{{ trigger.body.name }}"')),
    rule: 'program',
    line: 9,
    reason: /inputFiles/,
  },
  'settings in a script': {
    text: flow(python('script: print("{{ envs.x }}")')),
    rule: 'program',
    line: 7,
    reason: /inputFiles/,
  },
  'a doubled brace in a script': {
    text: flow(python('script: |', '  print(f"{{x}}")')),
    rule: 'program',
    line: 8,
    reason: /inputFiles/,
  },
  'a block tag in a command': {
    text: flow(python('script: pass', 'beforeCommands: ["echo {% if x %}"]')),
    rule: 'program',
    line: 8,
    reason: /beforeCommands/,
  },
  'outside data in env': {
    text: flow(env('{{ trigger.body.name }}')),
    rule: 'env',
    line: 9,
    reason: /trigger\.body\.name is outside data/,
  },
  'outside data in env by plugin defaults': {
    text: flow(
      `pluginDefaults:\n  - type: io.kestra.plugin.scripts\n    values:\n      env: { A: "{{ inputs.a }}" }\n`,
      python('script: pass'),
    ),
    rule: 'env',
    line: 6,
    reason: /inputs\.a/,
  },
  'outside data in a header': {
    text: flow(header('x {{ inputs.lead.email }}')),
    rule: 'headers',
    line: 9,
    reason: /inputs\.lead\.email is outside data.*sha256/,
  },
  'outside data hashed in part': {
    text: flow(header('{{ inputs.a ~ (inputs.b | sha256) }}')),
    rule: 'headers',
    line: 9,
    reason: /inputs\.a/,
  },
  'outside data as a fall-back': {
    text: flow(header('{{ envs.a ?? outputs.a.body }}')),
    rule: 'headers',
    line: 9,
    reason: /outputs\.a\.body/,
  },
  'outside data through a filter': {
    text: flow(header('{{ envs.a | default(trigger.body) }}')),
    rule: 'headers',
    line: 9,
    reason: /trigger\.body/,
  },
  'a loop value in a header': {
    text: flow(header('{{ taskrun.value }}')),
    rule: 'headers',
    line: 9,
    reason: /taskrun\.value/,
  },
  'a label of a caller in a header': {
    text: flow(header('{{ labels.email }}')),
    rule: 'headers',
    line: 9,
    reason: /labels\.email/,
  },
  'a file in a header': {
    text: flow(header("{{ read('x') }}")),
    rule: 'headers',
    line: 9,
    reason: /read\(\)/,
  },
  'a local of outside data in a header': {
    text: flow(header('{% set x = inputs.a %}{{ x }}')),
    rule: 'headers',
    line: 9,
    reason: /inputs\.a/,
  },
  'a loop over outside data in a header': {
    text: flow(header('{% for x in inputs.a %}{{ x }}{% endfor %}')),
    rule: 'headers',
    line: 9,
    reason: /inputs\.a/,
  },
  'an unknown name in a header': {
    text: flow(header('{{ mystery }}')),
    rule: 'headers',
    line: 9,
    reason: /mystery/,
  },
  'a variable of outside data in a header': {
    text: flow(VARIABLES, header('{{ renderOnce(vars.over) }}')),
    rule: 'headers',
    line: 16,
    reason: /inputs\.lead\.email/,
  },
  'an unrendered variable of outside data in a header': {
    text: flow(VARIABLES, header('{{ vars.mail }}')),
    rule: 'headers',
    line: 16,
    reason: /inputs\.lead\.email/,
  },
  'any entry of a variable in a header': {
    text: flow(VARIABLES, header('{{ vars.nested[envs.which] }}')),
    rule: 'headers',
    line: 16,
    reason: /trigger\.body\.x/,
  },
  'an unknown variable in a header': {
    text: flow(VARIABLES, header('{{ vars.other }}')),
    rule: 'headers',
    line: 16,
    reason: /vars\.other/,
  },
  'outside data as a header name': {
    text: flow(http('uri: https://x.test/', 'headers:', '  "{{ inputs.a }}": b')),
    rule: 'headers',
    line: 9,
    reason: /inputs\.a/,
  },
  'outside data as a bearer token': {
    text: flow(http('uri: https://x.test/', 'options: { auth: { type: BEARER, token: "{{ inputs.t }}" } }')),
    rule: 'options',
    line: 8,
    reason: /inputs\.t/,
  },
  'a variable that the flow overwrites': {
    text: flow(
      VARIABLES,
      header('{{ renderOnce(vars.base) }}'),
      `  - id: set\n    type: io.kestra.plugin.core.execution.SetVariables\n    variables: { base: "{{ trigger.body.x }}" }\n`,
    ),
    rule: 'headers',
    line: 16,
    reason: /vars\.base/,
  },
  'a bare field as an input file': {
    text: flow(inputFile('{{ trigger.body.name }}')),
    rule: 'input-files',
    line: 9,
    reason: /input\.json: .*toJson/,
  },
  'a field beside JSON as an input file': {
    text: flow(inputFile('{"a": "{{ trigger.body.name }}"}')),
    rule: 'input-files',
    line: 9,
    reason: /toJson/,
  },
  'two expressions as an input file': {
    text: flow(inputFile('{{ inputs.a | toJson }}{{ inputs.b | toJson }}')),
    rule: 'input-files',
    line: 9,
    reason: /toJson/,
  },
  'JSON that goes through another filter': {
    text: flow(inputFile('{{ inputs.a | toJson | trim }}')),
    rule: 'input-files',
    line: 9,
    reason: /toJson/,
  },
  'rendered data in a program file': {
    text: flow(inputFile('{{ inputs.a | toJson }}', 'x.py')),
    rule: 'input-files',
    line: 9,
    reason: /\*\.json/,
  },
  'input files out of an expression': {
    text: flow(python('script: pass', 'inputFiles: "{{ outputs.files }}"')),
    rule: 'input-files',
    line: 8,
    reason: /a map/,
  },
  'rendering outside data': {
    text: flow(message('{{ render(trigger.body.name) }}')),
    rule: 'render',
    line: 6,
    reason: /renderOnce\(vars/,
  },
  'rendering a variable twice': {
    text: flow(VARIABLES, message('{{ render(vars.mail) }}')),
    rule: 'render',
    line: 13,
    reason: /renderOnce\(vars/,
  },
  'rendering outside data once': {
    text: flow(message("{{ 'a' ~ renderOnce(inputs.text) | upper }}")),
    rule: 'render',
    line: 6,
    reason: /inputs\.text is outside data/,
  },
  'rendering an overwritten variable': {
    text: flow(
      VARIABLES,
      message('{{ renderOnce(vars.mail) }}'),
      '  - { id: set, type: io.kestra.plugin.core.execution.SetVariables, variables: "{{ trigger.body }}" }\n',
    ),
    rule: 'render',
    line: 13,
    reason: /vars\.mail/,
  },
  'a secret by a name from outside': {
    text: flow(message('{{ secret(inputs.name) }}')),
    rule: 'secret',
    line: 6,
    reason: /written name/,
  },
  'a setting of the parent namespace': {
    text: flow(message("{{ kv('A') }}")),
    rule: 'kv',
    line: 6,
    reason: /parent namespace/,
  },
  'a setting of a written namespace': {
    text: flow(message("{{ kv('A', namespace='christmas') }}")),
    rule: 'kv',
    line: 6,
    reason: /parent namespace/,
  },
  'a call out of an expression': {
    text: flow(message("{{ http('https://x.test') }}")),
    rule: 'function',
    line: 6,
    reason: /calls a server/,
  },
  'a file of a stranger': {
    text: flow(message('{{ read(trigger.body.path) }}')),
    rule: 'function',
    line: 6,
    reason: /stranger/,
  },
  'an expression nobody can read': {
    text: flow(task(LOG, 'message: |', '  one', '  {{ a is not contains "b" }}')),
    rule: 'pebble',
    line: 8,
    reason: /there is contains/,
  },
  'outside data right behind the host': {
    text: flow(VARIABLES, uri('{{ renderOnce(vars.base) }}{{ outputs.a.path }}')),
    rule: 'uri',
    line: 14,
    reason: /outputs\.a\.path.*put a \//,
  },
  'outside data as the host': {
    text: flow(uri('https://{{ inputs.host }}/x')),
    rule: 'uri',
    line: 7,
    reason: /inputs\.host/,
  },
  'outside data as the address': {
    text: flow(uri('{{ trigger.body.url }}')),
    rule: 'uri',
    line: 7,
    reason: /trigger\.body\.url/,
  },
  'an HTTP task without time-out': {
    text: flow(task(HTTP, 'uri: https://x.test/')),
    rule: 'timeout',
    line: 5,
    reason: /timeout/,
  },
  'an HTTP task that waits for ever to connect': {
    text: flow(task(HTTP, 'uri: https://x.test/', 'options: { timeout: { readIdleTimeout: PT1S } }')),
    rule: 'timeout',
    line: 5,
    reason: /connectTimeout/,
  },
  'a stored key without retry': {
    text: flow(task('io.kestra.plugin.core.kv.Set', 'key: a', 'value: b')),
    rule: 'kv-set',
    line: 5,
    reason: /retry/,
  },
  'a Python task without task runner': {
    text: flow(task(PYTHON, 'script: pass')),
    rule: 'task-runner',
    line: 5,
    reason: /Docker/,
  },
  'a subflow without wait': {
    text: flow(subflow(SUBFLOW.replace('\nwait: false', ''))),
    rule: 'subflow',
    line: 5,
    reason: /wait/,
  },
  'a subflow in a written namespace': {
    text: flow(subflow(SUBFLOW.replace('"{{ flow.namespace }}"', 'christmas'))),
    rule: 'subflow',
    line: 6,
    reason: /flow\.namespace/,
  },
  'a subflow that is not here': {
    text: flow(subflow(SUBFLOW.replace('send-email', 'send-mail'))),
    rule: 'subflow',
    line: 7,
    reason: /"send-mail" is none of plan, send-email/,
  },
  'a fault deep inside': {
    text: flow(
      `tasks:\n  - id: if\n    type: io.kestra.plugin.core.flow.If\n    condition: "{{ true }}"\n    else:\n      - { id: h, type: ${HTTP}, uri: https://x.test/, timeout: PT1S, headers: { A: "{{ inputs.a }}" } }\n`,
    ),
    rule: 'headers',
    line: 8,
    reason: /inputs\.a/,
  },
};

describe('the local rules', () => {
  for (const [name, text] of Object.entries(SOUND)) {
    test(`accept ${name}`, () => {
      assert.deepEqual(check(flow(text)), []);
    });
  }

  for (const [name, { text, rule, line, reason }] of Object.entries(BROKEN)) {
    test(`refuse ${name}`, () => {
      const findings = check(text);
      const finding = findings.find((one) => one.rule === rule && one.line === line);

      assert.ok(finding, `no finding of ${rule} on line ${line}, only ${JSON.stringify(findings)}`);
      assert.match(finding.reason, reason);
      assert.equal(finding.file, 'flows/plan.yaml');
    });
  }

  test('a flow tells which flows it starts', () => {
    const nested = flow(
      `errors:\n  - id: x\n    type: io.kestra.plugin.core.flow.Subflow\n    flowId: plan\n`,
      subflow(SUBFLOW),
    );

    assert.deepEqual(subflowsOf(new FlowSource('flows/plan.yaml', nested)), ['plan', 'send-email']);
  });
});
