import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { kindsIn } from './shapes.ts';
import { CannotLookInto, type Piece, unpack } from './unpack.ts';

/** A value that must be published nowhere. */
export interface Secret {
  /** What a find is called: a variable's name, never the value. */
  name: string;
  value: string;
}

export interface Find {
  /** The file, and how what was found is packed in it. */
  where: string;
  what: string;
}

/** Shorter ones are found in every text. */
export const SHORTEST_SECRET = 8;
/** Base64 within gzip within base64 is a report; more than this is hiding. */
const DEEPEST = 8;

/**
 * Everything below `folders` that is a secret or looks like one: as it is, escaped, in base64 (also in the middle of more),
 * gzip or zip, and in any of these inside another. A folder that is not there has none.
 */
export function findSecrets(folders: readonly string[], secrets: readonly Secret[], skip = /^$/): Find[] {
  const needles = secrets
    .filter(({ value }) => value.length >= SHORTEST_SECRET)
    .map(({ name, value }) => ({ what: `the value of ${name}`, forms: formsOf(value) }));
  const kindsOf = (text: string): string[] => [
    ...needles.flatMap(({ what, forms }) => (forms.some((form) => text.includes(form)) ? [what] : [])),
    ...kindsIn(text),
  ];
  return folders
    .flatMap(filesIn)
    .filter((file) => !skip.test(file))
    .flatMap((file) => {
      const inName = kindsOf(file);
      if (inName.length > 0) return inName.map((what) => ({ where: 'the name of a file', what }));
      return findsIn(file, kindsOf);
    });
}

/** The same for the logs below a stack's folder, the engine's, the stand-ins' and the websites'. Its other files hold secrets by their purpose. */
export const findSecretsInLogs = (stackFolder: string, secrets: readonly Secret[]): Find[] =>
  findSecrets([stackFolder], secrets, /^(?!.*\.log$)/s);

function filesIn(folder: string): string[] {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return [];
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => statSync(file, { throwIfNoEntry: false })?.isFile()); // who publishes follows links
}

function findsIn(file: string, kindsOf: (text: string) => string[]): Find[] {
  const finds = new Map<string, Find>();
  const seen = new Set<string>();
  const note = (path: readonly string[], what: string): void => {
    // The least packed place is told, and each kind once a file.
    if (!finds.has(what))
      finds.set(what, { where: path.length > 0 ? `${file} (${path.join(', ')})` : file, what });
  };
  let layer: Array<{ path: string[]; text: string }> = [{ path: [], text: readFileSync(file, 'latin1') }];
  for (let depth = 0; layer.length > 0; depth += 1) {
    const deeper: typeof layer = [];
    for (const { path, text } of layer) {
      for (const what of kindsOf(text)) note(path, what);
      try {
        for (const piece of unpack(text)) {
          if (seen.has(piece.text)) continue;
          seen.add(piece.text);
          deeper.push({ path: [...path, ...nameOf(piece)], text: piece.text });
        }
      } catch (error) {
        if (!(error instanceof CannotLookInto)) throw error;
        note(path, error.message);
      }
    }
    if (depth === DEEPEST && deeper.length > 0) {
      note(deeper[0]?.path ?? [], 'something packed too often to look into');
      break;
    }
    layer = deeper;
  }
  return [...finds.values()];
}

const nameOf = ({ how }: Piece): string[] => (how === 'escaped' ? [] : [how]);

/** A value as latin1 text has it: as it is, by its bytes or by its characters, and what any base64 of any text around it must hold. */
function formsOf(value: string): string[] {
  const bytes = Buffer.from(value);
  const cores = [0, 1, 2].flatMap((before) => {
    const whole = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64url');
    // The first and last characters also hold bits of what stands before and behind.
    const core = whole.slice([0, 2, 3][before], Math.floor(((before + bytes.length) * 8) / 6));
    return [core, core.replaceAll('-', '+').replaceAll('_', '/')];
  });
  return [...new Set([bytes.toString('latin1'), value, ...cores])];
}
