import { readFileSync } from 'node:fs';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { quoted } from './errors.ts';

/** The types of `@notionhq/client` that describe what goes in and out of the routes this stand-in knows. */
export const ROOTS = [
  'CreatePageBodyParameters',
  'UpdatePageBodyParameters',
  'QueryDataSourceBodyParameters',
  'GetSelfResponse',
  'DatabaseObjectResponse',
  'DataSourceObjectResponse',
  'QueryDataSourceResponse',
  'PageObjectResponse',
  'ListBlockChildrenResponse',
] as const;
export type Root = (typeof ROOTS)[number];

interface Schemas {
  client: string;
  definitions: Record<string, object>;
}

/** What `scripts/notion-schemas.ts` wrote: the definitions, and the client's version they came from. */
export const readSchemas = (): Schemas =>
  JSON.parse(readFileSync(new URL('./schemas.json', import.meta.url), 'utf8')) as Schemas;

// Compiling costs 50 to 200 ms a type, so each is compiled when first asked for, once per process.
const compiled = new Map<Root, ValidateFunction>();
let ajv: Ajv | undefined;

function validator(root: Root): ValidateFunction {
  const known = compiled.get(root);
  if (known) return known;
  ajv ??= new Ajv({
    strict: false,
    validateSchema: false,
    meta: false,
    verbose: true,
    // Each worker with a Notion of its own compiles anew; shorter code, left as it comes, takes a third of the time.
    inlineRefs: false,
    code: { optimize: false },
  }).addSchema({ $id: 'notion', definitions: readSchemas().definitions });
  const fresh = ajv.compile({ $ref: `notion#/definitions/${root}` });
  compiled.set(root, fresh);
  return fresh;
}

/** What is wrong with `value` by the client's type `root`, in Notion's words; empty when nothing is. */
export function faultsOf(root: Root, value: unknown, where = 'body'): string[] {
  const validate = validator(root);
  return validate(value) ? [] : explain(validate.errors ?? [], where);
}

/** Compiles what requests are checked by, one type a turn of the event loop, so that no first call pays for it. */
export function warmUp(): void {
  const [next] = ROOTS.filter((root) => root.endsWith('BodyParameters') && !compiled.has(root));
  if (next === undefined) return;
  setImmediate(() => {
    validator(next);
    warmUp();
  });
}

interface Fault {
  depth: number;
  missing: boolean;
  text: string;
}

/**
 * Of a union every branch reports its own error. The branch meant is the one that got furthest, so the deepest
 * errors are told, and of those a wrong value before a missing one.
 */
function explain(errors: readonly ErrorObject[], where: string): string[] {
  const faults = errors.flatMap((error) => faultOf(error, where) ?? []);
  const furthest = Math.max(...faults.map(({ depth }) => depth));
  const deepest = faults.filter(({ depth }) => depth === furthest);
  const wrong = deepest.filter(({ missing }) => !missing);
  return [...new Set((wrong.length > 0 ? wrong : deepest).map(({ text }) => text))];
}

function faultOf(error: ErrorObject, where: string): Fault | undefined {
  const steps = error.instancePath.split('/').slice(1).map(unescaped);
  const fault = (more: string[], rule: string, value: unknown, missing = false): Fault => {
    const path = [...steps, ...more];
    const text = `${where}${path.map(step).join('')} should be ${rule}, instead was ${quoted(value)}.`;
    return { depth: path.length, missing, text };
  };

  switch (error.keyword) {
    case 'required':
      return fault([String(error.params['missingProperty'])], 'defined', undefined, true);
    case 'additionalProperties': {
      const name = String(error.params['additionalProperty']);
      return fault([name], 'not present', (error.data as Record<string, unknown>)[name]);
    }
    case 'not':
      return fault([], 'not present', error.data);
    case 'type':
      return fault([], [error.params['type']].flat().map(article).join(' or '), error.data);
    case 'const':
      return fault([], quoted(error.params['allowedValue']), error.data);
    case 'enum':
      return fault([], (error.params['allowedValues'] as unknown[]).map(quoted).join(', or '), error.data);
    default:
      // `anyOf` only says that all its branches failed; each has told its own reason.
      return undefined;
  }
}

const unescaped = (part: string) => part.replaceAll('~1', '/').replaceAll('~0', '~');
const step = (name: string) => (/^\d+$/.test(name) ? `[${name}]` : `.${name}`);

function article(type: unknown): string {
  const name = String(type);
  if (name === 'null') return '`null`';
  return /^[aeiou]/.test(name) ? `an ${name}` : `a ${name}`;
}
