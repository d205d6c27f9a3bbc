import { isMap, isScalar, isSeq, type YAMLMap } from 'yaml';
import type { Finding } from './finding.ts';
import { type FlowSource, pairOf } from './source.ts';

type Path = Array<string | number>;

/**
 * What Kestra's validation says about a flow, each with a line. Kestra 1.3 names a line only for broken YAML (otherwise
 * "-1"), but it names a type, a field, a task's id or a path, and those are looked up in the source.
 */
export function findingsOf(constraints: string, flow: FlowSource): Finding[] {
  const text = constraints.replace(/^Validation error:\s*/, '').trim();
  const wholeMessage = /^Illegal \w+ source:|^Invalid type:|^Unrecognized field/.test(text);
  const messages = wholeMessage ? [text] : text.split('\n').flatMap((line) => line.trim() || []);
  return messages.map((message) => ({
    file: flow.file,
    line: lineOf(message, flow),
    rule: 'kestra',
    reason: reasonOf(message),
  }));
}

function reasonOf(message: string): string {
  return message
    .replace(/^Illegal \w+ source: (?:YAML parsing error: )?/, '')
    .replace(/\s+at \[Source[\s\S]*$/, '')
    .replace(/, not marked as ignorable \(\d+ known properties: /, '; known are (')
    .replaceAll(/\s*\n\s*/g, ' ');
}

function lineOf(message: string, flow: FlowSource): number {
  const written = /\(at line (\d+)\)|line: (\d+), column/.exec(message);
  if (written) return Number(written[1] ?? written[2]);
  const chain = /through reference chain: (.*)\)/.exec(message)?.[1];
  if (chain) return flow.lineOfPath(stepsOfChain(chain));
  const field = /^Unrecognized field "([^"]+)" \(class ([\w.$]+)\)/.exec(message);
  if (field) return lineOfField(flow, field[1] ?? '', field[2] ?? '');
  const type = /^Invalid type: (.+)$/m.exec(message)?.[1];
  if (type) return lineOfValues(flow, 'type', type).at(0) ?? 1;
  const duplicate = /Duplicate \w+ id with name \[([^\],]+)/.exec(message)?.[1];
  if (duplicate) return lineOfValues(flow, 'id', duplicate).at(-1) ?? 1;
  const path = /^(\S.*?): /.exec(message)?.[1];
  return path ? lineOfProperty(flow, path) : 1;
}

/** `…FlowWithSource["tasks"]->java.util.ArrayList[0]->…Log["retry"]` */
function stepsOfChain(chain: string): Path {
  return [...chain.matchAll(/\["([^"]*)"\]|\[(\d+)\]/g)].map(([, name, index]) => name ?? Number(index));
}

/** The field in a map of the named class, else the first field of that name. */
function lineOfField(flow: FlowSource, field: string, type: string): number {
  const holders = mapsIn(flow.root).filter((map) => map.has(field));
  const holder = holders.find((map) => map.get('type') === type) ?? holders[0];
  const key = holder && pairOf(holder, field)?.key;
  return key ? flow.lineOf(key) : 1;
}

function lineOfValues(flow: FlowSource, key: string, value: string): number[] {
  return mapsIn(flow.root).flatMap((map) => {
    const node = map.get(key, true);
    return isScalar(node) && String(node.value) === value ? [flow.lineOf(node)] : [];
  });
}

/** A bean's path as Kestra writes it: `tasks[0].uri`, or `<task id>.uri`, nested tasks by their ids. */
function lineOfProperty(flow: FlowSource, path: string): number {
  const steps = [...path.matchAll(/\[(\d+)\]|[^.[\]]+/g)].map(([text, index]) =>
    index === undefined ? text : Number(index),
  );
  const [first] = steps;
  if (typeof first === 'string' && flow.root?.has(first)) return flow.lineOfPath(steps);
  const property = steps.at(-1);
  const holder = steps
    .slice(0, -1)
    .toReversed()
    .map((id) => mapsIn(flow.root).find((map) => map.get('id') === id))
    .find((map) => map !== undefined);
  if (!holder) return 1;
  return flow.lineOf(pairOf(holder, String(property))?.key ?? holder);
}

function mapsIn(node: unknown): YAMLMap[] {
  if (isMap(node)) return [node, ...node.items.flatMap(({ value }) => mapsIn(value))];
  return isSeq(node) ? node.items.flatMap((item) => mapsIn(item)) : [];
}
