import { parse } from 'dotenv';
import { CATALOGUE, serverName, variableOf } from './catalogue.ts';
import { type Fault, faultOf, type Given, repeated } from './judge.ts';
import { canonical } from './shapes.ts';

/** What a `.env` of plain values says, and all that is wrong with it. */
export interface Plain {
  given: Given[];
  faults: Fault[];
}

/** Docker's readers of env files take these apart, each in its own way. A secret is base64 and has none. */
const TAKEN_APART = /["'`$\\#\r\n]/;

/** Reads the file people write. Names every fault at once. */
export function readPlain(text: string): Plain {
  const values = new Map(Object.entries(parse(text)));
  const given = CATALOGUE.flatMap((variable): Given[] => {
    const name = [variable.name, variable.alias].find((one) => one !== undefined && filled(values.get(one)));
    const value = name === undefined ? undefined : values.get(name);
    return name === undefined || value === undefined ? [] : [{ name, variable, value }];
  });
  const known = new Set(given.map(({ variable }) => variable));
  const missing = CATALOGUE.filter((one) => one.required && !known.has(one)).map(
    ({ name, alias, source }) => ({
      name,
      fault: values.has(name) || (alias !== undefined && values.has(alias)) ? 'empty' : 'missing',
      remedy: source,
    }),
  );
  return {
    given,
    faults: [
      ...missing,
      ...given.flatMap((one) => faultOf(one) ?? takenApart(one) ?? []),
      ...repeated(given),
      ...twoNames(values),
      ...writtenTwice(text),
      ...[...values.keys()].flatMap((name) => unknown(name) ?? []),
    ],
  };
}

const filled = (value: string | undefined): boolean => value !== undefined && value.trim() !== '';

const takenApart = ({ name, variable, value }: Given): Fault | undefined =>
  variable.place === 'ENV' && TAKEN_APART.test(value)
    ? { name, fault: 'a quote, $, # or \\ in it, which Docker would take apart', remedy: 'write it without' }
    : undefined;

function twoNames(values: ReadonlyMap<string, string>): Fault[] {
  return CATALOGUE.flatMap(({ name, alias, kind }) => {
    const [newer, older] = [values.get(name), alias === undefined ? undefined : values.get(alias)];
    if (alias === undefined || !newer || !older) return [];
    return canonical(kind, newer) === canonical(kind, older)
      ? []
      : [{ name: alias, fault: `another value than ${name}, its newer name`, remedy: `keep ${name} alone` }];
  });
}

/** Of two lines with one name the last would count in silence. */
function writtenTwice(text: string): Fault[] {
  const names = [...text.matchAll(/^[ \t]*(?:export[ \t]+)?([A-Za-z_]\w*)[ \t]*=/gm)].flatMap(
    ([, name]) => name ?? [],
  );
  const twice = new Set(names.filter((name, at) => names.indexOf(name) !== at));
  return [...twice].map((name) => ({ name, fault: 'there twice', remedy: 'keep one of the lines' }));
}

function unknown(name: string): Fault | undefined {
  if (variableOf(name)) return undefined;
  const bare = /^(?:SECRET|ENV)_(.+)$/.exec(name)?.[1];
  const meant = bare === undefined ? undefined : variableOf(bare);
  return {
    name,
    fault: 'no flow reads it',
    remedy: meant
      ? `write ${meant.name}: this command makes ${serverName(meant)} of it`
      : 'look for its name in .env.kestra.example, or remove it',
  };
}
