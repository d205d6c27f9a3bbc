import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parse, parseDocument } from 'yaml';
import { z } from 'zod';
import { root } from '../../stack/paths.ts';
import type { FlowFolder } from '../flows/source.ts';
import { flowMutations } from './flow-mutations.ts';
import type { Mutant } from './mutant.ts';
import { pythonMutations } from './python-mutations.ts';

/** One change at one place of a file. */
export interface Mutation {
  /** What was changed: a number, a comparison, a condition, a truth value, a property name, a task left out. */
  operator: string;
  from: number;
  find: string;
  replace: string;
}

/**
 * One mutant for every number, comparison, condition, truth value, property name and task of the flows and their Python
 * modules, in an order that mixes files, so that a run that is cut short has seen some of each. An id stays the same as
 * long as its task and line do. `specsOf` names the spec files that speak of a file, such as `lib/mail.py`; `place` is the task it
 * is in, with the line.
 */
export function generatedMutants(
  folder: FlowFolder,
  specsOf: (file: string, place: string) => string[],
): Mutant[] {
  const sources = [
    ...folder.flows.map((flow) => ({
      file: basename(flow.file),
      text: flow.text,
      mutations: flowMutations(flow).filter((mutation) => isYaml(changed(flow.text, mutation))),
    })),
    ...folder.files
      .filter(({ path }) => path.endsWith('.py'))
      .map(({ path, text }) => ({
        file: path.slice(1),
        text,
        mutations: pythonMutations(text, path === '/lib/names.py'),
      })),
  ];
  const mutants = sources.flatMap(({ file, text, mutations }) => {
    const seen = new Map<string, number>();
    return mutations.map((mutation): Mutant => {
      const { operator, from, find, replace } = mutation;
      const start = text.lastIndexOf('\n', from - 1) + 1;
      const lines = text.slice(start, text.indexOf('\n', from + find.length)).trim();
      const task = taskAt(text, from);
      const what = `${task && `${task} `}${lines} ${find} ${replace}`;
      const before = seen.get(what) ?? 0;
      seen.set(what, before + 1);
      const id = [
        file.replace(/^lib\//, '').replace(/\.\w+$/, ''),
        operator,
        createHash('sha256').update(`${what} ${before}`).digest('hex').slice(0, 8),
      ].join('-');
      return {
        id,
        kind: `generated ${operator}`,
        harm: `${file}:${text.slice(0, from).split('\n').length} ${told(find, replace)} in: ${short(lines)}`,
        edits: [{ file, find, replace, from }],
        specs: specsOf(file, `${task} ${lines}`),
      };
    });
  });
  return mutants.toSorted((a, b) => orderOf(a.id).localeCompare(orderOf(b.id)));
}

/** The task that a place of a flow is in, or begins. */
const taskAt = (text: string, from: number): string =>
  /^\s*- id: (\w+)/.exec(text.slice(from))?.[1] ??
  [...text.slice(0, from).matchAll(/^ *- id: (\w+)/gm)].at(-1)?.[1] ??
  '';

const orderOf = (id: string): string => id.slice(-8);
const changed = (text: string, { from, find, replace }: Mutation): string =>
  text.slice(0, from) + replace + text.slice(from + find.length);
const isYaml = (text: string): boolean => parseDocument(text).errors.length === 0;
const short = (text: string): string => text.replaceAll(/\s+/g, ' ').slice(0, 140);
const told = (find: string, replace: string): string =>
  replace === '' ? `without \`${short(find)}\`` : `\`${short(find)}\` becomes \`${short(replace)}\``;

const readBeside = async (name: string): Promise<unknown> =>
  parse(await readFile(join(root, 'scripts/mutants', name), 'utf8'));

const Specs = z.array(z.string()).min(1);
const First = z.array(z.strictObject({ file: z.string(), place: z.string(), specs: Specs }));

/**
 * The spec files that speak of a file of the flows, those that notice most first: by specs-first.yaml those about the
 * task or line, then the file's by specs-of.yaml.
 */
export async function readSpecsOf(): Promise<(file: string, place: string) => string[]> {
  const files = z.record(z.string(), Specs).parse(await readBeside('specs-of.yaml'));
  const first = First.parse(await readBeside('specs-first.yaml'));
  return (file, place) => [
    ...new Set([
      ...first
        .filter((one) => one.file === file && new RegExp(one.place).test(place))
        .flatMap(({ specs }) => specs),
      ...(files[file] ?? []),
    ]),
  ];
}

const Justified = z.array(
  z.strictObject({ id: z.string(), change: z.string().min(5), why: z.string().min(20) }),
);

/** Generated mutants that no test can or should notice: id → why. */
export const readJustified = async (): Promise<Map<string, string>> =>
  new Map(Justified.parse(await readBeside('justified.yaml')).map(({ id, why }) => [id, why]));
