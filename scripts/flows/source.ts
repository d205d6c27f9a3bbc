import { readdir, readFile } from 'node:fs/promises';
import { basename, extname, join, relative, sep } from 'node:path';
import {
  isCollection,
  isMap,
  isScalar,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type Scalar,
  type YAMLMap,
} from 'yaml';
import type { Finding } from './finding.ts';

/** The namespace that the sources name; deploying replaces it. */
export const SOURCE_NAMESPACE = 'christmas';

/** A flow's YAML with what is needed to point into it. */
export class FlowSource {
  /** As shown to people: relative to the working directory. */
  readonly file: string;
  /** The id that the file's name gives it. */
  readonly id: string;
  readonly text: string;
  readonly root: YAMLMap | undefined;
  readonly syntaxErrors: Finding[];
  readonly #lines = new LineCounter();

  constructor(file: string, text: string) {
    this.file = file;
    this.id = basename(file, extname(file));
    this.text = text;
    const document = parseDocument(text, { lineCounter: this.#lines, uniqueKeys: true });
    this.root = isMap(document.contents) ? document.contents : undefined;
    this.syntaxErrors = [...document.errors, ...document.warnings].map((error) =>
      this.finding(error.pos[0], 'yaml', (error.message.split('\n')[0] ?? '').replace(/ at line \d+.*$/, '')),
    );
  }

  lineAt(offset: number): number {
    return this.#lines.linePos(offset).line;
  }

  lineOf(node: Node): number {
    return this.lineAt(node.range?.[0] ?? 0);
  }

  /** The line on which `part` of this node's text stands, as far as it can be found as written. */
  lineWithin(node: Node, part: string): number {
    const [start = 0, end = start] = node.range ?? [];
    const firstLine = part.split('\n')[0] ?? '';
    const at = firstLine === '' ? -1 : this.text.slice(start, end).indexOf(firstLine);
    return this.lineAt(at < 0 ? start : start + at);
  }

  /** A finding at an offset or at a node; `part` is the text within the node that it is about. */
  finding(at: number | Node, rule: string, reason: string, part?: string): Finding {
    const line =
      typeof at === 'number'
        ? this.lineAt(at)
        : part === undefined
          ? this.lineOf(at)
          : this.lineWithin(at, part);
    return { file: this.file, line, rule, reason };
  }

  /** The line of a property path, or of the deepest part of it that exists. */
  lineOfPath(path: ReadonlyArray<string | number>): number {
    let node: unknown = this.root;
    let line = 1;
    for (const step of path) {
      if (!isCollection(node)) break;
      const key = isMap(node) ? pairOf(node, String(step))?.key : undefined;
      node = node.get(step, true);
      const place = key ?? node;
      if (!isNode(place)) break;
      line = this.lineOf(place);
    }
    return line;
  }
}

/** A file that goes beside the flows: `path` is the one in the namespace, such as /lib/plan.py. */
interface NamespaceFile {
  file: string;
  path: string;
  text: string;
}

export interface FlowFolder {
  flows: FlowSource[];
  files: NamespaceFile[];
}

/** The folders of namespace files that belong to us; deploying removes what is no longer in them, and touches no other. */
export const OWNED_FOLDERS = ['/lib', '/templates'] as const;

/** Reads the flows of a folder (`*.yaml`) and what goes beside them (`lib/*.py`, `templates/*`). */
export async function readFlowFolder(folder: string): Promise<FlowFolder> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => /\.ya?ml$/.test(name)).toSorted();
  if (names.length === 0)
    throw new Error(`No flow (*.yaml) in ${shown(folder)}: name the folder of the flows.`);
  const [flows, ...files] = await Promise.all([
    Promise.all(names.map(async (name) => readFlow(join(folder, name)))),
    ...OWNED_FOLDERS.map(async (path) => readNamespaceFiles(folder, path)),
  ]);
  return { flows, files: files.flat() };
}

async function readFlow(path: string): Promise<FlowSource> {
  return new FlowSource(shown(path), await readFile(path, 'utf8'));
}

async function readNamespaceFiles(folder: string, path: string): Promise<NamespaceFile[]> {
  const base = join(folder, path);
  const entries = await readdir(base, { withFileTypes: true, recursive: true }).catch(() => []);
  const wanted = entries
    .filter((entry) => entry.isFile() && !/\.pyc$|^\./.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
  return Promise.all(
    wanted.map(async (file) => ({
      file: shown(file),
      path: `/${relative(folder, file).split(sep).join('/')}`,
      text: await readFile(file, 'utf8'),
    })),
  );
}

function shown(path: string): string {
  return relative(process.cwd(), path) || path;
}

export function isNode(value: unknown): value is Node {
  return isScalar(value) || isCollection(value);
}

/** The pair of a map with this key, with the key's own node. */
export function pairOf(map: YAMLMap, key: string): Pair<Scalar, unknown> | undefined {
  return map.items.find(
    (pair): pair is Pair<Scalar, unknown> => isScalar(pair.key) && String(pair.key.value) === key,
  );
}
