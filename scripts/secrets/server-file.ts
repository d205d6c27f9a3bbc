import { parse } from 'dotenv';
import { CATALOGUE, serverName, type Variable, variableOf } from './catalogue.ts';
import { type Fault, faultOf, type Given, repeated } from './judge.ts';
import { decoded, SHAPES } from './shapes.ts';

const HEADER = "# Written by npm run secrets, for Kestra's server. Change .env.kestra and run it again.";

/** The lines that Kestra's server reads: secrets in base64, settings as they are. */
export function renderServerFile(given: readonly Given[]): string {
  const lines = given.map(
    ({ variable, value }) => `${serverName(variable)}=${asServerHasIt(variable, value)}`,
  );
  return `${[HEADER, ...lines].join('\n')}\n`;
}

const asServerHasIt = ({ place }: Variable, value: string): string =>
  place === 'SECRET' ? Buffer.from(value, 'utf8').toString('base64') : value;

/** The reverse check: what is wrong with a file that a server uses. Variables that are not the flows' are nobody's here. */
export function checkServerFile(text: string): { given: Given[]; faults: Fault[] } {
  const values = new Map(Object.entries(parse(text)));
  const read = CATALOGUE.map((variable) => readVariable(variable, values));
  const given = read.flatMap((one) => one.given ?? []);
  return {
    given,
    faults: [
      ...read.flatMap(({ fault }) => fault ?? []),
      ...repeated(given),
      ...[...values.keys()].flatMap((name) => misplaced(name, values) ?? []),
    ],
  };
}

function readVariable(
  variable: Variable,
  values: ReadonlyMap<string, string>,
): { given?: Given; fault?: Fault } {
  const name = serverName(variable);
  const raw = values.get(name);
  if (raw === undefined) {
    if (!variable.required) return {};
    if (whereInstead(variable, values)) return {};
    return { fault: { name, fault: 'missing', remedy: variable.source } };
  }
  if (raw.trim() === '')
    return variable.required ? { fault: { name, fault: 'empty', remedy: variable.source } } : {};
  const value = variable.place === 'ENV' ? raw : decoded(raw);
  if (value === undefined || (variable.place === 'SECRET' && isPlain(variable, raw))) {
    const fault = isPlain(variable, raw)
      ? 'plain text, and Kestra decodes it from base64'
      : `${raw.length} characters that are not base64 of a text`;
    return { fault: { name, fault, remedy: 'npm run secrets writes it in base64' } };
  }
  const given = { name, variable, value };
  const fault = faultOf(given);
  return fault ? { given, fault } : { given };
}

const isPlain = ({ kind }: Variable, raw: string): boolean => SHAPES[kind].fits(raw);

/** The name under which a required variable stands instead of its own. */
function whereInstead(variable: Variable, values: ReadonlyMap<string, string>): string | undefined {
  return [...values.keys()].find((name) => name !== serverName(variable) && meantBy(name) === variable);
}

/** A variable of the flows under a name by which no flow finds it. */
function misplaced(name: string, values: ReadonlyMap<string, string>): Fault | undefined {
  const variable = meantBy(name);
  if (!variable || name === serverName(variable)) return undefined;
  // A plain one beside the right one may be some other program's.
  if (values.has(serverName(variable)) && !/^(?:SECRET|ENV)_/.test(name)) return undefined;
  const why =
    variable.place === 'SECRET' && name.startsWith('ENV_')
      ? 'a secret that every execution can show'
      : 'a name by which no flow finds it';
  return { name, fault: why, remedy: `the flows read ${serverName(variable)}` };
}

/** The variable behind a name with a prefix of its own, another's, two, or none. */
function meantBy(name: string): Variable | undefined {
  return variableOf(name.replace(/^(?:(?:SECRET|ENV)_)+/, ''));
}
