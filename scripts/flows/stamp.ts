import { isMap, isScalar, type Scalar, visit, type YAMLMap } from 'yaml';
import { FlowSource, isNode, pairOf, SOURCE_NAMESPACE } from './source.ts';

/** The label that deploying stamps on each flow, and Kestra with it on each of the flow's executions. */
export const COMMIT_LABEL = 'commit';

interface Edit {
  start: number;
  end: number;
  text: string;
}

/**
 * A flow's text for one deployment: its namespace replaced, in what its triggers wait for too, and the commit stamped on
 * as a label; every other character, comments included, stays. The flow must have passed the local rules.
 */
export function forDeployment(flow: FlowSource, to: { namespace: string; commit: string }): string {
  const namespace = flow.root && pairOf(flow.root, 'namespace')?.value;
  if (!flow.root || !isScalar(namespace)) throw new Error(`${flow.file} has no namespace to replace.`);
  const labels = pairOf(flow.root, 'labels')?.value;
  const stamp = `${COMMIT_LABEL}: ${JSON.stringify(to.commit)}`;
  return apply(flow.text, [
    { ...placeOf(namespace), text: to.namespace },
    ...inTriggers(flow.root, SOURCE_NAMESPACE, to.namespace),
    isMap(labels) ? asFirstLabel(flow, labels, stamp) : asLastLines(flow.text, `labels:\n  ${stamp}\n`),
  ]);
}

/** The reverse of `forDeployment`, for comparing with the repository. What is no readable flow comes back as it is. */
export function forRepository(deployed: string): string {
  const flow = new FlowSource('deployed', deployed);
  const namespace = flow.root && pairOf(flow.root, 'namespace')?.value;
  if (flow.syntaxErrors.length > 0 || !flow.root || !isScalar(namespace)) return deployed;
  return apply(deployed, [
    { ...placeOf(namespace), text: SOURCE_NAMESPACE },
    ...inTriggers(flow.root, String(namespace.value), SOURCE_NAMESPACE),
    ...withoutStamp(deployed, flow.root),
  ]);
}

/** A Flow trigger's conditions name the namespace they wait for: Kestra renders them for the flow that ended. */
function inTriggers(root: YAMLMap, from: string, to: string): Edit[] {
  const edits: Edit[] = [];
  const triggers = pairOf(root, 'triggers')?.value;
  if (!isNode(triggers)) return edits;
  visit(triggers, {
    Pair(_, { key, value }) {
      if (isScalar(key) && key.value === 'namespace' && isScalar(value) && value.value === from) {
        edits.push({ ...placeOf(value), text: to });
      }
    },
  });
  return edits;
}

function asFirstLabel(flow: FlowSource, labels: YAMLMap, stamp: string): Edit {
  const first = labels.items[0]?.key;
  if (!isNode(first)) throw new Error(`${flow.file} has empty labels: remove them or fill them.`);
  const { start } = placeOf(first);
  const column = start - (flow.text.lastIndexOf('\n', start - 1) + 1);
  return { start, end: start, text: labels.flow ? `${stamp}, ` : `${stamp}\n${' '.repeat(column)}` };
}

function asLastLines(text: string, lines: string): Edit {
  return { start: text.length, end: text.length, text: text.endsWith('\n') ? lines : `\n${lines}` };
}

function withoutStamp(text: string, root: YAMLMap): Edit[] {
  const labels = pairOf(root, 'labels');
  if (!labels || !isMap(labels.value)) return [];
  const { items } = labels.value;
  const index = items.findIndex(({ key }) => isScalar(key) && key.value === COMMIT_LABEL);
  const stamp = items[index];
  if (!stamp || !isNode(stamp.key) || !isNode(stamp.value)) return [];
  const next = items[index + 1]?.key;
  const { start } = placeOf(items.length === 1 ? labels.key : stamp.key);
  if (isNode(next)) return [{ start, end: placeOf(next).start, text: '' }];
  const lineEnd = text.indexOf('\n', placeOf(stamp.value).end);
  // Last of several labels, which deploying never does: its whole line goes, indentation included.
  const from = items.length === 1 ? start : text.lastIndexOf('\n', start) + 1;
  return [{ start: from, end: lineEnd < 0 ? text.length : lineEnd + 1, text: '' }];
}

function placeOf(node: Scalar | YAMLMap | { range?: [number, number, number] | null }): Omit<Edit, 'text'> {
  const [start, end] = node.range ?? [0, 0];
  return { start, end };
}

function apply(text: string, edits: Edit[]): string {
  return edits
    .toSorted((a, b) => b.start - a.start)
    .reduce(
      (result, { start, end, text: inserted }) => result.slice(0, start) + inserted + result.slice(end),
      text,
    );
}
