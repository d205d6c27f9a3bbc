import { type Document, isMap, isSeq, parseDocument, visit, type YAMLMap, type YAMLSeq } from 'yaml';

const CORE = 'io.kestra.plugin.core.';
const FOR_EACH = `${CORE}flow.ForEach`;
const LOOP = `${CORE}flow.Loop`;

/**
 * A flow's text in the words of Kestra 2.x, which refuses what it has removed: `pluginDefaults` go into the tasks they are
 * meant for, ForEach becomes Loop, BOOLEAN is BOOL, and a trigger's conditions become its `when`. What cannot be said there is an error.
 */
export function forKestra2(text: string): string {
  const flow = parseDocument(text);
  if (!isMap(flow.contents)) return text;
  spreadDefaults(flow);
  loops(flow);
  triggers(flow);
  booleans(flow);
  return flow.toString({ lineWidth: 0 });
}

const typeOf = (task: YAMLMap): unknown => task.get('type');

function spreadDefaults(flow: Document): void {
  const defaults = flow.get('pluginDefaults');
  if (!isSeq(defaults)) return;
  for (const entry of defaults.items) {
    if (!isMap(entry)) continue;
    const [type, values] = [entry.get('type'), entry.get('values')];
    if (!isMap(values)) continue;
    visit(flow, {
      Map(_, task) {
        if (task === entry || typeOf(task) !== type) return;
        for (const { key, value } of values.items) {
          if (!task.has(key)) task.set(key, flow.createNode(value));
        }
      },
    });
  }
  flow.delete('pluginDefaults');
}

/** An iteration of a Loop is an execution of its own: what is read outside, by the values, the loop hands out. */
function loops(flow: Document): void {
  const handedOut: Array<{ loop: YAMLMap; id: string }> = [];
  visit(flow, {
    Map(_, task) {
      const tasks = task.get('tasks');
      if (typeOf(task) !== FOR_EACH || !isSeq(tasks)) return;
      task.set('type', LOOP);
      inTexts(tasks, (text) => text.replaceAll('taskrun.value', 'item.value'));
      for (const one of tasks.items)
        if (isMap(one)) handedOut.push({ loop: task, id: String(one.get('id')) });
    },
  });
  for (const { loop, id } of handedOut) {
    const read = new RegExp(`\\boutputs\\.${id}\\b`);
    if (!read.test(String(flow))) continue;
    const byValue = `((outputs.${String(loop.get('id'))}.outputs ?? []) | jq('map({(.item.value): .outputs.${id}}) | add // {}') | first)`;
    inTexts(flow, (text) => text.replace(read, byValue));
    const outputs = [{ id, type: 'JSON', value: `{{ (outputs.${id} ?? {}) | toJson }}` }];
    loop.set('outputs', flow.createNode(outputs));
  }
}

function inTexts(within: Document | YAMLSeq, change: (text: string) => string): void {
  visit(within, {
    Scalar(_, node) {
      if (typeof node.value === 'string') node.value = change(node.value);
    },
  });
}

function triggers(flow: Document): void {
  const all = flow.get('triggers');
  if (!isSeq(all)) return;
  for (const trigger of all.items) {
    const conditions = isMap(trigger) && trigger.get('conditions');
    if (!isMap(trigger) || !isSeq(conditions)) continue;
    const parts = conditions.items.map((condition) => asExpression(condition as YAMLMap));
    trigger.delete('conditions');
    trigger.set('when', `{{ ${parts.map((part) => `(${part})`).join(' and ')} }}`);
  }
}

function booleans(flow: Document): void {
  for (const part of ['inputs', 'outputs']) {
    const all = flow.get(part);
    if (!isSeq(all)) continue;
    for (const one of all.items) if (isMap(one) && typeOf(one) === 'BOOLEAN') one.set('type', 'BOOL');
  }
}

function asExpression(condition: YAMLMap): string {
  const type = String(typeOf(condition));
  if (type === `${CORE}condition.ExecutionNamespace` && condition.get('comparison') === 'EQUALS') {
    return `flow.namespace == '${String(condition.get('namespace'))}'`;
  }
  const expression = String(condition.get('expression'));
  const inner = /^\{\{(.*)\}\}$/s.exec(expression.trim())?.[1];
  if (type === `${CORE}condition.Expression` && inner) return `((${inner.trim()}) ~ '') == 'true'`; // of a setting, which may be a boolean
  throw new Error(`No word of Kestra 2.x for the condition ${type}`);
}
