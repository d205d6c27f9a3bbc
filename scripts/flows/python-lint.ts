import { z } from 'zod';
import type { Finding } from './finding.ts';
import { scriptsOf } from './flow-model.ts';
import { pythonCommand, runPython } from './python.ts';
import type { FlowFolder } from './source.ts';

/** Python is logic only, so this lists what logic needs; the network and other programs are what it leaves out. */
const ALLOWED_MODULES = new Set([
  '__future__',
  'base64',
  'collections',
  'dataclasses',
  'datetime',
  'decimal',
  'enum',
  'functools',
  'hashlib',
  'html',
  'html.parser',
  'itertools',
  'json',
  'math',
  'os',
  'os.path',
  'pathlib',
  're',
  'string',
  'sys',
  'textwrap',
  'typing',
  'unicodedata',
  'zoneinfo',
]);
/** `os` can also start programs: these are the parts that cannot. */
const ALLOWED_OF_OS = new Set(['path', 'environ', 'sep', 'linesep', 'fspath', 'getcwd', 'listdir']);
/** Built-in ways around an import statement. */
const REFUSED_NAMES = new Set([
  '__import__',
  '__builtins__',
  '__loader__',
  'eval',
  'exec',
  'compile',
  'sys.modules',
]);

const LOGIC_ONLY = 'Python is logic only, calls are made by HTTP tasks';

const Read = z.union([
  z.object({ error: z.object({ line: z.number(), message: z.string() }) }),
  z.object({
    imports: z.array(z.object({ module: z.string(), name: z.string().nullable(), line: z.number() })),
    names: z.array(z.object({ name: z.string(), line: z.number() })),
  }),
]);
type Read = z.infer<typeof Read>;

/** A stretch of Python and where it stands: `firstLine` is its place in the file. */
interface Stretch {
  file: string;
  firstLine: number;
  source: string;
}

/** What in `lib/*.py` and in the flows' own scripts does not compile or is more than logic. */
export async function checkPython(
  { flows, files }: FlowFolder,
  python = pythonCommand(),
): Promise<Finding[]> {
  const stretches: Stretch[] = [
    ...files
      .filter(({ path }) => path.endsWith('.py'))
      .map(({ file, text: source }) => ({ file, firstLine: 1, source })),
    ...flows
      .filter(({ syntaxErrors }) => syntaxErrors.length === 0)
      .flatMap((flow) =>
        scriptsOf(flow).map(({ text: source, firstLine }) => ({ file: flow.file, firstLine, source })),
      ),
  ];
  const own = ownModules(files);
  const readings = await readPython(stretches, python);
  return stretches.flatMap(({ file, firstLine }, index) => {
    const read = readings[index];
    return read
      ? problemsOf(read, own).map(({ line, ...rest }) => ({ file, line: firstLine + line - 1, ...rest }))
      : [];
  });
}

/** The names below `lib` that can be imported. */
function ownModules(files: FlowFolder['files']): Set<string> {
  return new Set(files.flatMap(({ path }) => /^\/lib\/(\w+)(?:\.py$|\/)/.exec(path)?.[1] ?? []));
}

function problemsOf(read: Read, own: ReadonlySet<string>): Array<Omit<Finding, 'file'>> {
  if ('error' in read) {
    return [
      { line: read.error.line, rule: 'python', reason: `Python cannot compile it: ${read.error.message}` },
    ];
  }
  const imports = read.imports.flatMap(({ module, name, line }) => {
    const problem = problemOfImport(module, name, own);
    if (!problem) return [];
    const what = name === null ? module : `${name} from ${module}`;
    return [{ line, rule: 'python-import', reason: `imports ${what}: ${problem}` }];
  });
  const names = read.names
    .filter(({ name }) => REFUSED_NAMES.has(name) || isRefusedOfOs(name))
    .map(({ name, line }) => ({ line, rule: 'python-import', reason: `uses ${name}: ${LOGIC_ONLY}` }));
  return [...imports, ...names];
}

function problemOfImport(module: string, name: string | null, own: ReadonlySet<string>): string | undefined {
  const [, prefix, submodule] = /^(\.+|lib(?=\.|$)\.?)(\w*)/.exec(module) ?? [];
  if (prefix !== undefined) {
    const wanted = submodule || name;
    const known = wanted === null || wanted === undefined || own.has(wanted) || own.has('__init__');
    return known ? undefined : 'lib/ has no such module';
  }
  const allowed = module === 'os' && name !== null ? ALLOWED_OF_OS.has(name) : ALLOWED_MODULES.has(module);
  return allowed ? undefined : LOGIC_ONLY;
}

function isRefusedOfOs(dotted: string): boolean {
  const [root, member] = dotted.split('.');
  return root === 'os' && member !== undefined && !ALLOWED_OF_OS.has(member);
}

async function readPython(stretches: readonly Stretch[], python: string): Promise<Read[]> {
  if (stretches.length === 0) return [];
  const sources = Object.fromEntries(stretches.map(({ source }, index) => [index, source]));
  const answer = await runPython('python_source.py', sources, { python, why: 'to check the Python files' });
  const byIndex = z.record(z.string(), Read).parse(answer);
  return stretches.map((_, index) => Read.parse(byIndex[index]));
}
