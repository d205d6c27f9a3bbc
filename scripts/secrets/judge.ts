import { UNIQUE, type Variable } from './catalogue.ts';
import { canonical, credentialIn, decoded, type Kind, recognise, SHAPES } from './shapes.ts';
import { guessable } from './webhook-keys.ts';

/** What is wrong with one variable and what to do. Holds names and shapes, never a value. */
export interface Fault {
  name: string;
  fault: string;
  remedy: string;
}

/** A variable with its value, under the name by which its file has it. */
export interface Given {
  name: string;
  variable: Variable;
  value: string;
}

/** What is wrong with a value by itself; undefined when nothing. */
export function faultOf({ name, variable, value }: Given): Fault | undefined {
  const { kind, source } = variable;
  const { what, fits } = SHAPES[kind];
  const told = (fault: string, remedy = source): Fault => ({ name, fault, remedy });

  if (value.trim() === '') return told('empty');
  if (kind === 'off' && !fits(value)) {
    return told('TESTING_MODE is on: leads would get mails meant for days within minutes');
  }
  if (value !== value.trim()) {
    return told(
      'a space or line end before or after the value',
      'write the value alone; in a shell, printf %s and not echo',
    );
  }
  if (isPlaceholder(value)) return told(`a placeholder, not ${what}`);
  const credential = credentialIn(value);
  if (credential !== undefined && credential !== kind) return swapped(name, kind, credential);
  const inner = decoded(value)?.trim();
  if (inner !== undefined && (fits(inner) || recognise(inner) !== undefined)) {
    return told('encoded in base64 once too often', 'give the value as it is: this command encodes it');
  }
  if (fits(value)) return kind === 'webhook-key' ? guessableKey(name, value, source) : undefined;
  const other = recognise(value);
  return other ? swapped(name, kind, other) : told(`${value.length} characters that are not ${what}`);
}

/** Each value that stands in two places, told at the later one. */
export function repeated(all: readonly Given[]): Fault[] {
  const first = new Map<string, string>();
  return all.flatMap(({ name, variable: { kind, source }, value }) => {
    if (!UNIQUE.has(kind) || value.trim() === '') return [];
    const key = canonical(kind, value);
    const earlier = first.get(key);
    first.set(key, earlier ?? name);
    return earlier === undefined ? [] : [{ name, fault: `the same value as ${earlier}`, remedy: source }];
  });
}

const swapped = (name: string, wanted: Kind, found: Kind): Fault => ({
  name,
  fault: `this is ${SHAPES[found].what}, and ${SHAPES[wanted].what} belongs here`,
  remedy: 'two values were swapped: put each where it belongs',
});

function guessableKey(name: string, value: string, remedy: string): Fault | undefined {
  const why = guessable(value);
  return why === undefined ? undefined : { name, fault: `a key that can be guessed: ${why}`, remedy };
}

/** `ntn_xxxxxxxxxxxxxxxx`, `<token>`, `your-key-here`. */
function isPlaceholder(value: string): boolean {
  if (/^(?:<.*>|\[.*\]|\{.*\}|\.{3,}|…|change-?me.*|todo|tbd|your[-_ ].*)$/i.test(value)) return true;
  const tail = /^(?:ntn|secret|re)_(.+)$/.exec(value)?.[1];
  return tail !== undefined && new Set(tail.toLowerCase()).size < 6;
}
